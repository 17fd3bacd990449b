"""The comparison is honest: without an effect it seldom says that there is one, and a real one is found."""

import numpy as np
import pytest

from dashboard.reports.before_after import Comparison, Day, compare
from dashboard.reports.effect_words import changed

RUNS = 1000


def days(rng: np.random.Generator, n: int, ratio: float, related: float = 0.0) -> tuple[list[Day], list[Day]]:
    """Bursty talk: mentions a day differ by half of their mean, quieter at weekends; the share of complaints by another
    half, and where days are `related` a bad one is followed by a bad one."""
    noise = rng.standard_normal(2 * n)
    for i in range(1, 2 * n):
        noise[i] = related * noise[i - 1] + np.sqrt(1 - related**2) * noise[i]
    spread = np.sqrt(np.log(1.25))
    share = 0.05 * np.exp(spread * noise - spread**2 / 2) * np.where(np.arange(2 * n) < n, 1, ratio)
    quiet = np.where(np.arange(2 * n) % 7 > 4, 0.6, 1)
    mentions = rng.poisson(200 * rng.gamma(4, 0.25, 2 * n) * quiet)
    made = [Day(int(min(of, rng.poisson(of * rate))), int(of)) for of, rate in zip(mentions, share, strict=True)]
    return made[:n], made[n:]


def verdicts(n: int, ratio: float, related: float = 0.0, seed: int = 4) -> dict[str, float]:
    """How often each verdict is given."""
    rng = np.random.default_rng(seed)
    found = [compare(*days(rng, n, ratio, related)) for _ in range(RUNS)]
    said = [one.verdict for one in found if one]
    return {word: said.count(word) / RUNS for word in ("fell", "rose", "same")}


@pytest.mark.parametrize("n", [14, 28, 56])
@pytest.mark.parametrize("related", [0.0, 0.3])
def test_where_nothing_changed_it_says_so_in_at_least_93_of_100(n: int, related: float) -> None:
    found = verdicts(n, ratio=1.0, related=related)
    assert 0.01 < found["fell"] + found["rose"] < 0.07


def test_a_halving_of_ten_complaints_a_day_is_found_in_four_weeks() -> None:
    found = verdicts(28, ratio=0.5)
    assert found["fell"] > 0.85
    assert found["rose"] == 0


def test_a_doubling_is_called_a_rise() -> None:
    assert verdicts(28, ratio=2.0)["rose"] > 0.85


def test_the_interval_holds_the_truth_about_95_times_in_100() -> None:
    rng = np.random.default_rng(9)
    found = [compare(*days(rng, 28, 0.7)) for _ in range(RUNS)]
    holds = sum(one is not None and one.low <= 0.7 <= one.high for one in found) / RUNS
    assert 0.93 < holds < 0.985


def test_more_talk_is_not_more_complaints() -> None:
    before = [Day(10, 200), Day(11, 210), Day(9, 190)] * 5
    after = [Day(30, 600), Day(33, 630), Day(27, 570)] * 5
    found = compare(before, after)
    assert found and found.verdict == "same"
    assert found.ratio == pytest.approx(1, abs=0.02)


def test_days_on_which_nobody_spoke_weigh_nothing() -> None:
    some = [Day(10, 200), Day(14, 210), Day(9, 190), Day(12, 205)] * 4
    assert compare(some, some) == compare([*some, Day(0, 0)], [Day(0, 0), *some])


@pytest.mark.parametrize("before", [[], [Day(3, 9)] * 2, [Day(0, 100)] * 14])
def test_it_does_not_compare_with_nothing(before: list[Day]) -> None:
    assert compare(before, [Day(3, 100)] * 14) is None


@pytest.mark.parametrize(
    ("ratio", "after", "words"),
    [
        ((0.66, 0.53, 0.81), 70, "Complaints fell by 34% (19 to 47%)"),
        ((1.2, 1.034, 1.41), 120, "Complaints rose by 20% (3 to 41%)"),
        ((16.2, 11.8, 21.3), 900, "Complaints rose to 16 times as many (12 to 21 times)"),
        ((0.005, 0.0001, 0.04), 0, "Complaints fell to none (by at least 96%)"),
        ((0.97, 0.88, 1.09), 97, "No measurable change in complaints (between 12% fewer and 9% more)"),
        ((1.4, 0.3, 6.04), 4, "No measurable change in complaints (between 70% fewer and 6.0 times as many)"),
    ],
)
def test_it_is_said_in_words(ratio: tuple[float, float, float], after: int, words: str) -> None:
    assert changed("Complaints", Comparison(*ratio, 100, 1000, after, 1000)) == words
