"""Search and notifications: walks back in time that are capped, cut off, limited and refused."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingest.sources.base import Cursor, OwnHandle, Page, SourceError
from ingest.sources.bluesky import Bluesky, reading
from tests.sources.bluesky.builders import a_brand, a_config
from tests.sources.bluesky.fake_appview import FakeAppView, a_view, uris, views
from tests.sources.loopback import Loopback, reply

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def appview() -> Iterator[FakeAppView]:
    with Loopback() as net:
        yield FakeAppView(net)


def a_source(appview: FakeAppView, login: bool = True, **settings: Any) -> Bluesky:
    account = {"identifier": "acme.example", "app_password": "right"} if login else {}
    given = {"api_url": appview.net.url, "appview_url": appview.net.url, "now": lambda: NOW, **account, **settings}
    return Bluesky(a_config(**given))


def walk(source: Bluesky, cursor: Cursor | None = None, key: str = "search") -> list[Page]:
    brand = a_brand("acme", handles=(OwnHandle("bluesky", "acme.example", "did:plc:brand"),))
    target = next(target for target in source.targets([brand]) if target.key.startswith(key))
    return list(source.poll(target, cursor))


def ids(pages: list[Page]) -> list[str]:
    return [record.external_id for page in pages for record in page.records]


@pytest.mark.parametrize("dies_at_cap", [False, True])
def test_it_finds_25000_posts_although_search_ends_at_10000(
    appview: FakeAppView, dies_at_cap: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "WALKING_SECONDS", 600.0)
    appview.posts, appview.dies_at_cap = views(25_000, NOW - timedelta(minutes=1)), dies_at_cap
    pages = walk(a_source(appview))
    assert set(ids(pages)) == uris(appview.posts)
    assert len(ids(pages)) == 25_000
    assert pages[-1].done
    assert not [hole for page in pages for hole in page.holes]


def test_it_keeps_both_ends_of_a_walk_in_every_request(appview: FakeAppView) -> None:
    appview.posts = views(450, NOW - timedelta(minutes=1))
    walk(a_source(appview, backfill_days=3))
    asked = appview.asked("searchPosts")
    assert len(asked) == 5
    assert {request.value("since") for request in asked} == {"2026-11-20T12:00:00.000Z"}
    assert {request.value("until") for request in asked} == {"2026-11-23T12:00:00.000Z"}


def test_it_goes_on_where_it_was_cut_off(appview: FakeAppView) -> None:
    appview.posts = views(1000, NOW - timedelta(minutes=1))
    stored: set[str] = set()
    cursor: Cursor | None = None
    for _ in range(10):
        source = a_source(appview, out_of_time=lambda: True)  # one page, then the time is over
        (page,) = walk(source, cursor)
        stored |= set(ids([page]))
        cursor = page.cursor
    assert stored == uris(appview.posts)
    assert len(appview.asked("searchPosts")) == 10


def test_it_rests_between_walks_and_then_reads_the_last_hour_again(appview: FakeAppView) -> None:
    appview.posts = views(3, NOW - timedelta(minutes=1))
    first = walk(a_source(appview))
    resting = walk(a_source(appview, now=lambda: NOW + timedelta(minutes=10)), first[-1].cursor)
    assert (len(appview.asked("searchPosts")), ids(resting)) == (1, [])
    walk(a_source(appview, now=lambda: NOW + timedelta(minutes=16)), first[-1].cursor)
    assert appview.asked("searchPosts")[-1].value("since") == "2026-11-23T11:00:00.000Z"


def test_it_waits_until_the_reset_that_a_429_names(appview: FakeAppView) -> None:
    appview.posts, appview.limited_until = views(3, NOW - timedelta(minutes=1)), NOW + timedelta(minutes=4)
    (limited,) = walk(a_source(appview))
    assert "pause until 12:04 UTC" in limited.warnings[0]
    (resting,) = walk(a_source(appview, now=lambda: NOW + timedelta(minutes=3)), limited.cursor)
    assert resting.warnings == limited.warnings
    assert len(appview.asked("searchPosts")) == 1
    appview.limited_until = None
    later = walk(a_source(appview, now=lambda: NOW + timedelta(minutes=5)), limited.cursor)
    assert len(ids(later)) == 3
    assert not later[-1].warnings


def test_it_records_a_hole_and_asks_for_a_password_when_page_two_is_refused(appview: FakeAppView) -> None:
    appview.posts, appview.anonymous_pages = views(250, NOW - timedelta(minutes=1)), 1
    pages = walk(a_source(appview, login=False))
    (hole,) = (hole for page in pages for hole in page.holes)
    assert len(ids(pages)) == 100
    assert hole.start == NOW - timedelta(days=7)
    assert hole.end == min(record.published_at for page in pages for record in page.records)
    assert "app password" in pages[-1].warnings[0]
    assert walk(a_source(appview, login=False), pages[-1].cursor)[0].done
    assert len(appview.asked("searchPosts")) == 2


def test_it_says_once_that_search_needs_a_login(appview: FakeAppView) -> None:
    (page,) = walk(a_source(appview, login=False))
    assert "app password" in page.warnings[0]
    assert page.holes == []


def test_it_keeps_listening_when_the_password_is_wrong(appview: FakeAppView) -> None:
    (page,) = walk(a_source(appview, app_password="wrong"))
    assert "refused the login" in page.warnings[0]
    check = a_source(appview, app_password="wrong").check()
    assert not check.ok


@pytest.mark.parametrize(("status", "body"), [(500, "oops"), (502, ""), (200, "<html>"), (200, "[]"), (404, "{}")])
def test_it_tries_again_later_when_the_server_is_unwell(appview: FakeAppView, status: int, body: str) -> None:
    appview.net.script(
        "GET", "/xrpc/app.bsky.feed.searchPosts", reply(status, body, {"content-type": "application/json"})
    )
    (page,) = walk(a_source(appview))
    assert page.warnings
    assert datetime.fromisoformat(str(page.cursor["again"])) > NOW
    assert page.cursor["walk"]  # and goes on from the same place


def test_it_sets_odd_posts_aside_and_keeps_the_rest(appview: FakeAppView) -> None:
    good, odd = a_view(1, NOW - timedelta(minutes=1)), a_view(2, NOW - timedelta(minutes=1))
    odd["record"] = {"text": None}
    appview.posts = [good, odd]
    (page,) = walk(a_source(appview))
    assert ids([page]) == [good["uri"]]
    assert "text" in page.broken[0].reason


def test_it_drops_what_lies_before_the_walk_although_the_server_sent_it(appview: FakeAppView) -> None:
    appview.net.script(
        "GET",
        "/xrpc/app.bsky.feed.searchPosts",
        reply(200, {"posts": [a_view(1, NOW - timedelta(days=1)), a_view(2, NOW - timedelta(days=30))]}),
    )
    (page,) = walk(a_source(appview))
    assert [record.text for record in page.records] == ["acme 1"]


def test_it_reads_notifications_of_an_own_account(appview: FakeAppView) -> None:
    told = a_view(1, NOW - timedelta(minutes=5), "hello brand")
    appview.notifications = [{**told, "reason": "mention", "isRead": False}, {**a_view(2, NOW), "reason": "like"}]
    pages = walk(a_source(appview), key="notifications")
    assert [record.text for page in pages for record in page.records] == ["hello brand 1"]


def test_it_leaves_notifications_of_strangers_accounts_alone(appview: FakeAppView) -> None:
    appview.net.script("GET", "/xrpc/com.atproto.server.getSession", reply(200, {"did": "did:plc:somebody"}))
    (page,) = walk(a_source(appview, identifier="private.example"), key="notifications")
    assert page.done
    assert not appview.asked("listNotifications")


def test_it_asks_for_stored_posts_25_at_a_time(appview: FakeAppView) -> None:
    appview.posts = views(60, NOW)
    asked = [view["uri"] for view in appview.posts] + ["at://did:plc:gone/app.bsky.feed.post/1"]
    statuses = list(a_source(appview).hydrate(asked))
    assert [status.external_id for status in statuses] == asked
    assert [status.state for status in statuses] == ["alive"] * 60 + ["gone"]
    assert statuses[0].record is not None


def test_it_takes_nothing_for_gone_when_the_answer_makes_no_sense(appview: FakeAppView) -> None:
    appview.net.script("GET", "/xrpc/app.bsky.feed.getPosts", reply(200, {"error": "?"}))
    with pytest.raises(SourceError):
        list(a_source(appview).hydrate(["at://did:plc:ann/app.bsky.feed.post/1"]))


def test_it_previews_by_search_with_an_account(appview: FakeAppView) -> None:
    appview.posts = views(5, NOW)
    assert len(list(a_source(appview).preview("acme", limit=3))) == 3


def test_it_logs_in_once_for_many_pulls(appview: FakeAppView) -> None:
    for _ in range(5):
        walk(a_source(appview))
    assert len(appview.asked("createSession")) == 1
