"""Every number on every page opens the mentions behind it, and there are as many of them."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from time_machine import TimeMachineFixture

from listening.models import Brand
from tests.builders import a_brand, a_case, a_complaint, a_mention, a_source

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["now", "2026-11-25T18:40:00+00:00"], ids=["now", "as the rival's day begins"])
def moment(request: pytest.FixtureRequest, time_machine: TimeMachineFixture) -> None:
    if request.param != "now":
        time_machine.move_to(request.param)


@pytest.fixture
def market(brand: Brand, moment: None) -> Brand:
    """A brand with mentions of all kinds in this period, the one before, own, hidden, and a rival."""
    brand.time_zone = "Pacific/Auckland"
    brand.save()
    rival = a_brand("Rival", slug="rival", time_zone="Asia/Kolkata")
    brand.rivals.add(rival)
    a_source(brand, rival)
    now = timezone.now()
    kinds: list[dict[str, Any]] = [
        {"sentiment": "positive", "network": "x"},
        {"sentiment": "negative", "network": "x", "complaint": True, "addressed": "mentioned"},
        {"sentiment": "neutral", "network": "bluesky", "language": "de", "addressed": "replied"},
        {"sentiment": "unscored", "network": "bluesky", "language": "unknown"},
        {"sentiment": "positive", "sentiment_by_person": "negative", "complaint": True, "complaint_by_person": False},
        {"own": True},
        {"hidden": "withheld"},
    ]
    for hours in (0, 5, 30, 24 * 6, 24 * 12, 24 * 29, 24 * 40):
        for i, kind in enumerate(kinds):
            a_mention(brand, f"acme {i}", published_at=now - timedelta(hours=hours, minutes=i), **kind)
        a_mention(rival, "rival", published_at=now - timedelta(hours=hours))
    return brand


def opened(client: Client, url: str) -> int:
    """How many mentions the list behind a link says, and shows over all its pages."""
    page = client.get(unescape(url)).content.decode()
    total = int(re.search(r'id="total">([\d,]+)<', page)[1].replace(",", ""))  # type: ignore[index]
    shown = set(re.findall(r'id="mention-(\d+)"', page))
    while further := re.search(r'rel="next" href="([^"]+)"', page):
        page = client.get(unescape(further[1])).content.decode()
        shown |= set(re.findall(r'id="mention-(\d+)"', page))
    assert len(shown) == total
    return total


def stat(page: str, name: str) -> tuple[str, str]:
    """(address, title) of a figure."""
    found = re.search(rf'id="stat-{name}" href="([^"]+)"(?: title="([^"]*)")?', page)
    assert found, name
    return found[1], unescape(found[2] or "")


@pytest.fixture
def overseer(market: Brand) -> Client:
    from tests.builders import an_administrator

    client = Client()
    client.force_login(an_administrator())
    return client


@pytest.mark.parametrize("query", ["days=7", "days=30", "days=90", "days=30&network=x", "days=30&sentiment=-positive"])
def test_the_figures_on_top_open_as_many_mentions(overseer: Client, query: str) -> None:
    page = overseer.get(f"/b/acme/?{query}").content.decode()
    for name in ("mentions", "complaints", "addressed"):
        url, title = stat(page, name)
        assert opened(overseer, url) == int(title.replace(",", "")), name
    url, title = stat(page, "net")
    positive, neutral, negative = (int(n) for n in re.findall(r"(\d+) (?:positive|neutral|negative)", title))
    assert opened(overseer, url) == positive + neutral + negative


def test_the_rows_of_networks_languages_and_brands_open_as_many_mentions(overseer: Client) -> None:
    page = overseer.get("/b/acme/?days=30").content.decode()
    rows = re.findall(
        r'<li[^>]*><a href="([^"]+)">\s*<svg class="fill".*?class="value">([^<]+)</span><span class="extra">([^<]*)',
        page,
        re.S,
    )
    assert len(rows) == 2 + 3 + 3
    for url, value, extra in rows:
        number = extra if value.endswith("%") else value
        assert opened(overseer, url) == int(number)


@pytest.mark.parametrize("query", ["days=7", "days=30"])
def test_every_bar_opens_as_many_mentions(overseer: Client, query: str) -> None:
    page = overseer.get(f"/b/acme/?{query}").content.decode()
    rows = re.findall(r'<td class="number"><a href="([^"]+)">([\d,]+)</a></td>', page)
    counted = [(url, int(n)) for url, n in rows if n != "0"]
    assert sum(n for _, n in counted) == opened(overseer, stat(page, "mentions")[0])
    for url, n in counted:
        assert opened(overseer, url) == n


def test_the_cards_of_the_start_page_open_as_many_mentions(overseer: Client) -> None:
    page = overseer.get("/").content.decode()
    mentions, _, complaints = re.findall(r'<dd><a href="([^"]+)">([^<]+)</a></dd>', page)[:3]
    for url, number in (mentions, complaints):
        assert opened(overseer, url) == int(number)


def test_the_tabs_of_complaints_count_what_they_show(overseer: Client, market: Brand) -> None:
    for status in ("done", "ignored", "done"):
        a_case(a_complaint(market), status=status)
    page = overseer.get("/b/acme/complaints/?days=30").content.decode()
    tabs = re.findall(r'<a href="([^"]+status=\w+)"[^>]*>[^<]+<span class="count">(\d+)</span>', page)
    assert [int(n) for _, n in tabs] == [6, 0, 0, 0, 2, 1]
    for url, n in tabs:
        assert overseer.get(unescape(url)).content.decode().count('id="mention-') == int(n)


def test_own_posts_are_left_out_with_a_chip_that_says_so_and_shows_them(overseer: Client) -> None:
    page = overseer.get("/b/acme/mentions/?days=30").content.decode()
    assert "Your own posts are left out" in page
    with_own = overseer.get("/b/acme/mentions/?days=30&own=yes").content.decode()
    assert "Your own post<" in with_own
    assert "Your own post<" not in page
