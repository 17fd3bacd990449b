"""How soon deleted posts are gone: measured, "at most" where the network does not tell, and said on both pages."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.reports.forgetting import of_brand, of_source, up
from listening.models import Brand, Notice, Source
from listening.models.purge_delay import count_delays
from tests.builders import a_brand, a_member, a_source

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def brand() -> Brand:
    return a_brand("Acme", slug="acme")


def gone(source: Source, *minutes: int, told: bool = False, days_ago: int = 0) -> None:
    now = timezone.now() - timedelta(days=days_ago)
    count_delays(source, "mastodon", [(now - n * MINUTE, told) for n in minutes], now)


def test_it_tells_the_median_and_the_95th_percentile_of_thirty_days(brand: Brand) -> None:
    source = a_source(brand, kind="mastodon")
    gone(source, *range(1, 101))
    gone(source, *[9999] * 500, days_ago=31)
    delay = of_source(source, timezone.now()).delay
    assert delay is not None and (delay.n, delay.told) == (100, False)
    assert 50 * MINUTE <= delay.p50 <= 60 * MINUTE and 95 * MINUTE <= delay.p95 <= 113 * MINUTE
    assert "at most" in delay.sentence


def test_counts_of_the_same_day_add_up(brand: Brand) -> None:
    source = a_source(brand, kind="bluesky")
    for _ in range(3):
        gone(source, 0, 0, told=True)
    delay = of_source(source, timezone.now()).delay
    assert delay is not None and (delay.n, delay.told, up(delay.p95)) == (6, True, "1 second")
    assert "at most" not in delay.sentence


def test_the_page_of_a_source_and_the_public_page_say_it(brand: Brand) -> None:
    source = a_source(brand, kind="mastodon")
    feed = a_source(brand, kind="rss", name="Feed")
    a_source(brand, kind="sample", name="Sample")
    gone(source, 5, 5, 8)
    client = Client()
    client.force_login(a_member(brand))
    page = client.get(f"/b/acme/settings/sources/{source.pk}/").content.decode()
    assert "at most 9 minutes" in page and "those up to 1 day old every 10 minutes" in page
    assert "those up to 30 days old every day, older ones every 30 days" in page
    assert "Nothing tells what is deleted there" in client.get(f"/b/acme/settings/sources/{feed.pk}/").content.decode()
    Notice.objects.create(brand=brand, public=True, purpose="Mugs.")
    public = Client().get("/about/acme/").content.decode()
    assert "Mastodon: in the last 30 days 3 deleted posts were gone from here" in public
    assert [one.label for one in of_brand(brand, timezone.now())] == ["Feeds", "Mastodon"]


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.2, "1 second"), (119, "119 seconds"), (121, "3 minutes"), (7201, "3 hours"), (172_801, "3 days")],
)
def test_a_delay_is_never_rounded_down(seconds: float, told: str) -> None:
    assert up(timedelta(seconds=seconds)) == told
