"""What each network's own terms let us keep: Reddit two days and no trace, YouTube thirty days, others as the brand."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from ingest import forget
from ingest.purge import tombstone_key
from ingest.record import Deletion
from listening.models import Author, Brand, Case, Issue, Mention, PurgeDelay, Subscription, Tombstone
from listening.models.tally import tally_differences
from tests.builders import a_brand, a_member, a_mention, a_source, an_author

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TRACES = ("t3_abc", "t1_parent", "t3_root", "r/mugs", "zanzibar", "reddit.example")


@pytest.fixture
def brand() -> Brand:
    return a_brand()


def a_post(brand: Brand, network: str, age: timedelta, **fields: Any) -> Mention:
    """Read `age` ago, with everything in it that a network may tell."""
    told = {
        "external_id": "t3_abc", "title": "zanzibar", "url": "https://reddit.example/t3_abc", "community": "r/mugs",
        "reply_to": "t1_parent", "thread_root": "t3_root", "links": ["https://reddit.example"], "likes": 7,
        "raw": {"name": "t3_abc"}, "group_key": 77, "spans": {"1": [[0, 4]]},
        "author": an_author(network=network, handle="zanzibar", seen_at=timezone.now() - age),
    }  # fmt: skip
    at = timezone.now() - age
    return a_mention(brand, "acme zanzibar", network=network, collected_at=at, published_at=at, **{**told, **fields})


def test_of_a_reddit_post_only_a_count_is_left_after_two_days(brand: Brand) -> None:
    post = a_post(brand, "reddit", 49 * HOUR)
    before = Mention.objects.count()
    assert forget.expire(timezone.now())["by terms"] == 1
    kept = str(Mention.objects.values().get())
    assert not [trace for trace in TRACES if trace in kept]
    post.refresh_from_db()
    assert post.external_id.startswith("gone:") and post.group_key is None and post.author is None
    assert not Author.objects.exists() and not Tombstone.objects.exists()
    assert Mention.objects.count() == before and tally_differences() == []
    assert forget.expire(timezone.now())["by terms"] == 0


def test_a_reddit_post_whose_text_the_brand_took_before_loses_its_id_too(brand: Brand) -> None:
    post = a_post(brand, "reddit", 49 * HOUR, text_gone_at=timezone.now() - 1 * HOUR)
    forget.expire(timezone.now())
    post.refresh_from_db()
    assert post.external_id.startswith("gone:")


def test_a_deletion_at_reddit_leaves_nothing_but_a_count(brand: Brand) -> None:
    source = a_source(brand, kind="file")
    a_post(brand, "reddit", 1 * HOUR)
    now = timezone.now()
    assert forget.follow([Deletion("reddit", "post", "t3_abc")], now, source) == 1
    assert not Mention.objects.exists() and not Tombstone.objects.exists()
    assert [(one.network, one.n) for one in PurgeDelay.objects.all()] == [("reddit", 1)]
    assert tally_differences() == []


def test_elsewhere_a_keyed_hash_keeps_late_copies_out(brand: Brand) -> None:
    a_post(brand, "mastodon", 1 * HOUR)
    forget.follow([Deletion("mastodon", "post", "t3_abc")], timezone.now())
    assert Tombstone.objects.get().key == tombstone_key("mastodon", "t3_abc")


@pytest.mark.parametrize(
    ("network", "age", "stays"),
    [("youtube", 29 * DAY, True), ("youtube", 31 * DAY, False), ("reddit", 47 * HOUR, True), ("x", 200 * DAY, True)],
)
def test_texts_stay_as_long_as_the_network_allows(brand: Brand, network: str, age: timedelta, stays: bool) -> None:
    post = a_post(brand, network, age)
    forget.expire(timezone.now())
    post.refresh_from_db()
    assert bool(post.text and post.author) is stays
    assert (post.external_id == "t3_abc") is (stays or network == "youtube")
    assert (post.likes == 7) is stays
    assert tally_differences() == []


@pytest.mark.parametrize(("network", "stays"), [("youtube", False), ("reddit", False), ("x", True)])
def test_counts_of_a_post_outlive_its_text_only_where_no_terms_bind_them(
    brand: Brand, network: str, stays: bool
) -> None:
    Brand.objects.filter(pk=brand.pk).update(retention_days=1)
    post = a_post(brand, network, 30 * HOUR)
    assert forget.expire(timezone.now())["texts"] == 1
    post.refresh_from_db()
    assert not post.text and (post.likes == 7) is stays


def test_letters_that_quote_an_expired_post_are_emptied_and_its_case_stays(brand: Brand) -> None:
    post = a_post(brand, "youtube", 31 * DAY)
    Case.objects.create(mention=post, brand=brand)
    subscription = Subscription.objects.create(user=a_member(brand), brand=brand)
    now = timezone.now()
    for number, quoted in enumerate((post.pk, post.pk + 1)):
        start = now - 7 * (number + 1) * DAY
        Issue.objects.create(subscription=subscription, period_start=start, period_end=start + 7 * DAY,
                             next_attempt_at=now, html="zanzibar",
                             text=f"zanzibar /b/x/mentions/{quoted}/")  # fmt: skip
    forget.expire(now)
    assert [bool(issue.text or issue.html) for issue in Issue.objects.order_by("-period_start")] == [False, True]
    assert Case.objects.exists()
