"""Answers that X really gave, through the real tweepy; they are not part of the repository."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.record import Record
from ingest.sources.base import Page, Target
from ingest.sources.x import X
from tests.sources.x.fake_x import FakeX

Connect = Callable[..., X]


@pytest.fixture(scope="module")
def recorded(payloads: Path) -> dict[str, list[dict[str, Any]]]:
    """{path: answers} of what tweepy's own tests once recorded."""
    answers: dict[str, list[dict[str, Any]]] = {}
    with (payloads / "tweepy" / "interactions.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            one = json.loads(line)
            path = one["url"].partition("?")[0].removeprefix("https://api.twitter.com")
            answers.setdefault(path, []).append(one)
    return answers


def saved(payloads: Path, name: str) -> Iterator[dict[str, Any]]:
    with (payloads / "x-twarc-csv" / f"{name}.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def answering(fake: FakeX, answers: list[dict[str, Any]]) -> None:
    fake.refusals.extend((one["status"], one["json"], one.get("headers", {})) for one in answers)


def last_pages(bodies: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    """Saved pages as answers of a search; single posts become pages of one."""
    told = []
    for body in bodies:
        data = body["data"] if isinstance(body["data"], list) else [body["data"]]
        told.append({"status": 200, "json": body | {"data": data, "meta": {"result_count": len(data)}}})
    return told


def read(fake: FakeX, connect: Connect, target: Target, answers: list[dict[str, Any]]) -> list[Page]:
    pages = []
    for answer in answers:
        answering(fake, [answer])
        pages += list(connect().poll(target, None))
    return pages


def records(pages: list[Page]) -> list[Record]:
    return [record for page in pages for record in page.records]


def test_it_walks_through_recorded_pages_of_a_search(
    fake: FakeX, connect: Connect, search: Target, recorded: dict[str, list[dict[str, Any]]]
) -> None:
    first, second = (one["json"] for one in recorded["/2/tweets/search/recent"])
    ends = {"status": 200, "json": second | {"meta": {**second["meta"], "next_token": None}}}
    answering(fake, [{"status": 200, "json": first}, ends])
    pages = list(connect().poll(search, None))
    assert [page.done for page in pages] == [False, True]
    assert fake.requests[1][1]["next_token"] == first["meta"]["next_token"]
    posts = first["data"] + second["data"]
    assert {r.external_id for r in records(pages)} == {post["edit_history_tweet_ids"][0] for post in posts}
    assert pages[-1].cursor["since_id"] == max((post["id"] for post in posts), key=int)


def test_it_reads_recorded_mentions_counts_and_accounts(
    fake: FakeX, connect: Connect, mentions: Target, recorded: dict[str, list[dict[str, Any]]]
) -> None:
    body = recorded["/2/users/783214/mentions"][0]
    last = body["json"] | {"meta": {**body["json"]["meta"], "next_token": None}}
    answering(fake, [recorded["/2/users/by"][0], {**body, "json": last}])
    (page,) = connect().poll(mentions, None)
    assert len(page.records) == len(body["json"]["data"])
    counts = recorded["/2/tweets/counts/recent"][0]
    answering(fake, [counts])
    assert sum(connect()._reader.count("tweepy").values()) == counts["json"]["meta"]["total_tweet_count"]


@pytest.mark.parametrize(
    ("name", "posts"),
    [("2sets", 200), ("brexit", 100), ("entities_test", 474), ("kpop", 100), ("noflat", 100), ("withheld", 215)],
)
def test_it_reads_every_post_of_saved_pages(
    fake: FakeX, connect: Connect, search: Target, payloads: Path, name: str, posts: int
) -> None:
    pages = read(fake, connect, search, last_pages(saved(payloads, name)))
    assert sum(len(page.broken) for page in pages) == 0
    assert len(records(pages)) == posts


def test_it_turns_real_partial_errors_into_deletions_and_warnings(
    fake: FakeX, connect: Connect, search: Target, payloads: Path
) -> None:
    bodies = [body for name in ("entities_test", "withheld") for body in saved(payloads, name)]
    pages = read(fake, connect, search, last_pages(iter(bodies)))
    deletions = [deletion for page in pages for deletion in page.deletions]
    assert deletions
    assert all(deletion.id.isdigit() for deletion in deletions)
    assert {deletion.what for deletion in deletions} <= {"post", "author"}
    assert any("deleted" in warning for page in pages for warning in page.warnings)
    assert any("suspended" in warning for page in pages for warning in page.warnings)


def test_it_hides_the_13_posts_that_are_withheld(fake: FakeX, connect: Connect, search: Target, payloads: Path) -> None:
    found = records(read(fake, connect, search, last_pages(saved(payloads, "withheld"))))
    assert sum(record.hidden == "withheld" for record in found) == 13


def test_it_keeps_one_id_for_the_recorded_chain_of_edits(
    fake: FakeX, connect: Connect, search: Target, payloads: Path
) -> None:
    bodies = [*saved(payloads, "edited_before"), *saved(payloads, "edited_after")]
    before, after = records(read(fake, connect, search, last_pages(iter(bodies))))
    assert before.external_id == after.external_id
    assert before.published_at.replace(microsecond=0) == after.published_at.replace(microsecond=0)
    assert after.edited_at is not None
    assert after.edited_at > before.published_at


def test_it_tells_named_from_carried_accounts_in_real_replies(
    fake: FakeX, connect: Connect, search: Target, payloads: Path
) -> None:
    bodies = [body for name in ("brexit", "kpop", "withheld") for body in saved(payloads, name)]
    found = records(read(fake, connect, search, last_pages(iter(bodies))))
    replies = [record for record in found if record.in_reply_to and record.in_reply_to.author]
    assert replies
    for record in replies:
        assert not {account.id for account in record.implied} & {account.id for account in record.mentions}
    quotes = [record for record in found if record.quotes]
    assert all(record.quotes and record.quotes.author for record in quotes[:20])
    assert all(record.reposts and record.reposts.author for record in found if record.text.startswith("RT @"))
