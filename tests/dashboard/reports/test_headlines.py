"""One story under many addresses is one group with its size and its first day."""

from datetime import UTC, datetime, timedelta

from django.test import Client

from dashboard.reports.headlines import shared
from listening.models import Mention
from tests.builders import a_brand, a_member, a_mention

START = datetime(2026, 5, 4, tzinfo=UTC)
TITLE = "Acme recalls its kettles in Europe"


def test_it_counts_identical_titles_and_keeps_the_first_day(db: None) -> None:
    brand, other = a_brand(), a_brand()
    for i in range(3):
        a_mention(brand=brand, title=TITLE, text=f"copy {i}", published_at=START + timedelta(days=i))
    a_mention(brand=brand, title="Acme recalls its kettles in Asia", text="another story", published_at=START)
    a_mention(brand=brand, title="Update", text="a", published_at=START)
    a_mention(brand=brand, title="Update", text="b", published_at=START)
    a_mention(brand=other, title=TITLE, text="somebody else's", published_at=START - timedelta(days=9))
    found = shared(brand, Mention.objects.filter(brand=brand))
    assert set(found) == {TITLE}
    assert (found[TITLE].count, found[TITLE].first) == (3, START)


def test_a_page_says_how_many_carry_the_headline(db: None, client: Client) -> None:
    brand = a_brand()
    for i in range(2):
        a_mention(brand=brand, title=TITLE, text=f"copy {i}", published_at=START)
    client.force_login(a_member(brand))
    page = client.get(f"/b/{brand.slug}/mentions/?from=2026-05-01&to=2026-05-10").content.decode()
    assert page.count("2 mentions carry this headline") == 2
