"""Answers that YouTube really gave, through Google's own client; they are not part of the repository."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest.clean import clean
from ingest.record import Record
from ingest.sources.base import Page, SourceError, Tracked, TrackedQuery
from ingest.sources.youtube import YouTube
from tests.sources.loopback import reply
from tests.sources.youtube.conftest import BRAND, poll
from tests.sources.youtube.fake_youtube import FakeYouTube

Connect = Callable[..., YouTube]
LONG = {"back_fill_days": 20_000}


@pytest.fixture(scope="module")
def recorded(payloads: Path) -> Callable[[str], Any]:
    def read(name: str) -> Any:
        return json.loads((payloads / "youtube" / f"{name}.json").read_text(encoding="utf-8"))

    return read


def last(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "nextPageToken"}


def found(pages: list[Page]) -> list[Record]:
    assert not [one for page in pages for one in page.broken]
    return [record for page in pages for record in page.records]


def test_it_walks_through_recorded_pages_of_comments(
    tube: FakeYouTube, connect: Connect, recorded: Callable[[str], Any]
) -> None:
    first, second = (recorded(f"comment_threads/comment_threads_by_video_paged_{n}") for n in (1, 2))
    for body in (first, last(second)):
        tube.answer("commentThreads", reply(200, body))
    cursors: dict[str, Any] = {}
    read = found(poll(connect(search=False, **LONG), cursors))
    threads = [*first["items"], *second["items"]]
    below = [one for thread in threads for one in (thread.get("replies") or {}).get("comments", [])]
    assert len(read) == len(threads) + len(below) > 5
    assert tube.net.requests[-1].params["pageToken"] == first["nextPageToken"]
    assert cursors["channel:acme"]["newest"]
    for record in read:
        assert clean(record, tube.now).text and record.author and record.author.id.startswith("UC")


def test_html_of_recorded_comments_becomes_words(
    tube: FakeYouTube, connect: Connect, recorded: Callable[[str], Any]
) -> None:
    body = recorded("comment_threads/comment_threads_by_video_paged_1")
    tube.answer("commentThreads", reply(200, last(body)))
    texts = [clean(record).text for record in found(poll(connect(search=False, **LONG), {}))]
    originals = [item["snippet"]["topLevelComment"]["snippet"]["textOriginal"] for item in body["items"]]
    assert any("<" in item["snippet"]["topLevelComment"]["snippet"]["textDisplay"] for item in body["items"])
    assert [" ".join(text.split()) for text in texts[: len(originals)]] == [" ".join(t.split()) for t in originals]


@pytest.mark.parametrize("name", ["comment_threads_by_channel", "comment_threads_all_to_me", "comment_thread_single"])
def test_it_reads_recorded_comments_of_channels(
    tube: FakeYouTube, connect: Connect, recorded: Callable[[str], Any], name: str
) -> None:
    body = recorded(f"comment_threads/{name}")
    tube.answer("commentThreads", reply(200, last(body)))
    assert found(poll(connect(search=False, **LONG), {}))


def test_it_reads_recorded_replies(tube: FakeYouTube, connect: Connect, recorded: Callable[[str], Any]) -> None:
    thread = recorded("comment_threads/comment_thread_single")
    item = thread["items"][0]
    item["snippet"]["totalReplyCount"] = 99
    tube.answer("commentThreads", reply(200, thread))
    pages = [recorded(f"comments/comments_by_parent_paged_{n}") for n in (1, 2)]
    for body in (pages[0], last(pages[1])):
        tube.answer("comments", reply(200, body))
    read = {record.external_id: record for record in found(poll(connect(search=False, **LONG), {}))}
    replies = [one for body in pages for one in body["items"]]
    assert {one["id"] for one in replies} <= set(read)
    for one in replies:
        told = read[one["id"]].in_reply_to
        assert told and told.id == one["snippet"]["parentId"]


def test_it_searches_and_reads_recorded_videos(
    tube: FakeYouTube, connect: Connect, recorded: Callable[[str], Any]
) -> None:
    for body in (recorded("search/search_by_keywords_p1"), last(recorded("search/search_by_keywords_p2"))):
        tube.answer("search", reply(200, body))
    for _ in (1, 2):
        tube.answer("videos", reply(200, recorded("videos/videos_info_multi")))
    brand = Tracked(1, "acme", "Acme", (TrackedQuery(1, "surf"),))
    source = connect()
    read = {
        record.external_id: record for page in source.poll(source.targets([brand])[0], None) for record in page.records
    }
    assert set(read) == {item["id"] for item in recorded("videos/videos_info_multi")["items"]}
    assert tube.net.requests[0].params["q"] == "surf"
    ids = [item["id"]["videoId"] for item in recorded("search/search_by_keywords_p1")["items"]]
    assert tube.net.requests[1].params["id"] == ",".join(ids)
    assert all(record.title and record.author for record in read.values())


def test_recorded_comments_and_videos_are_looked_up(
    tube: FakeYouTube, connect: Connect, recorded: Callable[[str], Any]
) -> None:
    comments, videos = recorded("comments/comments_multi"), recorded("videos/videos_info_multi")
    ids = [item["id"] for item in (*comments["items"], *videos["items"])]
    tube.answer("comments", reply(200, comments))
    tube.answer("videos", reply(200, videos))
    told = {status.external_id: status.state for status in connect().hydrate(ids)}
    assert told == dict.fromkeys(ids, "alive")


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("error_response", 400, "auth"),
        ("error_permission_resp", 403, "auth"),
        ("error_response_simple", 400, "settings"),
    ],
)
def test_recorded_errors_have_sentences(
    tube: FakeYouTube, connect: Connect, recorded: Callable[[str], Any], name: str, status: int, code: str
) -> None:
    tube.answer("channels", reply(status, recorded(name)))
    with pytest.raises(SourceError) as refused:
        poll(connect(), {}, BRAND)
    assert refused.value.code == code
