"""A digest's week is the same in its title, its figures and its chart, on both changes of the clocks too."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from dashboard.digests.period import LAG, latest_week, week_before

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"]


def test_its_title_names_days_and_zone() -> None:
    assert str(week_before(date(2026, 5, 11), "Europe/Berlin", 8)) == "Mon 4 – Sun 10 May 2026, Europe/Berlin"
    assert str(week_before(date(2026, 6, 1), "UTC", 8)) == "Mon 25 – Sun 31 May 2026, UTC"
    assert str(week_before(date(2027, 1, 4), "UTC", 8)) == "Mon 28 Dec 2026 – Sun 3 Jan 2027, UTC"


@pytest.mark.parametrize(
    ("day", "hours", "utc_hour"),
    [(date(2026, 3, 30), 167, 6), (date(2026, 10, 26), 169, 7), (date(2026, 5, 4), 168, 6)],
)
def test_it_has_seven_local_days_around_a_change_of_the_clocks(day: date, hours: int, utc_hour: int) -> None:
    week = week_before(day, "Europe/Berlin", 8)
    assert week.end - week.start == timedelta(hours=hours)
    assert week.send_at.hour == utc_hour


def test_it_leaves_only_after_the_week_has_closed_and_late_posts_had_an_hour() -> None:
    assert week_before(date(2026, 5, 4), "UTC", 0).send_at == datetime(2026, 5, 4, 1, tzinfo=UTC)


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)),
    st.sampled_from(ZONES),
    st.integers(0, 6),
    st.integers(0, 23),
)
def test_at_any_moment_there_is_one_latest_week_and_it_is_the_next_ones_neighbour(
    naive: datetime, zone: str, weekday: int, hour: int
) -> None:
    now = naive.replace(tzinfo=UTC)
    week = latest_week(now, zone, weekday, hour)
    assert week.send_at <= now < week.send_at + timedelta(days=7, hours=3)
    assert week.last_day - week.first_day == timedelta(days=6)
    assert week.end + LAG <= week.send_at
    later = latest_week(now + timedelta(days=7, hours=3), zone, weekday, hour)
    assert later.start >= week.end
