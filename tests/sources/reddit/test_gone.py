"""Stored posts are looked up again: what is gone at Reddit goes, what was edited is read anew, all else stays."""

from typing import Any

import pytest

from ingest.sources.base import SourceError, Status
from ingest.sources.reddit import Reddit
from tests.sources.loopback import Loopback, reply
from tests.sources.reddit.conftest import Connect
from tests.sources.reddit.server import Server
from tests.sources.reddit.test_reading import asked


def looked_up(source: Reddit, *things: dict[str, Any], stored: dict[str, Any] | None = None) -> dict[str, Status]:
    source.stored = stored or {}
    return {status.external_id: status for status in source.hydrate([one["name"] for one in things])}


def test_it_tells_what_became_of_posts(server: Server, connect: Connect) -> None:
    stays, deleted, removed, nobody = (server.comment(f"part {n}") for n in range(4))
    taken, author = server.submission("a"), server.submission("b")
    server.delete(deleted)
    server.delete(removed, "[removed]")
    nobody["author"] = "[deleted]"
    taken["removed_by_category"] = "moderator"
    author["removed_by_category"] = "deleted"
    told = looked_up(connect(), stays, deleted, removed, nobody, taken, author)
    assert told[stays["name"]].state == "alive"
    assert {told[one["name"]].state for one in (deleted, removed, nobody, taken, author)} == {"gone"}


def test_an_edited_post_is_read_anew_once(server: Server, connect: Connect) -> None:
    brand = server.submission("ours", author="acme")
    post = server.comment("better now", to=server.comment(to=brand, author="acme"), edited=1_795_430_000.0)
    (status,) = looked_up(connect(), post, stored={post["name"]: {"edited": False}}).values()
    assert status.state == "changed" and status.record and "better now" in status.record.text
    assert status.record.in_reply_to and status.record.in_reply_to.author
    assert status.record.in_reply_to.author.handle == "acme", "who it answers is still known"
    (status,) = looked_up(connect(), post, stored={post["name"]: status.record.raw}).values()
    assert status.state == "alive"
    (status,) = looked_up(connect(), post, stored={}).values()
    assert status.state == "changed", "what was kept beside it is missing"


def test_what_is_missing_is_asked_for_twice_before_it_counts_as_gone(
    server: Server, net: Loopback, connect: Connect
) -> None:
    posts = [server.comment(f"part {n}") for n in range(3)]
    short = {"kind": "Listing", "data": {"children": server.things[:1], "after": None}}
    net.script("GET", "/api/info/", reply(200, short), reply(200, {"data": {"children": server.things[1:2]}}))
    told = looked_up(connect(), *posts)
    assert [told[one["name"]].state for one in posts] == ["alive", "alive", "gone"]
    assert [one.params["id"].count(",") for one in asked(net, "/api/info/")] == [2, 1]


def test_a_hundred_are_asked_for_at_once_and_ids_of_files_not_at_all(
    server: Server, net: Loopback, connect: Connect
) -> None:
    posts = [server.comment(f"part {n}") for n in range(250)]
    source = connect()
    told = list(source.hydrate([*(one["name"] for one in posts), "row-7"]))
    assert len(told) == 250 and {status.state for status in told} == {"alive"}
    assert [one.params["id"].count(",") + 1 for one in asked(net, "/api/info/")] == [100, 100, 50]


def test_a_third_of_the_requests_is_left_for_new_posts(server: Server, net: Loopback, connect: Connect) -> None:
    posts = [server.comment(f"part {n}") for n in range(250)]
    server.headers = {"x-ratelimit-remaining": "150", "x-ratelimit-used": "450", "x-ratelimit-reset": "60"}
    told: list[Status] = []
    with pytest.raises(SourceError, match="fewer requests") as error:
        told.extend(connect().hydrate([one["name"] for one in posts]))
    assert len(asked(net, "/api/info/")) == 1
    assert error.value.retry_at


def test_time_that_is_over_ends_it(server: Server, net: Loopback, connect: Connect) -> None:
    assert list(connect(spare=lambda: True).hydrate([server.comment()["name"]])) == []
    assert not asked(net, "/api/info/")


def test_an_edited_post_that_cannot_be_read_stops_no_other(server: Server, connect: Connect) -> None:
    odd, better = (server.comment(f"part {n}", edited=1_795_430_000.0) for n in range(2))
    gone = server.comment("part 3")
    server.delete(gone)
    del odd["subreddit"]
    told = looked_up(connect(), odd, better, gone)
    assert {name: one.state for name, one in told.items()} == {
        odd["name"]: "alive",
        better["name"]: "changed",
        gone["name"]: "gone",
    }
