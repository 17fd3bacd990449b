"""Numbers and times as people read them."""

from datetime import timedelta

import pytest

from dashboard.templatetags.earshot import (
    ago,
    intime,
    language,
    link,
    network,
    people,
    percent,
    points,
    signed,
    web_address,
)
from tests.builders import at

NOW = at("2026-11-23 12:00")


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0, "0"), (1204, "1,204"), (12_400, "12.4k"), (12_000, "12k"), (1_250_000, "1.2M"), (-5, "−5"), (None, "–")],
)
def test_it_shows_counts(number: int | None, shown: str) -> None:
    assert people(number) == shown


@pytest.mark.parametrize(
    ("share", "shown"), [(0.0, "0%"), (0.043, "4.3%"), (0.123, "12%"), (1.0, "100%"), (0.0999, "10%"), (None, "–")]
)
def test_it_shows_shares(share: float | None, shown: str) -> None:
    assert percent(share) == shown


def test_it_shows_signs_but_none_for_zero() -> None:
    assert [signed(12), signed(-3), signed(0), signed(None)] == ["+12", "−3", "0", "–"]
    assert [points(0.234), points(-0.001), points(0.0)] == ["+23", "0", "0"]


@pytest.mark.parametrize(
    ("passed", "shown"),
    [
        (timedelta(seconds=3), "just now"),
        (timedelta(seconds=45), "45 s ago"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=30), "1 d ago"),
        (timedelta(days=90), "25 Aug 2026"),
        (timedelta(minutes=-10), "in 10 min"),
    ],
)
def test_it_says_how_long_ago(passed: timedelta, shown: str) -> None:
    assert ago(NOW - passed, NOW) == shown


def test_it_names_the_zone_of_a_time() -> None:
    assert intime(NOW, "Europe/Berlin") == "23 Nov 2026, 13:00 CET"
    assert intime(at("2026-07-01 12:00"), "Europe/Berlin") == "1 Jul 2026, 14:00 CEST"


def test_it_names_networks_and_languages_and_leaves_unknown_ones_as_they_are() -> None:
    assert [network("hackernews"), network("some_forum")] == ["Hacker News", "Some forum"]
    assert [language("de"), language("unknown"), language("tlh")] == ["German", "Unknown", "tlh"]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "//evil", "", "ftp://x"]
)
def test_it_makes_no_link_of_what_does_not_lead_to_the_web(url: str) -> None:
    assert web_address(url) == ""


def test_it_builds_links_where_later_values_win_and_none_takes_away() -> None:
    url = link("mentions", "acme", {"days": "7", "network": ["x", "y"]}, days="30", network=None, q="a b&c")
    assert url == "/b/acme/mentions/?days=30&q=a+b%26c"
