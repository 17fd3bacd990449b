"""Business hours: due times on ordinary days, on days when clocks change, and properties that always hold."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, strategies as st

from dashboard.cases.business_hours import Week, between, due

BERLIN, KOLKATA = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata")
WORKING = (0, 1, 2, 3, 4)
OFFICE = Week(BERLIN, WORKING, 9, 17)


def local(text: str, zone: ZoneInfo = BERLIN, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "hours", "then"),
    [
        ("2026-11-23 10:15", 2, "2026-11-23 12:15"),  # a Monday
        ("2026-11-23 10:00", 8, "2026-11-24 10:00"),
        ("2026-11-23 09:00", 8, "2026-11-23 17:00"),  # to the last minute of the day
        ("2026-11-23 17:00", 1, "2026-11-24 10:00"),
        ("2026-11-23 03:00", 1, "2026-11-23 10:00"),
        ("2026-11-27 16:30", 1, "2026-11-30 09:30"),  # over a weekend
        ("2026-11-28 12:00", 0, "2026-11-30 09:00"),
        ("2026-11-23 10:00", 0, "2026-11-23 10:00"),
        ("2026-11-23 09:00", 40, "2026-11-27 17:00"),
    ],
)
def test_it_counts_open_hours_alone(moment: str, hours: int, then: str) -> None:
    assert due(local(moment), hours, OFFICE) == local(then)


@pytest.mark.parametrize(
    ("start", "end", "moment", "hours", "then"),
    [
        (0, 6, "2026-03-29 00:30", 2, "2026-03-29 03:30"),  # two o'clock is three o'clock: 00:30 + 2 lived hours
        (0, 6, "2026-03-29 00:00", 5, "2026-03-29 06:00"),  # that night has five hours
        (0, 6, "2026-03-29 00:00", 6, "2026-03-30 01:00"),
        (2, 6, "2026-03-29 00:00", 1, "2026-03-29 04:00"),  # opens at the moment that the clocks skip
        (0, 6, "2026-10-25 00:00", 7, "2026-10-25 06:00"),  # that night has seven hours
        (0, 6, "2026-10-25 00:30", 2, "2026-10-25 02:30"),
        (9, 17, "2026-10-24 16:00", 2, "2026-10-25 10:00"),  # and office hours do not notice
        (9, 17, "2026-03-28 16:00", 2, "2026-03-29 10:00"),
    ],
)
def test_it_counts_lived_hours_when_the_clocks_change(start: int, end: int, moment: str, hours: int, then: str) -> None:
    assert due(local(moment), hours, Week(BERLIN, (), start, end)) == local(then)


def test_an_hour_that_comes_twice_is_counted_twice() -> None:
    assert due(local("2026-10-25 00:30"), 3, Week(BERLIN, (), 0, 6)) == local("2026-10-25 02:30", fold=1)


def test_it_opens_on_the_half_hour_of_utc_where_the_zone_does() -> None:
    week = Week(KOLKATA, WORKING, 9, 17)
    assert due(datetime(2026, 11, 23, 3, 0, tzinfo=UTC), 1, week) == datetime(2026, 11, 23, 4, 30, tzinfo=UTC)


def test_it_adds_up_between_two_moments() -> None:
    assert between(local("2026-11-27 16:00"), local("2026-11-30 10:00"), OFFICE) == timedelta(hours=2)
    assert between(local("2026-11-28 10:00"), local("2026-11-29 10:00"), OFFICE) == timedelta(0)
    assert between(local("2026-11-30 10:00"), local("2026-11-27 16:00"), OFFICE) == timedelta(0)
    assert between(local("2026-10-25 00:00"), local("2026-10-25 06:00"), Week(BERLIN)) == timedelta(hours=7)


ZONES = sorted(available_timezones() - {"localtime"})
moments = st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))
weeks = st.builds(
    lambda zone, days, edges: Week(ZoneInfo(zone), tuple(sorted(days)), min(edges), max(edges)),
    st.sampled_from(ZONES),
    st.sets(st.integers(0, 6)),
    st.sets(st.integers(0, 24), min_size=2, max_size=2),
)
some_hours = st.integers(0, 60)


@given(moments, moments, some_hours, some_hours, weeks)
def test_who_begins_later_or_takes_longer_is_never_due_earlier(
    one: datetime, other: datetime, few: int, many: int, week: Week
) -> None:
    (first, second), (less, more) = sorted((one, other)), sorted((few, many))
    assert due(first, less, week) <= due(second, less, week)
    assert due(first, less, week) <= due(first, more, week)


@given(moments, some_hours, weeks)
def test_it_is_always_due_within_business_hours_and_never_before(moment: datetime, hours: int, week: Week) -> None:
    then = due(moment, hours, week)
    day = then.astimezone(week.zone).date()
    near = [week.open_on(day + timedelta(days=shift)) for shift in (-1, 0, 1)]
    assert then >= moment
    assert any(opening and opening[0] <= then <= opening[1] for opening in near)


@given(moments, st.integers(1, 60), weeks)
def test_the_time_until_it_is_due_is_what_was_asked_for(moment: datetime, hours: int, week: Week) -> None:
    assert between(moment, due(moment, hours, week), week) == timedelta(hours=hours)


@given(moments, st.integers(0, 2000), st.sampled_from(ZONES))
def test_a_brand_that_is_always_open_adds_hours(moment: datetime, hours: int, zone: str) -> None:
    assert due(moment, hours, Week(ZoneInfo(zone))) == moment + timedelta(hours=hours)
