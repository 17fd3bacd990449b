"""Texts go after the time of their brand and network, and counts stay; a network's own maximum wins."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from ingest import forget
from ingest.sources import text_limits
from ingest.sources.base import Policy
from ingest.sources.rss import Rss
from listening.models import AuditEntry, Brand, Mention, Notice, Retention
from listening.retention import days_kept
from tests.builders import a_brand, a_member, a_mention, a_source, an_author

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
FORM = {"name": "Acme", "kind": "own", "colour": "#2f6f8f", "time_zone": "UTC", "retention_days": "90"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def brand() -> Brand:
    return a_brand("Acme", slug="acme", retention_days=100)


def aged(brand: Brand, days: int, network: str = "mastodon") -> Mention:
    published = NOW - timedelta(days=days)
    return a_mention(brand, published_at=published, network=network, author=an_author(network=network))


def gone(mention: Mention) -> bool:
    mention.refresh_from_db()
    return mention.text_gone_at is not None and mention.text == ""


def test_the_brands_own_time_holds_where_nothing_else_was_said(brand: Brand) -> None:
    old, young = aged(brand, 101), aged(brand, 99)
    assert forget.expire(NOW)["texts"] == 1
    assert gone(old) and not gone(young)
    assert Mention.objects.count() == 2  # counts stay
    assert forget.expire(NOW)["texts"] == 0


@pytest.mark.parametrize(("days", "goes"), [(10, True), (300, False)])
def test_a_network_may_be_kept_for_less_or_more(brand: Brand, days: int, goes: bool) -> None:
    Retention.objects.create(brand=brand, network="bluesky", days=days)
    bluesky, mastodon = aged(brand, 101 if days > 100 else 50, "bluesky"), aged(brand, 50)
    elsewhere = aged(a_brand("Bolt"), 50, "bluesky")
    forget.expire(NOW)
    assert gone(bluesky) is goes
    assert not gone(mastodon) and not gone(elsewhere)


def test_the_networks_own_maximum_wins(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rss, "policy", Policy(text_days=30))
    assert text_limits()[Rss.network] == 30
    Retention.objects.create(brand=brand, network=Rss.network, days=60)
    old, young = aged(brand, 31, Rss.network), aged(brand, 29, Rss.network)
    forget.expire(NOW)
    assert gone(old) and not gone(young)


@pytest.mark.parametrize(
    ("told", "limits", "kept"),
    [
        ({}, {}, {}),
        ({"x": 30}, {}, {"x": 30}),
        ({"x": 100}, {}, {}),
        ({"x": 300}, {}, {"x": 300}),
        ({"x": 300}, {"x": 30}, {"x": 30}),
        ({}, {"youtube": 30}, {"youtube": 30}),
        ({}, {"youtube": 3000}, {}),
    ],
)
def test_the_shorter_time_is_what_is_told(
    brand: Brand, told: dict[str, int], limits: dict[str, int], kept: dict[str, int]
) -> None:
    for network, days in told.items():
        Retention.objects.create(brand=brand, network=network, days=days)
    assert days_kept(brand, limits) == kept


def signed_in(brand: Brand, role: str = "admin") -> Client:
    client = Client()
    client.force_login(a_member(brand, role))
    return client


def test_an_admin_sets_changes_and_takes_back_the_time_of_a_network(brand: Brand) -> None:
    client = signed_in(brand)
    page = client.get("/b/acme/settings/").content.decode()
    assert 'name="keep_bluesky"' in page and 'name="keep_file"' not in page
    client.post("/b/acme/settings/", FORM | {"keep_bluesky": "30", "keep_x": "7"})
    client.post("/b/acme/settings/", FORM | {"keep_bluesky": "20"})
    row = Retention.objects.get()
    assert (row.network, row.days) == ("bluesky", 20)
    assert "keep_bluesky" in str(AuditEntry.objects.filter(verb="changed brand").first().detail)  # type: ignore[union-attr]
    assert 'value="20"' in client.get("/b/acme/settings/").content.decode()


@pytest.mark.parametrize("days", ["0", "-1", "4000", "x"])
def test_it_takes_no_time_that_makes_no_sense(brand: Brand, days: str) -> None:
    assert signed_in(brand).post("/b/acme/settings/", FORM | {"keep_bluesky": days}).status_code == 422
    assert not Retention.objects.exists()
    with pytest.raises(IntegrityError, match="retention_at_least_a_day"), transaction.atomic():
        Retention.objects.create(brand=brand, network="x", days=0)


def test_the_form_and_the_public_page_tell_a_networks_maximum(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rss, "policy", Policy(text_days=30))
    a_source(brand, kind="rss", last_success_at=timezone.now())
    client = signed_in(brand)
    page = client.get("/b/acme/settings/").content.decode()
    assert "At most 30 days: its terms." in page and 'max="30"' in page
    Retention.objects.create(brand=brand, network="bluesky", days=20)
    Notice.objects.create(brand=brand, public=True)
    notice = Client().get("/about/acme/").content.decode()
    assert "Texts for 100 days (from Bluesky 20, from Web 30)" in notice
    assert "legitimate interest" in notice and "Anybody can object" in notice
