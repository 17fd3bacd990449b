"""Periods: whole local days in whole UTC hours, DST days, and what is compared with what."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from dashboard.reports.period import HOUR, between, from_params, last_days
from tests.builders import at

BERLIN, KOLKATA, UTC_ = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata"), ZoneInfo("UTC")
NOW = at("2026-11-23 19:25")


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)])
def test_it_gives_a_day_on_which_clocks_change_23_or_25_hours(day: date, hours: int) -> None:
    buckets = between(day, day, BERLIN, NOW).buckets()
    assert len(buckets) == hours
    assert all(a.end == b.start for a, b in zip(buckets, buckets[1:], strict=False))


def test_it_sends_local_naive_labels_and_tells_the_two_equal_ones_apart_for_people() -> None:
    two = [b for b in between(date(2026, 10, 25), date(2026, 10, 25), BERLIN, NOW).buckets() if "T02:00" in b.label]
    assert [b.label for b in two] == ["2026-10-25T02:00"] * 2
    assert [b.name for b in two] == ["Sun 25 Oct, 02:00 CEST", "Sun 25 Oct, 02:00 CET"]


def test_it_tiles_a_month_with_a_change_of_clocks_by_local_days() -> None:
    buckets = between(date(2026, 10, 1), date(2026, 10, 31), BERLIN, NOW).buckets()
    assert len(buckets) == 31
    assert [b.end - b.start for b in buckets].count(25 * HOUR) == 1


def test_it_lets_days_of_half_hour_zones_begin_with_a_whole_utc_hour() -> None:
    period = between(date(2026, 11, 1), date(2026, 11, 1), KOLKATA, NOW)
    assert period.start == at("2026-10-31 19:00")
    assert period.end == at("2026-11-01 19:00")
    assert period.whole_days


def test_it_ends_a_rolling_period_with_today() -> None:
    period = last_days(7, BERLIN, NOW)
    assert (period.first_day, period.last_day) == (date(2026, 11, 17), date(2026, 11, 23))
    assert period.until == at("2026-11-23 20:00")


def test_it_compares_with_as_much_of_the_period_before_as_has_passed_of_this_one() -> None:
    before = last_days(7, UTC_, NOW).previous()
    assert (before.start, before.end) == (at("2026-11-10 00:00"), at("2026-11-16 20:00"))


def test_it_compares_a_past_period_with_the_whole_one_before() -> None:
    before = between(date(2026, 11, 8), date(2026, 11, 14), UTC_, NOW).previous()
    assert (before.start, before.end) == (at("2026-11-01 00:00"), at("2026-11-08 00:00"))


@pytest.mark.parametrize(
    "params",
    [
        {"days": "7"},
        {"from": "2026-10-25", "to": "2026-10-25"},
        {"from": "2026-10-25T00:00Z", "to": "2026-10-25T01:00Z"},
    ],
)
def test_it_leads_back_to_the_same_period(params: dict[str, str]) -> None:
    period = from_params(params, BERLIN, NOW)
    assert from_params(period.params, BERLIN, NOW) == period


def test_it_gives_each_bucket_an_address_of_its_own_even_in_the_hour_that_happens_twice() -> None:
    for bucket in between(date(2026, 10, 25), date(2026, 10, 25), BERLIN, NOW).buckets():
        period = from_params(bucket.params, BERLIN, NOW)
        assert (period.start, period.end) == (bucket.start, bucket.end)


@pytest.mark.parametrize(
    "params",
    [
        {"days": "0"},
        {"days": "-3"},
        {"days": "٣"},
        {"days": "99999999"},
        {"from": "2026-13-01"},
        {"from": "2026-11-20", "to": "2026-11-10"},
        {"from": "0001-01-01", "to": "9999-12-31"},
        {"from": "9999-12-31"},
        {"from": "2026-11-01T00:00", "to": "2026-11-02T00:00"},
        {"to": "x" * 5000},
    ],
)
def test_it_refuses_what_names_no_period_with_a_sentence(params: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        from_params(params, BERLIN, NOW)
