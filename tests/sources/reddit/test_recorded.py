"""Answers that Reddit really gave between 2016 and 2026, through the real PRAW; they are not part of the repository."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.clean import clean
from ingest.enrich.addressed import judge
from ingest.record import Record, Skip
from ingest.sources.base import OwnHandle, Target
from ingest.sources.reddit.hearing import hear
from ingest.sources.reddit.posts import PLACEHOLDER, gone
from ingest.sources.reddit.subreddits import digest
from tests.sources.loopback import Loopback, recordings, reply
from tests.sources.reddit.conftest import Clock, Connect
from tests.sources.reddit.server import SECRET, SIGNED_IN

LOOKED = {"closed": {}, "looked": 1e12, "of": digest(["all"])}


@pytest.fixture(scope="module")
def recorded(payloads: Path) -> list[dict[str, Any]]:
    return recordings(payloads / "reddit-praw" / "interactions.jsonl")


@pytest.fixture
def reddit(net: Loopback, recorded: list[dict[str, Any]]) -> Loopback:
    token = {"access_token": "t", "token_type": "bearer", "expires_in": 3600, "scope": "*"}
    net.script("POST", "/api/v1/access_token", reply(200, token, {"Connection": "close"}))
    net.play(recorded)
    return net


def things(told: Any) -> Iterator[dict[str, Any]]:
    """Every comment and submission in an answer, however deep."""
    if isinstance(told, dict):
        if told.get("kind") in ("t1", "t3") and isinstance(told.get("data"), dict):
            yield told
        for value in told.values():
            yield from things(value)
    elif isinstance(told, list):
        for value in told:
            yield from things(value)


def test_every_recorded_post_is_a_record_or_gone(recorded: list[dict[str, Any]]) -> None:
    counts: Counter[str] = Counter()
    for thing in (thing for line in recorded for thing in things(line.get("json"))):
        heard = hear([thing], {})
        assert not heard.broken
        counts["gone"] += len(heard.deletions)
        for record in heard.records:
            assert not PLACEHOLDER.fullmatch(record.text) and record.author and record.author.handle != "[deleted]"
            counts[_cleaned(record)] += 1
    assert counts["gone"] > 40 and counts["read"] > 5_000 and counts["no text"] < 60, counts


def _cleaned(record: Record) -> str:
    try:
        done = clean(record)
    except Skip as skip:
        return skip.reason
    assert "<" not in done.text or "<" in record.text.replace("<div", "").replace("<p", "")
    assert done.url and done.url.startswith("https://reddit.com/") and done.community
    return "read"


def test_it_reads_recorded_listings(reddit: Loopback, connect: Connect, clock: Clock) -> None:
    clock.now = datetime(2016, 12, 22, 2, 17, tzinfo=UTC)
    source = connect()
    for what, path in (("subreddits:comments", "/r/all/comments/"), ("subreddits:new", "/r/all/new")):
        (first, *_) = source.poll(Target("t", "T", params={"what": what, "subreddits": ["all"]}), LOOKED)
        assert len(first.records) > 50 and first.newest
        assert path in reddit.paths()
        after = list(source.poll(Target("t", "T", params={"what": what, "subreddits": ["all"]}), first.cursor))
        assert after, "the cursor leads on"


def test_it_reads_a_recorded_search(reddit: Loopback, connect: Connect) -> None:
    found = list(connect().preview("praw oauth search"))
    assert len(found) == 6 and all(record.title for record in found)


def test_it_reads_recorded_messages(reddit: Loopback, connect: Connect, clock: Clock) -> None:
    me = {"name": "<USERNAME>", "id": "x"}
    reddit.script("GET", "/api/v1/me", reply(200, me))
    clock.now = datetime(2019, 4, 9, 2, 0, tzinfo=UTC)
    source = connect(SIGNED_IN, username="<USERNAME>")
    page = next(source.poll(Target("inbox:mentions", "M", params={"what": "mentions"}), None))
    shown = [request.params["id"] for request in reddit.requests if request.path == "/api/info/"]
    assert page.cursor and shown and shown[0].startswith("t1_")


def test_it_looks_recorded_posts_up(
    reddit: Loopback, recorded: list[dict[str, Any]], connect: Connect, clock: Clock
) -> None:
    lines = [line for line in recorded if "/api/info/" in line["url"]]
    shown = {one["data"]["name"]: one for line in lines for one in things(line["json"])}
    told = {status.external_id: status for status in connect(SECRET).hydrate(list(shown)[:1])}
    (name, status) = next(iter(told.items()))
    edited = shown[name]["data"].get("edited")
    assert status.state == ("gone" if gone(shown[name]) else "changed" if edited else "alive")


def test_recorded_mentions_name_the_account(recorded: list[dict[str, Any]]) -> None:
    (line,) = (line for line in recorded if "/message/mentions" in line["url"])
    told = [one for one in things(line["json"]) if not gone(one)]
    handle = "<USERNAME>"
    named = {one["data"]["name"]: one["data"]["dest"] for one in told}
    verdicts = [
        judge(clean(record), (OwnHandle("reddit", handle),)).verdict for record in hear(told, {}, named).records
    ]
    assert len(verdicts) >= 15 and set(verdicts) == {"mentioned"}
