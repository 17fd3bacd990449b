"""One thing that YouTube refuses, or tells oddly, stops nothing but itself."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from ingest.sources.base import SourceError, Tracked, TrackedQuery
from ingest.sources.youtube import YouTube
from tests.sources.loopback import reply
from tests.sources.youtube.conftest import poll, records
from tests.sources.youtube.fake_youtube import ACME, FakeYouTube

Connect = Callable[..., YouTube]
HOUR = timedelta(hours=1)
ONE = Tracked(1, "acme", "Acme", (TrackedQuery(1, "acme"),))


def test_a_search_that_is_refused_each_time_lets_comments_be_read(tube: FakeYouTube, connect: Connect) -> None:
    video = tube.video("A kettle")
    said = tube.comment("acme leaks", video)
    cursors: dict[str, Any] = {}
    brand = Tracked(1, "acme", "Acme", (TrackedQuery(1, "acme"), TrackedQuery(2, "zenith")))
    tube.refuse("search", 400, "invalidSearchFilter", "No such filter.")
    pages = poll(connect(videos=[video]), cursors, brand)
    assert said in records(pages) and pages[-1].done
    assert [told["q"] for told in tube.searched] == ["zenith"], "the other query has its turn"
    (warning,) = {warning for page in pages for warning in page.warnings}
    assert "acme" in warning and "No such filter." in warning
    tube.now += HOUR / 2
    poll(connect(videos=[video]), cursors, brand)
    assert tube.searched[-1]["q"] == "zenith", "it rests"
    tube.now += HOUR
    poll(connect(videos=[video]), cursors, brand)
    assert "acme" in {told["q"] for told in tube.searched}


@pytest.mark.parametrize("odd", ["server", "schema"])
def test_a_video_that_fails_each_time_lets_the_others_be_read(tube: FakeYouTube, connect: Connect, odd: str) -> None:
    bad, good = tube.video("A kettle"), tube.video("A lid")
    broken, said = tube.comment("acme drips", bad), tube.comment("acme leaks", good)
    del tube.comments[broken]["textDisplay"]

    cursors: dict[str, Any] = {}
    source = connect(videos=[bad, good], search=False)
    if odd == "server":
        tube.refuse("commentThreads", 500, "backendError")
    with pytest.raises(SourceError) as told:
        poll(source, cursors, ONE)
    assert told.value.code == odd
    tube.now += HOUR / 4
    assert said in records(poll(connect(videos=[bad, good], search=False), cursors, ONE))


def test_replies_that_are_refused_leave_out_nothing_else(tube: FakeYouTube, connect: Connect) -> None:
    own = tube.video("Our kettle", channel=ACME)
    first = tube.comment("It leaks", own)
    below = [tube.comment(f"Mine too {n}", below=first) for n in range(5)]
    other = tube.comment("Mine is fine", own, age=2 * HOUR)
    tube.refuse("comments", 404, "commentNotFound")
    found = records(poll(connect(search=False), {}))
    assert {first, other, *below[:2]} <= set(found)


def test_a_page_of_nothing_is_not_the_end(tube: FakeYouTube, connect: Connect) -> None:
    own = tube.video("Our kettle", channel=ACME)
    said = {tube.comment(f"It leaks {n}", own, age=timedelta(minutes=n + 1)) for n in range(150)}
    empty = {"kind": "youtube#commentThreadListResponse", "items": [], "nextPageToken": "0"}
    tube.answer("commentThreads", reply(200, empty))
    assert set(records(poll(connect(search=False), {}))) == said


def test_pages_of_nothing_for_ever_end(tube: FakeYouTube, connect: Connect) -> None:
    tube.video("Our kettle", channel=ACME)
    for n in range(50):
        empty = {"kind": "youtube#commentThreadListResponse", "items": [], "nextPageToken": str(n)}
        tube.answer("commentThreads", reply(200, empty))
    assert poll(connect(search=False), {})[-1].done and tube.asked["commentThreads"] < 10
