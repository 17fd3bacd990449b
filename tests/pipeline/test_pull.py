"""A pull is bounded, holds a lease, survives its own death, and says in a sentence what happened."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from ingest import lease
from ingest.pull import pull
from ingest.sources.base import SourceError
from ingest.tasks import pull_due
from listening import faults
from listening.budget import Budget
from listening.models import Brand, Cursor, Mention, Pull, Source, Spend
from listening.spending import allowance
from tests.pipeline.scripted import START, Network, a_record

NOW = START + timedelta(days=1)


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def test_it_reads_page_after_page_until_it_has_caught_up(source: Source, network: Network) -> None:
    network.records = [a_record(i) for i in range(35)]
    log = pull(source.pk, now=at(NOW))
    assert log and log.outcome == Pull.Outcome.OK
    assert log.counts["new"] == 35 and log.sentence.startswith("Read 35, 35 new")
    source.refresh_from_db()
    assert source.last_success_at == NOW and source.next_pull_at == NOW + timedelta(minutes=5)
    assert source.lease_until is None
    assert Cursor.objects.get().caught_up_at == NOW


def test_it_goes_on_where_a_killed_run_stopped(source: Source, network: Network) -> None:
    network.records = [a_record(i) for i in range(35)]
    network.error, network.fail_after_pages = KeyboardInterrupt(), 2  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        pull(source.pk, now=at(NOW))
    assert Mention.objects.count() == 20
    assert pull(source.pk, now=at(NOW)) is None, "the dead worker's lease still holds"
    network.error = None
    log = pull(source.pk, now=at(NOW + lease.LENGTH * 2))
    assert log and log.counts["new"] == 15 and network.polls[-1] == {"at": 20}
    assert Pull.objects.filter(outcome=Pull.Outcome.LOST).count() == 1


def test_a_loser_of_the_lease_writes_nothing(source: Source, network: Network) -> None:
    network.records = [a_record(1)]
    number = lease.claim(source.pk, NOW)
    assert number and lease.claim(source.pk, NOW) is None
    assert lease.claim(source.pk, NOW + lease.LENGTH * 2) == number + 1
    with pytest.raises(lease.LeaseLost):
        lease.renew(source.pk, number, NOW)


def test_a_rate_limit_waits_without_holding_a_worker(source: Source, network: Network) -> None:
    network.records = [a_record(i) for i in range(35)]
    network.fail_after_pages = 1
    network.error = SourceError("Too many requests.", code="rate_limit", retry_at=NOW + timedelta(minutes=12))
    log = pull(source.pk, now=at(NOW))
    source.refresh_from_db()
    assert log and log.outcome == Pull.Outcome.WAITING and Mention.objects.count() == 10
    assert source.next_pull_at == NOW + timedelta(minutes=12) and source.state == Source.State.ON


def test_a_permanent_error_stops_the_source_and_a_passing_one_backs_off(source: Source, network: Network) -> None:
    network.error = SourceError("The server is away.", code="server", raw="503")
    for expected in (5, 10, 20):
        pull(source.pk, now=at(NOW))
        source.refresh_from_db()
        assert source.next_pull_at == NOW + timedelta(minutes=expected)
    assert source.error_sentence == "The server is away." and source.error_raw == "503" and source.error_since == NOW
    network.error = SourceError("Your plan does not allow search.", code="plan", permanent=True)
    pull(source.pk, now=at(NOW))
    source.refresh_from_db()
    assert source.state == Source.State.BROKEN
    assert not Source.objects.due(NOW + timedelta(days=9)).exists()


def test_an_unknown_error_is_noted_raised_and_gives_the_lease_back(source: Source, network: Network) -> None:
    network.error = ZeroDivisionError("what somebody wrote")
    with pytest.raises(faults.Unforeseen, match="ZeroDivisionError in "):
        pull(source.pk, now=at(NOW))
    source.refresh_from_db()
    assert source.error_code == "internal" and source.lease_until is None
    assert "ZeroDivisionError" in source.error_raw and "wrote" not in source.error_raw


def test_a_success_clears_the_error(source: Source, network: Network) -> None:
    network.error = SourceError("Away.", code="server")
    pull(source.pk, now=at(NOW))
    network.error = None
    pull(source.pk, now=at(NOW))
    source.refresh_from_db()
    assert (source.error_code, source.failures, source.error_since) == ("", 0, None)


def test_it_keeps_a_ledger_of_what_it_spent_and_allows_no_more(source: Source, network: Network) -> None:
    network.records, network.spent_per_page = [a_record(i) for i in range(20)], 10
    source.settings = {"daily_posts": 25, "monthly_posts": 1000}
    source.save()
    budget = Budget(daily=25, monthly=1000)
    assert allowance(source, budget, NOW) == 25
    pull(source.pk, now=at(NOW))
    assert Spend.objects.get().units == 20 and allowance(source, budget, NOW) == 5
    assert allowance(source, budget, NOW + timedelta(days=1)) == 25


def test_a_tick_rings_a_due_source_once(source: Source, network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[int] = []
    monkeypatch.setattr("ingest.tasks.ring", lambda one: rung.append(one.pk))
    Source.objects.update(next_pull_at=START)
    pull_due()
    pull_due()
    assert rung == [source.pk]


def test_an_edited_query_is_used_by_the_next_pull(source: Source, brand: Brand, network: Network) -> None:
    network.records = [a_record(1), a_record(2, "weather in Bonn")]
    pull(source.pk, now=at(NOW))
    brand.queries.update(text="acme OR weather", version=2)
    Cursor.objects.all().delete()
    pull(source.pk, now=at(NOW))
    assert Mention.objects.count() == 2
    assert set(Mention.objects.get(external_id="post-2").query_versions.values()) == {2}
