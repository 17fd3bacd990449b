"""Money: what may still be read is a hard line, and what was read is told."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from ingest.sources.base import SourceError, Target
from ingest.sources.x import X
from tests.sources.x.fake_x import FakeX

Connect = Callable[..., X]


def fill(fake: FakeX, number: int) -> None:
    for n in range(number):
        fake.post(f"Acme {n}", timedelta(minutes=n + 1))


@pytest.mark.parametrize(
    ("allowance", "read"), [(0, 0), (9, 0), (10, 10), (99, 99), (100, 100), (109, 100), (255, 255)]
)
def test_it_never_reads_more_than_is_allowed(
    fake: FakeX, connect: Connect, search: Target, allowance: int, read: int
) -> None:
    fill(fake, 300)
    pages = list(connect(allowance).poll(search, None))
    assert sum(len(page.records) for page in pages) == read
    assert sum(page.spent for page in pages) == read <= allowance
    assert sum(int(params["max_results"]) for _, params, _ in fake.requests) <= allowance
    assert not pages[-1].done
    assert pages[-1].retry_at == datetime(2026, 11, 21, tzinfo=UTC)
    assert "budget" in pages[-1].warnings[0]


def test_it_goes_on_where_the_budget_ended(fake: FakeX, connect: Connect, search: Target) -> None:
    fill(fake, 150)
    first = list(connect(100).poll(search, None))
    second = list(connect(100).poll(search, first[-1].cursor))
    ids = [record.external_id for page in first + second for record in page.records]
    assert len(ids) == len(set(ids)) == 150


def test_it_shares_one_budget_between_targets(fake: FakeX, connect: Connect, search: Target, mentions: Target) -> None:
    fill(fake, 80)
    source = connect(100)
    spent = [sum(page.spent for page in source.poll(target, None)) for target in (search, mentions)]
    assert spent == [80, 20]


def test_it_counts_the_reading_of_an_account_twice(fake: FakeX, connect: Connect, mentions: Target) -> None:
    fill(fake, 1)
    assert sum(page.spent for page in connect(20).poll(mentions, None)) == 3
    (page,) = connect(1).poll(mentions, None)
    assert page.spent == 0
    assert page.retry_at


def test_it_asks_for_fewer_posts_where_each_brings_its_author(fake: FakeX, connect: Connect, search: Target) -> None:
    fill(fake, 100)
    list(connect(100, expand_users=True, expand_posts=True).poll(search, None))
    assert fake.requests[0][1]["max_results"] == "20"
    assert fake.requests[0][1]["expansions"] == "author_id,referenced_tweets.id"


def test_it_asks_for_no_users_unless_told(fake: FakeX, connect: Connect, search: Target) -> None:
    list(connect().poll(search, None))
    params = fake.requests[0][1]
    assert "expansions" not in params
    assert "user.fields" not in params
    assert {"note_tweet", "display_text_range", "edit_controls", "withheld"} <= set(params["tweet.fields"].split(","))


def test_it_previews_within_the_budget(fake: FakeX, connect: Connect) -> None:
    fill(fake, 60)
    assert len(list(connect().preview("acme", 50))) == 50
    assert len(list(connect(15).preview("acme", 50))) == 15
    with pytest.raises(SourceError):
        list(connect(3).preview("acme", 50))


def test_it_tells_what_a_query_would_cost(fake: FakeX, connect: Connect) -> None:
    estimate = connect().estimate("acme")
    assert (estimate.posts_7_days, estimate.posts_per_month) == (70, 300)
    assert estimate.dollars_per_month == 1.5
    assert [path for path, _, _ in fake.requests] == ["/2/tweets/counts/recent"]


@pytest.mark.parametrize(("budget", "words"), [(10_000, "fits into"), (200, "is more than")])
def test_it_forecasts_in_a_sentence(fake: FakeX, connect: Connect, budget: int, words: str) -> None:
    told = connect(monthly_posts=budget).forecast("acme")
    assert told.startswith("X had 70 such posts in the last seven days: about 300 and $1.50 a month.")
    assert words in told
    assert "give the query a whole word" in connect().forecast("acm*")
    assert connect().forecast("acme AND source:bluesky") == "No post of X can match this query."
    assert len(fake.requests) == 1


def test_it_reads_stored_posts_again_as_far_as_the_budget_goes(fake: FakeX, connect: Connect) -> None:
    ids = [fake.post(f"Acme {n}") for n in range(230)]
    source = connect(150)
    assert len(list(source.hydrate(ids))) == 150
    assert source.spent == 150
