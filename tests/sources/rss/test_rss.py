"""Feeds are asked politely, followed when they move, and never silently broken."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingest.sources import load
from ingest.sources.base import Config, Cursor, Page, SourceError
from ingest.sources.rss import Rss
from ingest.sources.rss.place import remembered
from listening.query import QueryError
from tests.sources.loopback import Loopback, reply
from tests.sources.rss.feeds import ATOM, NOW, PAGE, item, json_feed, numbered, rss


@pytest.fixture
def net() -> Iterator[Loopback]:
    with Loopback() as network:
        yield network


def a_source(*feeds: str, now: datetime = NOW) -> Rss:
    return Rss(Config(settings={"feeds": list(feeds)}, credentials={}, now=lambda: now))


def poll(source: Rss, cursor: Cursor | None = None, number: int = 0) -> Page:
    (page,) = source.poll(source.targets([])[number], cursor)
    return page


def feed_error(source: Rss, cursor: Cursor | None = None) -> SourceError:
    with pytest.raises(SourceError) as caught:
        poll(source, cursor)
    return caught.value


def test_it_stands_in_the_catalogue() -> None:
    assert load("rss") is Rss


def test_it_reads_a_feed(net: Loopback) -> None:
    net.script("GET", "/feed", reply(200, numbered(range(1, 21))))
    page = poll(a_source(net.url + "/feed"))
    assert len(page.records) == 20
    assert (page.done, page.newest, page.retry_at, page.holes) == (True, NOW - timedelta(minutes=1), None, [])
    assert "application/atom+xml" in net.requests[0].headers["accept"]


def test_it_asks_whether_the_feed_changed(net: Loopback) -> None:
    told = {"ETag": 'W/"7"', "Last-Modified": "Mon, 23 Nov 2026 11:00:00 GMT"}
    net.script("GET", "/feed", reply(200, numbered([1]), told), reply(304))
    source = a_source(net.url + "/feed")
    first = poll(source)
    second = poll(source, first.cursor)
    asked = net.requests[1].headers
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('W/"7"', "Mon, 23 Nov 2026 11:00:00 GMT")
    assert (second.records, second.done, remembered(second.cursor).etag) == ((), True, 'W/"7"')


def test_the_same_feed_read_twice_tells_the_same_records(net: Loopback) -> None:
    net.script("GET", "/feed", reply(200, numbered(range(20))))
    source = a_source(net.url + "/feed")
    first = poll(source)
    again = poll(source, first.cursor)
    assert again.records == first.records
    assert again.cursor == first.cursor


def test_it_follows_a_feed_that_moved_for_good(net: Loopback) -> None:
    net.script("GET", "/old", reply(301, headers={"Location": "/new"}))
    net.script("GET", "/new", reply(200, numbered([1])))
    source = a_source(net.url + "/old")
    first = poll(source)
    assert "has moved for good" in first.warnings[0]
    assert (net.url + "/new") in first.warnings[0]
    second = poll(source, first.cursor)
    assert net.paths() == ["/old", "/new", "/new"]
    assert second.warnings == first.warnings
    assert [r.external_id for r in second.records] == [r.external_id for r in first.records]


def test_it_forgets_a_new_address_that_fails(net: Loopback) -> None:
    net.script("GET", "/old", reply(308, headers={"Location": "/new"}))
    net.script("GET", "/new", reply(200, numbered([1])), reply(404))
    source = a_source(net.url + "/old")
    second = poll(source, poll(source).cursor)
    assert "not there (404)" in second.warnings[0]
    net.script("GET", "/old", reply(200, numbered([1, 2])))
    third = poll(source, second.cursor)
    assert (len(third.records), third.warnings) == (2, [])


def test_it_keeps_asking_the_old_address_after_a_passing_redirect(net: Loopback) -> None:
    net.script("GET", "/old", reply(302, headers={"Location": "/today"}))
    net.script("GET", "/today", reply(200, numbered([1])))
    source = a_source(net.url + "/old")
    page = poll(source)
    assert (page.warnings, remembered(page.cursor).url) == ([], None)


def test_a_redirect_to_a_page_is_not_remembered(net: Loopback) -> None:
    """A hotel's sign-in page answers everything with a permanent redirect."""
    net.script("GET", "/feed", reply(301, headers={"Location": "/login"}))
    net.script("GET", "/login", reply(200, "<html><body>Welcome</body></html>"))
    assert feed_error(a_source(net.url + "/feed")).code == "schema"


def test_a_feed_that_is_gone_stops_the_source_when_it_is_its_only_one(net: Loopback) -> None:
    net.script("GET", "/feed", reply(410))
    error = feed_error(a_source(net.url + "/feed"))
    assert (error.code, error.permanent) == ("not_found", True)
    assert "Remove it" in error.sentence


def test_a_feed_that_is_gone_leaves_the_others_alone(net: Loopback) -> None:
    net.script("GET", "/a", reply(410))
    net.script("GET", "/b", reply(200, numbered([1])))
    source = a_source(net.url + "/a", net.url + "/b")
    first = poll(source)
    again = poll(source, first.cursor)
    assert "gone for good" in first.warnings[0]
    assert again.warnings == first.warnings
    assert net.paths() == ["/a"], "it is not asked again"
    assert len(poll(source, None, 1).records) == 1


@pytest.mark.parametrize(("status", "code"), [(429, "rate_limit"), (503, "server")])
@pytest.mark.parametrize("when", ["3600", "Mon, 23 Nov 2026 13:00:00 GMT"])
def test_it_waits_as_long_as_the_server_asks(net: Loopback, status: int, code: str, when: str) -> None:
    net.script("GET", "/a", reply(status, headers={"Retry-After": when}))
    error = feed_error(a_source(net.url + "/a"))
    assert (error.code, error.permanent, error.retry_at) == (code, False, NOW + timedelta(hours=1))


def test_one_feed_that_wants_rest_does_not_hold_up_the_others(net: Loopback) -> None:
    net.script("GET", "/a", reply(429, headers={"Retry-After": "3600"}), reply(200, numbered([1])))
    two = net.url + "/a", net.url + "/b"
    first = poll(a_source(*two))
    assert (first.retry_at, first.done, len(first.warnings)) == (None, True, 1)
    assert poll(a_source(*two, now=NOW + timedelta(minutes=59)), first.cursor).records == ()
    assert len(net.requests) == 1
    assert len(poll(a_source(*two, now=NOW + timedelta(minutes=61)), first.cursor).records) == 1


@pytest.mark.parametrize(
    ("channel", "minutes"),
    [
        ("<ttl>90</ttl>", 90),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", 30),
        ("<ttl>20</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", 60),
        ("<sy:updatePeriod>yearly</sy:updatePeriod>", 24 * 60),
        ("<ttl>99999999999999</ttl>", 24 * 60),
        ("<ttl>soon</ttl><sy:updatePeriod>often</sy:updatePeriod>", None),
        ("<ttl>0</ttl>", None),
    ],
)
def test_it_comes_back_when_the_publisher_says(net: Loopback, channel: str, minutes: int | None) -> None:
    net.script("GET", "/feed", reply(200, rss(item(1), channel=channel), {"ETag": '"1"'}), reply(304))
    first = poll(a_source(net.url + "/feed"))
    if minutes is None:
        assert first.retry_at is None
        return
    pause = timedelta(minutes=minutes)
    assert first.retry_at
    assert NOW + pause <= first.retry_at <= NOW + pause * 1.1
    early = a_source(net.url + "/feed", now=NOW + pause / 2)
    assert poll(early, first.cursor).retry_at == first.retry_at
    assert len(net.requests) == 1
    later = poll(a_source(net.url + "/feed", now=NOW + pause * 1.2), first.cursor)
    assert (len(net.requests), later.retry_at) == (2, first.retry_at + pause * 1.2), "a 304 keeps the rhythm"


def test_a_page_in_place_of_a_feed_is_an_error_that_helps(net: Loopback) -> None:
    """T1: the place is kept, because no page with a new cursor was told."""
    net.script("GET", "/", reply(200, PAGE))
    error = feed_error(a_source(net.url + "/"), {"etag": "x"})
    assert (error.code, error.permanent) == ("schema", False)
    assert (
        error.sentence == f"{net.url}/ is a web page and not a feed. The page names this feed: {net.url}/feed?x=1&y=2"
    )


@pytest.mark.parametrize(("status", "code"), [(404, "not_found"), (401, "auth"), (403, "auth"), (500, "server")])
def test_a_failing_feed_is_an_error_and_not_silence(net: Loopback, status: int, code: str) -> None:
    """T6, T15, T17."""
    net.script("GET", "/feed", reply(200, numbered([1])), reply(status, "raw words"))
    source = a_source(net.url + "/feed", net.url + "/other")
    error = feed_error(source, poll(source).cursor)
    assert (error.code, error.permanent, error.raw) == (code, False, "raw words")
    assert net.url in error.sentence
    assert ("subscription" in error.sentence) == (status in (401, 403))


def test_an_unasked_304_is_an_error(net: Loopback) -> None:
    net.script("GET", "/feed", reply(304))
    assert feed_error(a_source(net.url + "/feed")).code == "schema"


def test_it_reads_nothing_inside(monkeypatch: pytest.MonkeyPatch, net: Loopback) -> None:
    monkeypatch.setenv("EARSHOT_ALLOW_PRIVATE", "")
    error = feed_error(a_source(net.url + "/feed"))
    assert (error.code, error.permanent, net.requests) == ("settings", True, [])


def test_a_feed_that_turned_over_whole_leaves_a_hole(net: Loopback) -> None:
    net.script("GET", "/feed", reply(200, numbered(range(10, 20))))
    early = a_source(net.url + "/feed", now=NOW - timedelta(minutes=9))
    net.script("GET", "/feed", reply(200, numbered(range(10, 20))), reply(200, numbered(range(1, 9))))
    first = poll(early)
    (hole,) = poll(a_source(net.url + "/feed"), first.cursor).holes
    assert (hole.start, hole.end) == (NOW - timedelta(minutes=9), NOW - timedelta(minutes=8))


def test_a_feed_that_moved_on_a_little_leaves_none(net: Loopback) -> None:
    net.script("GET", "/feed", reply(200, numbered(range(10, 20))), reply(200, numbered(range(1, 11))))
    first = poll(a_source(net.url + "/feed", now=NOW - timedelta(minutes=9)))
    assert poll(a_source(net.url + "/feed"), first.cursor).holes == []


def test_an_entry_that_vanishes_is_no_deletion(net: Loopback) -> None:
    net.script("GET", "/feed", reply(200, numbered([1, 2])), reply(200, numbered([2])))
    source = a_source(net.url + "/feed")
    assert poll(source, poll(source).cursor).deletions == ()
    assert (source.policy.sweep_days, list(source.hydrate(["1"]))) == (None, [])


def test_what_it_remembers_stays_small(net: Loopback) -> None:
    cursor: Cursor | None = None
    for day in range(10):
        net.script("GET", "/feed", reply(200, numbered(range(day * 100 + 1, day * 100 + 101))))
        cursor = poll(a_source(net.url + "/feed"), cursor).cursor
    assert cursor
    assert len(cursor["known"]) == 500


def test_an_entry_dated_ahead_does_not_hide_a_lag(net: Loopback) -> None:
    net.script("GET", "/feed", reply(200, numbered([5, -600])))
    assert poll(a_source(net.url + "/feed")).newest == NOW - timedelta(minutes=5)


def test_its_check_reads_every_feed(net: Loopback) -> None:
    net.script("GET", "/a", reply(200, numbered([1, 2])))
    net.script("GET", "/b", reply(200, ATOM))
    net.script("GET", "/c", reply(200, json_feed({"id": "1"})))
    fine = a_source(net.url + "/a", net.url + "/b", net.url + "/c").check()
    assert (fine.ok, fine.sentence) == (True, "3 of 3 feeds answer.")
    assert fine.details[net.url + "/a"] == "Cloud blog: 2 entries, newest 2026-11-23 11:59 UTC"
    net.script("GET", "/b", reply(200, PAGE))
    broken = a_source(net.url + "/a", net.url + "/b", net.url + "/nowhere").check()
    assert not broken.ok
    assert "is a web page" in broken.sentence
    assert "(404)" in broken.details[net.url + "/nowhere"]
    assert not a_source().check().ok
    with pytest.raises(SourceError, match="No feed is named"):
        a_source().targets([])


def test_its_preview_shows_what_the_feeds_hold(net: Loopback) -> None:
    net.script("GET", "/a", reply(200, numbered(range(9))))
    net.script("GET", "/b", reply(200, ATOM))
    source = a_source(net.url + "/a", net.url + "/b")
    assert len(list(source.preview("nimbus", 5))) == 6
    with pytest.raises(QueryError):
        list(source.preview("nimbus AND", 5))


def test_the_list_of_feeds_is_tidied_and_checked() -> None:
    settings: dict[str, Any] = {"feeds": " https://a.example/f?key=secret \n\nhttps://a.example/f?key=secret\n"}
    (target,) = Rss(Config(settings=settings, credentials={}, now=lambda: datetime.now(UTC))).targets([])
    assert target.params == {"url": "https://a.example/f?key=secret"}
    assert "secret" not in target.key + target.label
    check = Rss.fields[0].check
    assert check
    check(["https://a.example/", ""])
    for wrong in (["a.example/feed"], "https://a.example\nftp://a.example"):
        with pytest.raises(ValueError, match="https://"):
            check(wrong)
