"""How often a post is looked up follows from its age; one worker sweeps a source; cases and the young come first."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from ingest import sweep
from ingest.sources import CATALOGUE, load
from ingest.sources.base import Band, Policy, SourceError, Status
from ingest.tasks import sweep_due, sweep_source
from listening.models import Case, Mention, PurgeDelay, Source
from listening.models.purge_delay import bucket_of, longest_in
from listening.models.tally import tally_differences
from tests.builders import a_mention
from tests.pipeline.scripted import START, Network, Scripted, a_record

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
NOW = START + timedelta(days=60)
BANDS = (Band(DAY, 10 * MINUTE), Band(7 * DAY, 6 * HOUR), Band(None, 30 * DAY))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, network: Network) -> list[str]:
    """What the network was asked about, in order; it says that all of it is alive."""
    asked: list[str] = []

    def hydrate(self: Scripted, ids: Sequence[str]) -> Iterator[Status]:
        asked.extend(ids)
        return (Status(one, "alive") for one in ids)

    monkeypatch.setattr(Scripted, "hydrate", hydrate)
    monkeypatch.setattr(Scripted, "policy", Policy(bands=BANDS))
    return asked


def a_post(source: Source, age: timedelta, looked: timedelta, **fields: Any) -> Mention:
    """Published `age` ago, collected then, and looked up last `looked` ago."""
    at = {"published_at": NOW - age, "collected_at": NOW - age, "swept_at": NOW - looked}
    return a_mention(source.brands.get(), **{"source": source, "network": "x", **at, **fields})


@pytest.mark.parametrize(
    ("age", "looked", "due"),
    [
        (HOUR, 9 * MINUTE, False),
        (HOUR, 10 * MINUTE, True),
        (23 * HOUR, 10 * MINUTE, True),
        (25 * HOUR, 5 * HOUR, False),
        (25 * HOUR, 6 * HOUR, True),
        (8 * DAY, 7 * DAY, False),
        (50 * DAY, 31 * DAY, True),
    ],
)
def test_a_post_is_due_by_its_band(source: Source, asked: list[str], age: Any, looked: Any, due: bool) -> None:
    post = a_post(source, age, looked)
    sweep.sweep(source, NOW)
    assert (post.external_id in asked) is due


def test_open_cases_come_first_then_the_young_then_who_was_not_looked_up_for_longest(
    source: Source, asked: list[str]
) -> None:
    old = a_post(source, 3 * DAY, 2 * DAY)
    older = a_post(source, 4 * DAY, 3 * DAY)
    young = a_post(source, HOUR, 20 * MINUTE)
    worked = a_post(source, 5 * DAY, DAY)
    Case.objects.create(mention=worked, brand=worked.brand)
    closed = a_post(source, 5 * DAY, DAY)
    Case.objects.create(mention=closed, brand=closed.brand, status=Case.Status.DONE)
    sweep.sweep(source, NOW)
    assert asked == [one.external_id for one in (worked, young, older, old, closed)]


def test_the_old_ones_are_looked_through_every_twenty_minutes_and_the_young_each_time(
    source: Source, asked: list[str]
) -> None:
    old = a_post(source, 3 * DAY, 6 * HOUR - 5 * MINUTE)
    assert sweep.sweep(source, NOW).done
    source.refresh_from_db()
    sweep.sweep(source, NOW + 10 * MINUTE)
    assert asked == []
    sweep.sweep(source, NOW + 20 * MINUTE)
    assert asked == [old.external_id]


def test_an_admin_may_choose_how_often(source: Source, asked: list[str]) -> None:
    a_post(source, HOUR, 10 * MINUTE)
    source.settings = {"sweep_minutes": 30}
    sweep.sweep(source, NOW)
    assert asked == []
    assert Scripted.sweeps({"sweep_minutes": 600})[1].every == timedelta(minutes=600), "older posts are not asked more"
    assert load("x").sweeps({"sweep_days": 3}) == (Band(30 * DAY, 3 * DAY),)


def test_each_network_says_how_often_and_files_and_feeds_not_at_all() -> None:
    assert {kind for kind in CATALOGUE if not load(kind).sweeps({})} == {"file", "rss", "sample"}
    for kind in ("mastodon", "hackernews"):
        assert load(kind).sweeps({})[0].every <= timedelta(minutes=10)


def test_two_workers_do_not_sweep_one_source(source: Source, asked: list[str]) -> None:
    a_post(source, HOUR, HOUR)
    assert Source.objects.claim_sweep(source.pk, NOW, sweep.LEASE)
    assert sweep.due(NOW) == []
    assert sweep.run(source.pk, lambda: NOW) and asked == []
    later = NOW + sweep.LEASE  # whoever held it died
    assert sweep.due(later) == [source]
    assert sweep.run(source.pk, lambda: later) and len(asked) == 1
    source.refresh_from_db()
    assert source.next_sweep_at == later + sweep.PAUSE


def test_who_runs_out_of_time_marks_nothing_that_was_not_asked(source: Source, asked: list[str]) -> None:
    for _ in range(3):
        a_post(source, HOUR, HOUR)
    assert not sweep.run(source.pk, lambda: NOW, seconds=0)
    assert asked == [] and Mention.objects.filter(swept_at__gte=NOW).count() == 0
    source.refresh_from_db()
    assert source.next_sweep_at is not None and source.next_sweep_at <= NOW


def test_what_a_network_told_before_it_broke_off_is_followed(
    source: Source, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = a_post(source, HOUR, 2 * HOUR), a_post(source, HOUR, HOUR)

    def hydrate(self: Scripted, ids: Sequence[str]) -> Iterator[Status]:
        yield Status(first.external_id, "gone")
        raise SourceError("Slower, please.", code="rate_limit", retry_at=NOW + HOUR)

    monkeypatch.setattr(Scripted, "hydrate", hydrate)
    sweep.run(source.pk, lambda: NOW)
    assert list(Mention.objects.all()) == [second]
    source.refresh_from_db()
    assert source.next_sweep_at == NOW + HOUR


def test_the_bell_rings_for_each_source_that_is_due(
    source: Source, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[tuple[list[int], str]] = []
    monkeypatch.setattr(sweep_source, "apply_async", lambda args, queue, **more: rung.append((args, queue)))
    sweep_due()
    assert rung == [([source.pk], "pull.scripted")]
    a_post(source, HOUR, HOUR)
    with monkeypatch.context() as hurried:
        hurried.setattr(sweep, "run", partial(sweep.run, seconds=0.0))
        sweep_source(source.pk)
    assert rung == [([source.pk], "pull.scripted")] * 2, "out of time: the rest is asked for at once"
    sweep_source(source.pk)
    assert len(rung) == 2 and asked


def answer(monkeypatch: pytest.MonkeyPatch, *statuses: Status) -> None:
    monkeypatch.setattr(
        Scripted, "hydrate", lambda self, ids: iter([one for one in statuses if one.external_id in ids])
    )
    monkeypatch.setattr(Scripted, "policy", Policy(bands=BANDS))


def test_the_delay_counts_from_when_a_post_was_last_seen_alive(
    source: Source, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = a_post(source, 5 * HOUR, 5 * HOUR)
    answer(monkeypatch, Status(post.external_id, "alive"))
    sweep.sweep(source, NOW)
    answer(monkeypatch)  # silent: asked, and not told
    sweep.sweep(source, NOW + 10 * MINUTE)
    answer(monkeypatch, Status(post.external_id, "gone"))
    sweep.sweep(source, NOW + 20 * MINUTE)
    counted = PurgeDelay.objects.get()
    assert (counted.source, counted.network, counted.told, counted.n) == (source, "x", False, 1)
    assert counted.bucket == bucket_of(20 * MINUTE)
    assert counted.day == (NOW + 20 * MINUTE).date()
    assert tally_differences() == []


def test_what_comes_back_is_shown_again_and_what_became_private_is_not_public(
    source: Source, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = a_post(source, HOUR, HOUR, hidden="takendown")
    record = a_record(1, public_ok=False)
    answer(monkeypatch, Status(post.external_id, "alive", record))
    sweep.sweep(source, NOW)
    post.refresh_from_db()
    assert (post.hidden, post.public_ok) == ("", False)


def test_who_asked_since_not_to_be_heard_goes_except_where_they_speak_to_the_brand(
    source: Source, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    overheard, said = a_post(source, HOUR, HOUR), a_post(source, HOUR, HOUR, addressed="mentioned")
    answer(monkeypatch, *(Status(one.external_id, "unwilling") for one in (overheard, said)))
    assert sweep.sweep(source, NOW).gone == 1
    assert list(Mention.objects.all()) == [said]


@pytest.mark.parametrize("seconds", [0, 1, 2, 59, 60, 61, 600, 86_400, 10**9])
def test_a_bucket_is_never_shorter_than_what_it_holds_and_at_most_a_fifth_longer(seconds: int) -> None:
    length = timedelta(seconds=seconds)
    longest = longest_in(bucket_of(length))
    assert max(length, timedelta(seconds=1)) <= longest + timedelta(microseconds=1)
    assert longest <= max(length, timedelta(seconds=1)) * 1.19
