"""The detector: what stands out from the hour of the week is told once, and nothing else is."""

import json
import random

import pytest

from listening.spikes import ShareDetector, VolumeDetector
from tests.spikes.made import HOUR, WEEK, alerts, burst, counts, judged, rhythm, share_alerts

MONTHS = 10 * WEEK


@pytest.mark.parametrize("level", [1.0, 5.0, 40.0, 600.0])
@pytest.mark.parametrize("seed", range(3))
def test_it_finds_a_burst_within_two_hours_whatever_the_size_of_the_brand(level: float, seed: int) -> None:
    start = 7 * WEEK + 37
    times = 8.0 if level < 5 else 4.0
    found = alerts(counts(MONTHS, level, burst(start, 8, times), seed))
    assert any(start <= hour <= start + 3 for hour in found), found


@pytest.mark.parametrize("level", [0.3, 1.0, 5.0, 40.0, 600.0])
def test_it_calls_less_than_once_in_three_weeks_where_nothing_happens(level: float) -> None:
    calls = sum(len(alerts(counts(MONTHS, level, seed=seed))) for seed in range(4))
    assert calls <= 4 * 10 / 3


def test_it_takes_no_busy_monday_morning_for_a_spike() -> None:
    steady: list[float | None] = [round(30 * rhythm(hour)) for hour in range(MONTHS)]
    assert alerts(steady) == []


def test_it_finds_at_night_what_would_be_usual_by_day() -> None:
    night = 8 * WEEK + 24 + 1
    values = counts(MONTHS, 40)
    for hour in range(night, night + 5):
        values[hour] = 40 * rhythm(12)
    assert [hour for hour in alerts(values) if night <= hour < night + 5]


def test_it_tells_a_long_run_once_and_the_next_one_again() -> None:
    first, second = 6 * WEEK + 30, 8 * WEEK + 30
    found = alerts(counts(MONTHS, 30, burst(first, 20, 5) | burst(second, 6, 8)))
    assert [sum(start <= hour < start + 30 for hour in found) for start in (first, second)] == [1, 1]


def test_a_running_spike_hardly_moves_what_it_is_compared_with() -> None:
    start = 6 * WEEK + 33
    calm, loud = judged(counts(MONTHS, 30)), judged(counts(MONTHS, 30, burst(start, 24, 10)))
    before, after = calm[start + 24 + WEEK].usual, loud[start + 24 + WEEK].usual
    assert before is not None
    assert after is not None
    assert after < 1.35 * before


def test_it_takes_a_gap_for_missing_and_not_for_silence() -> None:
    values = counts(MONTHS, 30)
    values[6 * WEEK : 7 * WEEK] = [None] * WEEK
    resumed = 7 * WEEK + 12
    assert not [hour for hour in alerts(values) if resumed - 12 <= hour < resumed + 12]
    silent = [0.0 if value is None else value for value in values]
    known, missing, zero = (judged(series)[resumed].usual or 0 for series in (counts(MONTHS, 30), values, silent))
    assert 0.9 < missing / known < 1.1
    assert zero / known < 0.8, "zeros must do the harm that this test is about"


def test_it_judges_nothing_in_a_missing_bucket() -> None:
    verdicts = judged([*counts(4 * WEEK, 10), None, None])
    assert [(verdict.score, verdict.usual, verdict.alert) for verdict in verdicts[-2:]] == [(None, None, False)] * 2


def test_four_mentions_at_a_brand_that_nobody_talks_about_are_no_spike() -> None:
    values: list[float | None] = [0.0] * MONTHS
    values[-10] = 4.0
    assert alerts(values) == []
    values[-5] = 12.0
    assert alerts(values) == [MONTHS - 5]


def test_a_small_rise_of_a_huge_steady_brand_is_no_spike() -> None:
    values: list[float | None] = [10_000.0 + hour % 7 for hour in range(MONTHS)]
    values[-10:] = [13_000.0] * 10
    assert alerts(values) == []


def test_it_learns_for_two_weeks_of_hours_and_stays_silent_meanwhile() -> None:
    verdicts = judged(counts(3 * WEEK, 20, burst(200, 5, 20)))
    assert [verdict.learning for verdict in verdicts].index(False) == 2 * WEEK - 1
    assert not any(verdict.alert for verdict in verdicts[: 2 * WEEK - 1])


def test_hours_that_nobody_collected_teach_nothing() -> None:
    assert judged([None] * 2 * WEEK)[-1].learning


def test_it_goes_on_from_a_saved_state_as_if_it_had_not_stopped() -> None:
    values = counts(MONTHS, 20, burst(7 * WEEK, 9, 6))
    values[7 * WEEK + 3] = None
    whole = judged(values)
    stopped, first = VolumeDetector(HOUR), 7 * WEEK + 4
    begun = judged(values[:first], stopped)
    resumed = judged(values[first:], VolumeDetector(HOUR, json.loads(json.dumps(stopped.dump()))), first)
    assert begun + resumed == whole


def mixed(hours: int, share: float, storm: dict[int, float], volume: int = 20) -> list[tuple[float | None, float]]:
    chance = random.Random(3)
    pairs: list[tuple[float | None, float]] = []
    for hour in range(hours):
        p = storm.get(hour, share)
        pairs.append((float(sum(chance.random() < p for _ in range(volume))), float(volume)))
    return pairs


def test_it_finds_a_wave_of_complaints_at_an_unchanged_volume() -> None:
    start = 6 * WEEK
    found = share_alerts(mixed(8 * WEEK, 0.2, dict.fromkeys(range(start, start + 8), 0.7)))
    assert [hour for hour in found if hour >= start][0] <= start + 2
    assert len(found) <= 2


def test_more_mentions_with_the_usual_share_of_complaints_are_no_wave_of_them() -> None:
    pairs = mixed(6 * WEEK, 0.2, {}) + mixed(10, 0.2, {}, volume=200)
    assert [hour for hour in share_alerts(pairs) if hour >= 6 * WEEK] == []


def test_two_complaints_among_two_mentions_say_little() -> None:
    pairs = [(0.0, 2.0)] * (6 * WEEK) + [(2.0, 2.0)]
    assert share_alerts(pairs) == []


def test_the_share_goes_on_from_a_saved_state_too() -> None:
    pairs = mixed(5 * WEEK, 0.2, dict.fromkeys(range(4 * WEEK, 4 * WEEK + 9), 0.8))
    whole = ShareDetector(HOUR)
    expected = [whole.feed(part, n) for part, n in pairs]
    stopped = ShareDetector(HOUR)
    begun = [stopped.feed(part, n) for part, n in pairs[: 4 * WEEK + 2]]
    resumed = ShareDetector(HOUR, json.loads(json.dumps(stopped.dump())))
    assert begun + [resumed.feed(part, n) for part, n in pairs[4 * WEEK + 2 :]] == expected
