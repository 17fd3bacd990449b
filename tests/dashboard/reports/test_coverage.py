"""Coverage: "we were not collecting" never looks like "nobody spoke"."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from dashboard.reports.coverage import coverage
from dashboard.reports.overview import compare
from dashboard.reports.period import Period, instants, last_days
from dashboard.reports.trend import trend
from listening.models import Source
from tests.builders import a_brand, a_gap, a_mention, a_source, at

UTC_ = ZoneInfo("UTC")
NOW = at("2026-11-23 12:30")
LONG_AGO = at("2026-01-01 00:00")

pytestmark = pytest.mark.django_db


def week() -> Period:
    return last_days(7, UTC_, NOW)


def states(period: Period, brand: object) -> dict[str, str]:
    found = coverage(brand, period)  # type: ignore[arg-type]
    return {bucket.label: found.of(bucket) for bucket in period.buckets()}


def test_it_says_that_nothing_is_collected_where_there_is_no_source() -> None:
    assert set(states(week(), a_brand()).values()) == {"none", "future"}


def test_it_calls_hours_in_a_gap_of_the_only_source_not_collected() -> None:
    brand = a_brand()
    a_gap(a_source(brand, collecting_since=LONG_AGO), at("2026-11-20 10:30"), at("2026-11-20 13:00"), "No quota.")
    found = states(week(), brand)
    hours = [found[f"2026-11-20T{hour:02}:00"] for hour in (9, 10, 11, 12, 13)]
    assert hours == ["full", "part", "none", "none", "full"]


def test_it_calls_an_hour_partly_collected_while_another_source_went_on() -> None:
    brand = a_brand()
    a_source(brand, collecting_since=LONG_AGO)
    a_gap(a_source(brand, collecting_since=LONG_AGO), at("2026-11-20 10:00"), at("2026-11-20 11:00"))
    found = states(week(), brand)
    assert found["2026-11-20T10:00"] == "part"
    assert found["2026-11-20T11:00"] == "full"


def test_it_calls_the_time_before_the_first_source_not_collected() -> None:
    brand = a_brand()
    a_source(brand, collecting_since=at("2026-11-20 00:00"))
    found = states(week(), brand)
    assert found["2026-11-19T23:00"] == "none"
    assert found["2026-11-20T00:00"] == "full"


@pytest.mark.parametrize("state", [Source.State.PAUSED, Source.State.BROKEN])
def test_it_calls_the_time_since_the_last_success_of_a_source_that_stands_still_not_collected(state: str) -> None:
    brand = a_brand()
    a_source(brand, collecting_since=LONG_AGO, state=state, last_success_at=at("2026-11-22 00:00"))
    found = states(week(), brand)
    assert found["2026-11-21T23:00"] == "full"
    assert found["2026-11-22T00:00"] == "none"


def test_it_says_why() -> None:
    brand = a_brand()
    a_gap(a_source(brand, collecting_since=LONG_AGO), at("2026-11-20 10:00"), at("2026-11-20 11:00"), "No quota.")
    period = week()
    found = coverage(brand, period)
    assert {found.why(b) for b in period.buckets() if found.of(b) == "none"} == {"No quota."}


def test_it_draws_unknown_hours_as_unknown_and_silent_hours_as_zero() -> None:
    brand = a_brand()
    a_gap(a_source(brand, collecting_since=LONG_AGO), at("2026-11-20 10:00"), at("2026-11-20 11:00"))
    period = week()
    points = {point.bucket.label: point for point in trend(brand, period, coverage(brand, period))}
    assert points["2026-11-20T10:00"].totals is None
    silent = points["2026-11-20T11:00"].totals
    assert silent is not None
    assert silent.mentions == 0


def test_it_draws_what_came_in_later_although_the_hour_was_not_collected() -> None:
    brand = a_brand()
    a_gap(a_source(brand, collecting_since=LONG_AGO), at("2026-11-20 10:00"), at("2026-11-20 11:00"))
    a_mention(brand, published_at=at("2026-11-20 10:20"))
    period = week()
    points = {point.bucket.label: point for point in trend(brand, period, coverage(brand, period))}
    late = points["2026-11-20T10:00"]
    assert late.totals is not None
    assert (late.totals.mentions, late.collected) == (1, "none")


def test_it_does_not_compare_with_a_period_that_was_not_collected() -> None:
    brand = a_brand()
    a_source(brand, collecting_since=at("2026-11-17 00:00"))
    a_mention(brand, published_at=NOW)
    compared = compare(brand, week())
    assert compared.before is None
    assert compared.why_not == "Not comparable: the period before was not collected."


def test_it_compares_with_a_period_that_was_collected() -> None:
    brand = a_brand()
    a_source(brand, collecting_since=LONG_AGO)
    a_mention(brand, published_at=NOW - timedelta(days=8))
    compared = compare(brand, week())
    assert compared.before is not None
    assert (compared.now.mentions, compared.before.mentions) == (0, 1)


def test_it_takes_the_span_of_imported_posts_for_what_was_collected() -> None:
    brand = a_brand()
    a_source(brand, kind="file", collecting_since=NOW)
    a_mention(brand, published_at=at("2026-11-18 10:00"))
    a_mention(brand, published_at=at("2026-11-19 10:00"))
    found = states(week(), brand)
    assert [found[label] for label in ("2026-11-18T09:00", "2026-11-18T11:00", "2026-11-19T11:00")] == [
        "none",
        "full",
        "none",
    ]


def test_it_measures_the_share_that_was_collected() -> None:
    brand = a_brand()
    source = a_source(brand, collecting_since=LONG_AGO)
    a_gap(source, at("2026-11-20 00:00"), at("2026-11-20 06:00"))
    day = instants(at("2026-11-20 00:00"), at("2026-11-21 00:00"), UTC_, NOW)
    assert coverage(brand, day).share == 0.75
