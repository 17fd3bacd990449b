"""Dates in the many ways that exports write them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ingest.importing.times import names_zone, order_of_days, parse_time

AT = datetime(2015, 2, 24, 19, 35, 52, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2015-02-24T19:35:52Z",
        "2015-02-24T19:35:52.000Z",
        "2015-02-24 11:35:52 -0800",
        "2015-02-24 11:35:52-08:00",
        "2015-02-24 19:35:52",
        "2015-02-24 19:35:52 UTC",
        "2015-02-24 19:35:52+00",
        "Tue Feb 24 19:35:52 +0000 2015",
        "Tue Feb 24 11:35:52 -0800 2015",
        "Tue, 24 Feb 2015 19:35:52 +0000",
        "Tue, 24 Feb 2015 11:35:52 PST",
        "24 Feb 2015 19:35:52",
        "24. February 2015, 19:35:52",
        "Feb 24, 2015 7:35:52 PM",
        "February 24th, 2015 at 7:35:52 p.m.",
        "24-Feb-2015 19:35:52",
        "2/24/2015 7:35:52 PM",
        "2/24/15 19:35:52",
        "24/02/2015 19:35:52",
        "24.02.2015 19:35:52",
        "2015/02/24 19:35:52",
        "2015.02.24 19:35:52",
        "20150224T193552",
        "1424806552",
        "1424806552.0",
        "1424806552000",
        "1424806552000000",
        "  2015-02-24T19:35:52+00:00 ",
    ],
)
def test_it_reads_one_moment_in_many_spellings(text: str) -> None:
    assert parse_time(text) == AT


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2015-02-24", datetime(2015, 2, 24, tzinfo=UTC)),
        ("20150224", datetime(2015, 2, 24, tzinfo=UTC)),
        ("24 Feb 2015", datetime(2015, 2, 24, tzinfo=UTC)),
        ("42059.5", datetime(2015, 2, 24, 12, tzinfo=UTC)),
        ("12/24/2015 12:05 AM", datetime(2015, 12, 24, 0, 5, tzinfo=UTC)),
        ("12/24/2015 12:05 PM", datetime(2015, 12, 24, 12, 5, tzinfo=UTC)),
        ("2015-02-24 19:35", datetime(2015, 2, 24, 19, 35, tzinfo=UTC)),
    ],
)
def test_it_reads_days_and_clocks(text: str, at: datetime) -> None:
    assert parse_time(text) == at


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "soon",
        "2.1.5",
        "13/13/2015",
        "5",
        "0",
        "2015",
        "12",
        "570306133677760513",
        "Acme is down",
        "1/2",
        "99999",
    ],
)
def test_it_takes_nothing_else_for_a_date(text: str) -> None:
    assert parse_time(text) is None


def test_it_reads_times_without_a_zone_in_the_given_one() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert parse_time("2026-07-01 12:00", berlin) == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert parse_time("2026-07-01 12:00 +0000", berlin) == datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["3/4/2026", "25/4/2026"], True),
        (["3/4/2026", "4/25/2026"], False),
        (["3/4/2026", "4/4/2026"], None),
        (["3.4.2026"], True),
        (["2026-04-03"], False),
        ([], False),
    ],
)
def test_it_learns_from_a_column_whether_the_day_comes_first(texts: list[str], order: bool | None) -> None:
    assert order_of_days(texts) is order


def test_it_follows_the_order_that_was_told() -> None:
    assert parse_time("3/4/2026", day_first=True) == datetime(2026, 4, 3, tzinfo=UTC)
    assert parse_time("3/4/2026", day_first=False) == datetime(2026, 3, 4, tzinfo=UTC)


def test_it_knows_which_times_name_their_zone() -> None:
    assert names_zone("2015-02-24 11:35:52 -0800")
    assert names_zone("1424806552")
    assert names_zone("2015-02-24T19:35:52Z")
    assert not names_zone("2015-02-24 11:35:52")
