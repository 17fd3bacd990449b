"""X in the pipeline: pulled like any source, stored with its cursor, billed to the day."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingest.pull import pull
from ingest.sweep import sweep
from listening.models import Cursor, Gap, Mention, Source, Spend
from listening.secrets import seal
from tests.builders import a_brand, a_source
from tests.sources.x.fake_x import FakeX

pytestmark = pytest.mark.django_db

NAMED = {
    "entities": {"mentions": [{"start": 0, "end": 5, "username": "acme", "id": "42"}]},
    "display_text_range": [0, 40],
}


@pytest.fixture
def source(fake: FakeX) -> Source:
    brand = a_brand(name="Acme")
    brand.handles.create(network="x", handle="Acme")
    settings = {"api_url": fake.url, "monthly_posts": 1000, "use_case": "testing"}
    row = a_source(brand, kind="x", name="X", settings=settings, credentials=seal({"bearer_token": "t"}))
    Source.objects.filter(pk=row.pk).update(next_pull_at=fake.now)
    return row


def pulled(source: Source, fake: FakeX) -> Any:
    log = pull(source.pk, now=lambda: fake.now)
    assert log is not None
    source.refresh_from_db()
    return log


def test_it_stores_mentions_once_and_bills_them(source: Source, fake: FakeX) -> None:
    posts = {fake.post(f"@Acme where is parcel {n}?", timedelta(minutes=n + 1), **NAMED) for n in range(150)}
    log = pulled(source, fake)
    assert (log.outcome, log.counts["new"], log.counts["spent"]) == ("ok", 150, 152)
    assert set(Mention.objects.values_list("external_id", flat=True)) == posts
    assert set(Mention.objects.values_list("addressed", flat=True)) == {"mentioned"}
    assert Spend.objects.get(source=source).units == 152
    fake.now += timedelta(minutes=10)
    again = pulled(source, fake)
    assert (again.counts["read"], again.counts["spent"]) == (0, 0)
    assert not Gap.objects.exists()


def test_it_follows_edits_and_deletions(source: Source, fake: FakeX) -> None:
    first = fake.post("@Acme where is my parcel?", timedelta(minutes=5), **NAMED)
    gone = fake.post("@Acme I will regret this", timedelta(minutes=4), **NAMED)
    pulled(source, fake)
    fake.now += timedelta(minutes=10)
    second = fake.post("@Acme found my parcel!", timedelta(minutes=2), **NAMED)
    fake.posts[second]["edit_history_tweet_ids"] = [first, second]
    fake.errors = [
        {
            "resource_type": "tweet",
            "resource_id": gone,
            "parameter": "referenced_tweets.id",
            "title": "Not Found Error",
            "detail": f"Could not find tweet with referenced_tweets.id: [{gone}].",
            "type": "https://api.twitter.com/2/problems/resource-not-found",
        }
    ]
    log = pulled(source, fake)
    assert (log.counts["changed"], log.counts["deleted"]) == (1, 1)
    mention = Mention.objects.get()
    assert (mention.external_id, mention.text) == (first, "@Acme found my parcel!")
    assert mention.edited_at is not None
    assert source.warnings


def test_it_stops_at_the_budget_and_goes_on_the_next_day(source: Source, fake: FakeX) -> None:
    Source.objects.filter(pk=source.pk).update(settings=source.settings | {"daily_posts": 100})
    posts = {fake.post(f"@Acme parcel {n}", timedelta(minutes=n + 1), **NAMED) for n in range(150)}
    log = pulled(source, fake)
    assert log.counts["spent"] == 100
    assert source.next_pull_at == datetime(2026, 11, 21, tzinfo=UTC)
    assert any("budget" in warning for warning in source.warnings)
    fake.now = datetime(2026, 11, 21, 0, 1, tzinfo=UTC)
    pulled(source, fake)
    assert set(Mention.objects.values_list("external_id", flat=True)) == posts


def test_it_waits_for_a_window_and_keeps_its_place(source: Source, fake: FakeX) -> None:
    for n in range(150):
        fake.post(f"@Acme parcel {n}", timedelta(minutes=n + 1), **NAMED)

    def refuse(number: int) -> None:
        if number == 2:
            reset = str(int((fake.now + timedelta(minutes=7)).timestamp()))
            fake.refusals.append((429, {"title": "Too Many Requests"}, {"x-rate-limit-reset": reset}))

    fake.before_page = refuse
    log = pulled(source, fake)
    assert (log.outcome, log.error_code, Mention.objects.count()) == ("waiting", "rate_limit", 100)
    assert source.next_pull_at == fake.now + timedelta(minutes=7, seconds=1)
    fake.before_page = lambda number: None
    fake.now = source.next_pull_at
    log = pulled(source, fake)
    assert (log.outcome, log.counts["new"], Mention.objects.count()) == ("ok", 50, 150)


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (403, {"type": "https://api.twitter.com/2/problems/client-forbidden", "detail": "no project"}, "plan"),
        (401, {"title": "Unauthorized"}, "auth"),
        (402, {"title": "CreditsDepleted"}, "quota"),
    ],
)
def test_it_breaks_with_a_sentence_where_trying_again_is_useless(
    source: Source, fake: FakeX, status: int, body: Any, code: str
) -> None:
    fake.refusals.append((status, body, {}))
    log = pulled(source, fake)
    assert log.error_code == code
    assert (source.state, source.error_code) == (Source.State.BROKEN, code)
    assert source.error_sentence
    assert not Cursor.objects.exists()


def test_it_reads_stored_posts_again_within_the_budget(source: Source, fake: FakeX) -> None:
    for n in range(150):
        fake.post(f"@Acme parcel {n}", timedelta(minutes=n + 1), **NAMED)
    pulled(source, fake)
    gone = sorted(fake.posts)[:120]
    for post_id in gone:
        del fake.posts[post_id]
    later = fake.now + timedelta(days=8)
    Mention.objects.update(swept_at=fake.now, collected_at=fake.now)
    Source.objects.filter(pk=source.pk).update(settings=source.settings | {"daily_posts": 20})
    source.refresh_from_db()
    found = [sweep(source, later).gone for _ in range(8)]
    assert sum(found) == len(set(gone) - set(Mention.objects.values_list("external_id", flat=True)))
    assert Spend.objects.get(source=source, day=later.date()).units == 20
    assert Mention.objects.filter(swept_at=later).count() == 20
    assert found[-1] == 0


def test_it_reads_no_post_again_before_its_time(source: Source, fake: FakeX) -> None:
    fake.post("@Acme hello", timedelta(minutes=5), **NAMED)
    pulled(source, fake)
    Mention.objects.update(swept_at=fake.now, collected_at=fake.now)
    fake.requests.clear()
    sweep(source, fake.now + timedelta(days=1))
    assert fake.requests == []
    sweep(source, fake.now + timedelta(days=7, hours=1))
    assert len(fake.requests) == 1
