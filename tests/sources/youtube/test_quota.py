"""The day's quota: units and searches are counted, no more is asked for than is left, and refusals say what to do."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingest.sources.base import Page, SourceError, Tracked, TrackedQuery
from ingest.sources.youtube import YouTube
from tests.sources.loopback import reply
from tests.sources.youtube.conftest import BRAND, poll, records
from tests.sources.youtube.fake_youtube import ACME, KEY, FakeYouTube

Connect = Callable[..., YouTube]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MIDNIGHT = datetime(2026, 11, 21, 8, tzinfo=UTC)
"""In California, on the day of the tests."""
TWO = Tracked(1, "acme", "Acme", (TrackedQuery(1, "acme"), TrackedQuery(2, "zenith")))


def spent(pages: list[Page]) -> int:
    return sum(page.spent for page in pages)


def test_it_counts_a_unit_for_each_list_and_none_for_a_search(tube: FakeYouTube, connect: Connect) -> None:
    tube.video("Acme kettle")
    source = connect()
    pages = poll(source, {})
    assert dict(tube.asked) == {"channels": 1, "commentThreads": 2, "search": 1, "videos": 1}
    assert spent(pages) == source.spent == 4


@pytest.mark.parametrize("allowance", [0, 1, 2])
def test_it_asks_for_no_more_than_is_left_and_goes_on_at_midnight_in_california(
    tube: FakeYouTube, connect: Connect, allowance: int
) -> None:
    own = tube.video("Our kettle", channel=ACME)
    for n in range(250):
        tube.comment(f"comment {n}", own, age=n * MINUTE + MINUTE)
    source = connect(allowance, search=False)
    with pytest.raises(SourceError) as stopped:
        poll(source, {})
    assert sum(tube.asked.values()) == source.spent == allowance
    assert (stopped.value.code, stopped.value.retry_at) == ("quota", MIDNIGHT)


def test_a_searchs_words_are_not_looked_for_twice_in_fifteen_minutes(tube: FakeYouTube, connect: Connect) -> None:
    cursors: dict[str, Any] = {}
    for _ in range(6):
        poll(connect(), cursors)
        tube.now += 5 * MINUTE
    assert len(tube.searched) == 2


def test_no_more_than_four_searches_an_hour_and_each_in_its_turn(tube: FakeYouTube, connect: Connect) -> None:
    queries = tuple(TrackedQuery(n, f"word{n}") for n in range(10))
    cursors: dict[str, Any] = {}
    brand = Tracked(1, "acme", "Acme", queries)
    for _ in range(24):
        poll(connect(), cursors, brand)
        tube.now += 10 * MINUTE
    words = [told["q"] for told in tube.searched]
    assert len(words) == 16
    assert set(words[:10]) == {f"word{n}" for n in range(10)}, "nobody waits while others are looked for again"


def test_no_more_searches_a_day_than_allowed_until_midnight_in_california(tube: FakeYouTube, connect: Connect) -> None:
    cursors: dict[str, Any] = {}
    while tube.now < MIDNIGHT:
        poll(connect(daily_searches=7), cursors, TWO)
        tube.now += 15 * MINUTE
    assert len(tube.searched) == 7
    poll(connect(daily_searches=7), cursors, TWO)
    assert len(tube.searched) > 7


def test_it_searches_from_a_little_before_where_it_was(tube: FakeYouTube, connect: Connect) -> None:
    cursors: dict[str, Any] = {}
    poll(connect(back_fill_days=3), cursors)
    began = tube.now
    tube.now += HOUR
    poll(connect(back_fill_days=3), cursors)
    assert [told["publishedAfter"] for told in tube.searched] == [
        f"{began - timedelta(days=3):%Y-%m-%dT%H:%M:%SZ}",
        f"{began - 6 * HOUR:%Y-%m-%dT%H:%M:%SZ}",
    ]


def test_a_long_search_goes_on_at_its_page_after_a_kill(tube: FakeYouTube, connect: Connect) -> None:
    videos = {tube.video(f"Acme {n}", age=n * MINUTE + MINUTE) for n in range(70)}
    cursors: dict[str, Any] = {}
    source = connect()
    target = source.targets([TWO])[-1]
    page = next(iter(source.poll(target, None)))
    cursors[target.key] = page.cursor
    assert len(page.records) == 50
    tube.now += MINUTE
    found = set(records(poll(connect(), cursors, TWO))) | {record.external_id for record in page.records}
    assert videos <= found
    assert [told.get("pageToken") for told in tube.searched if "acme" in told["q"]] == [None, "50"]


def test_a_search_that_lost_its_place_begins_again(tube: FakeYouTube, connect: Connect) -> None:
    videos = {tube.video(f"Acme {n}", age=n * MINUTE + MINUTE) for n in range(70)}
    cursors: dict[str, Any] = {}
    source = connect()
    brand = Tracked(1, "acme", "Acme", (TrackedQuery(1, "acme"),))
    (target,) = source.targets([brand])
    cursors[target.key] = next(iter(source.poll(target, None))).cursor
    tube.refuse("search", 400, "invalidPageToken")
    assert set(records(poll(connect(), cursors, brand))) >= videos


def test_searches_that_are_used_up_stop_nothing_else(tube: FakeYouTube, connect: Connect) -> None:
    own = tube.video("Our kettle", channel=ACME)
    said = tube.comment("It leaks", own)
    tube.refuse("search", 403, "quotaExceeded")
    cursors: dict[str, Any] = {}
    pages = poll(connect(), cursors)
    assert said in records(pages) and pages[-1].done
    assert any("no more searches today" in warning for page in pages for warning in page.warnings)
    tube.now += HOUR
    poll(connect(), cursors)
    assert tube.asked["search"] == 1
    tube.now = MIDNIGHT
    poll(connect(), cursors)
    assert tube.asked["search"] == 2


REFUSALS = [
    (403, "quotaExceeded", "", "quota", False, "per day are used up", MIDNIGHT),
    (403, "dailyLimitExceeded", "", "quota", False, "per day are used up", MIDNIGHT),
    (429, "rateLimitExceeded", "Quota exceeded for 'Search Queries per day'", "quota", False, "used up", MIDNIGHT),
    (403, "rateLimitExceeded", "", "rate_limit", False, "fewer requests", "soon"),
    (429, "anything", "", "rate_limit", False, "fewer requests", "soon"),
    (400, "keyInvalid", "", "auth", True, "does not accept the API key", None),
    (403, "accessNotConfigured", "", "auth", True, "not switched on in the project", None),
    (403, "ipRefererBlocked", "", "auth", True, "restricted to other addresses", None),
    (403, "forbidden", "It is private.", "auth", False, "refuses this (It is private.)", None),
    (
        400,
        "invalidFilter",
        "No such filter.",
        "settings",
        False,
        "does not accept this request (No such filter.)",
        None,
    ),
    (401, "authError", "", "auth", True, "does not accept the API key", None),
    (500, "backendError", "", "server", False, "a problem of its own (500)", None),
    (503, "SERVICE_UNAVAILABLE", "", "server", False, "a problem of its own (503)", None),
    (301, "moved", "", "settings", True, "leads elsewhere", None),
]


@pytest.mark.parametrize(("status", "reason", "message", "code", "permanent", "words", "again"), REFUSALS)
def test_each_refusal_says_what_it_means(
    tube: FakeYouTube,
    connect: Connect,
    status: int,
    reason: str,
    message: str,
    code: str,
    permanent: bool,
    words: str,
    again: object,
) -> None:
    tube.refuse("channels", status, reason, message or "It was refused.")
    with pytest.raises(SourceError) as refused:
        poll(connect(search=False), {})
    told = refused.value
    assert (told.code, told.permanent) == (code, permanent) and words in told.sentence
    assert told.retry_at == (tube.now + 5 * MINUTE if again == "soon" else again)


def test_a_pause_that_youtube_names_is_kept(tube: FakeYouTube, connect: Connect) -> None:
    tube.answer("channels", reply(429, {"error": {"code": 429, "message": "slow"}}, {"Retry-After": "90"}))
    with pytest.raises(SourceError) as refused:
        poll(connect(), {})
    assert refused.value.retry_at == tube.now + timedelta(seconds=90)


def test_a_channel_that_is_not_there_is_named(tube: FakeYouTube, connect: Connect) -> None:
    del tube.channels[ACME]
    with pytest.raises(SourceError, match="knows no channel @acme") as refused:
        poll(connect(), {})
    assert not refused.value.permanent


@pytest.mark.parametrize("body", ["<html>", "[]", '{"items": 3, "kind": "x"}', '{"items": ["x"], "kind": "x"}', "{}"])
def test_answers_of_an_unknown_shape_are_no_silence(tube: FakeYouTube, connect: Connect, body: str) -> None:
    tube.answer("channels", reply(200, body, {"Content-Type": "application/json"}))
    with pytest.raises(SourceError) as refused:
        poll(connect(), {})
    assert refused.value.code == "schema"


def test_a_host_that_is_away_is_tried_again_and_the_key_stays_out_of_it(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"), pytest.raises(SourceError) as refused:
        poll(connect(api_url="http://127.0.0.1:9"), {})
    assert (refused.value.code, refused.value.permanent) == ("network", False)
    assert KEY not in refused.value.raw and KEY not in refused.value.sentence and KEY not in caplog.text
    assert refused.value.__cause__ is None and refused.value.__suppress_context__


def test_private_addresses_are_refused(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARSHOT_ALLOW_PRIVATE", "")
    told = connect().check()
    assert not told.ok and told.details["code"] == "settings"


def test_the_key_is_in_no_log_and_no_cursor(
    tube: FakeYouTube, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    tube.video("Acme kettle")
    tube.refuse("commentThreads", 403, "commentsDisabled")
    with caplog.at_level("DEBUG"):
        cursors: dict[str, Any] = {}
        poll(connect(), cursors, BRAND)
    assert KEY not in caplog.text and KEY not in str(cursors)


def test_the_test_of_the_connection_names_what_it_found(tube: FakeYouTube, connect: Connect) -> None:
    video = tube.video("Acme kettle")
    told = connect(channels=["@critic"], videos=[video]).check()
    assert told.ok and told.details == {"Channel critic": "The Critic", video: "Acme kettle"}
    assert connect().check().ok and tube.asked["i18nLanguages"] == 1
    told = connect(channels=["@nobody"]).check()
    assert not told.ok and "does not know Channel nobody" in told.sentence
    told = connect(key="wrong").check()
    assert not told.ok and "does not accept the API key" in told.sentence


def test_the_test_of_the_connection_looks_for_all_videos(tube: FakeYouTube, connect: Connect) -> None:
    videos = [tube.video(f"Acme kettle {n}") for n in range(70)]
    told = connect(videos=videos).check()
    assert told.ok and len(told.details) == 70


def test_a_query_is_judged_without_spending_a_search(tube: FakeYouTube, connect: Connect) -> None:
    assert "90 searches a day in all" in connect().forecast("acme OR zenith")
    assert "give the query a whole word" in connect().forecast("acm*")
    assert not tube.net.requests
