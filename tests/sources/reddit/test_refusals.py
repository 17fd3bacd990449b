"""Whatever Reddit refuses is said in a sentence; nothing waits in a worker, and nothing is asked without approval."""

import time
from typing import Any

import pytest

from ingest.sources import load
from ingest.sources.base import Found, SourceError
from ingest.sources.reddit import Reddit
from tests.sources.loopback import Loopback, Reply, reply
from tests.sources.reddit.conftest import BRAND, Clock, Connect
from tests.sources.reddit.server import NOW, SECRET, SIGNED_IN, Server, refusal
from tests.sources.reddit.test_reading import HOUR, MINUTE, MUGS, asked, read, target

LIMIT = {"x-ratelimit-used": "590", "x-ratelimit-reset": "120"}


def failed(source: Reddit, key: str = "search:") -> SourceError:
    with pytest.raises(SourceError) as error:
        read(source, key)
    assert error.value.sentence.endswith(".") and "Traceback" not in error.value.sentence
    return error.value


@pytest.mark.parametrize("missing", ["approved", "approved_on"])
def test_without_reddits_approval_nothing_is_asked(
    server: Server, net: Loopback, connect: Connect, missing: str
) -> None:
    source = connect(SIGNED_IN, username="acme", answers=True, **{missing: None})
    with pytest.raises(SourceError, match="Ask Reddit for the approval") as error:
        source.targets([BRAND])
    assert error.value.permanent and error.value.code == "settings"
    assert "Ask Reddit for the approval" in source.check().sentence and not source.check().ok
    for call in (
        lambda: list(source.hydrate(["t1_a"])),
        lambda: source.shown("rosa"),
        lambda: list(source.preview("a")),
    ):
        with pytest.raises(SourceError, match="Ask Reddit for the approval"):
            call()
    assert not Reddit.may_write(source.config.settings, source.config.credentials)
    assert net.requests == []


@pytest.mark.parametrize("written", ["yes", "31.03.2026", "2026-13-01"])
def test_the_day_of_the_approval_is_a_day(written: str) -> None:
    check = next(one for one in load("reddit").fields if one.name == "approved_on").check
    assert check
    with pytest.raises(ValueError, match="like 2026-03-31"):
        check(written)
    check("2026-03-31")


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        (reply(403, {"message": "Forbidden", "error": 403}), "auth", "refuses this app"),
        (reply(403, "<html>blocked by network security</html>"), "auth", "refuses this app"),
        (reply(401, {"message": "Unauthorized"}), "auth", "access token"),
        (reply(404, {"message": "Not Found", "error": 404}), "not_found", "does not know this address"),
        (reply(400, {"message": "Bad Request"}), "settings", "does not accept this request"),
        (reply(500, "oops"), "server", "problem of its own (500)"),
        (reply(503, ""), "server", "problem of its own (503)"),
        (reply(200, "<html>hello</html>"), "schema", "may have changed its API"),
        (reply(200, {"kind": "Listing"}), "schema", "may have changed its API"),
        (reply(200, {"data": {"children": [{"kind": "t3"}]}}), "schema", "may have changed its API"),
        (reply(403, {}, {"www-authenticate": 'Bearer error="insufficient_scope"'}), "auth", "with the scopes"),
        (reply(418, {}), "server", "answered 418"),
        (refusal(403, "private"), "not_found", "it is private"),
    ],
)
def test_each_refusal_has_a_sentence_of_its_own(
    server: Server, net: Loopback, connect: Connect, answer: Reply, code: str, words: str
) -> None:
    net.script("GET", "/r/all/search/", answer)
    error = failed(connect())
    assert (error.code, error.permanent) == (code, False) and words in error.sentence
    assert len(asked(net, "/search/")) == 1, "prawcore would ask three times, and sleep in between"


def test_wrong_keys_stop_the_source(server: Server, connect: Connect) -> None:
    error = failed(connect({"client_secret": "wrong"}))
    assert (error.code, error.permanent) == ("auth", True) and "prefs/apps" in error.sentence


def test_a_revoked_refresh_token_is_told(server: Server, net: Loopback, connect: Connect) -> None:
    net.script("POST", "/api/v1/access_token", reply(400, {"message": "Bad Request", "error": 400}))
    error = failed(connect({**SECRET, "refresh_token": "stale"}))
    assert error.permanent and "refresh token revoked" in error.sentence


def test_a_web_app_may_not_sign_in_with_a_password(server: Server, net: Loopback, connect: Connect) -> None:
    told = {"error": "unauthorized_client", "error_description": "Only script apps may use password auth"}
    net.script("POST", "/api/v1/access_token", reply(200, told))
    source = connect(SIGNED_IN, username="acme")
    source.targets([BRAND])
    with pytest.raises(SourceError, match="use a refresh token"):
        source.signed_in.me()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({"retry-after": "30"}, 30), ({**LIMIT, "x-ratelimit-remaining": "0"}, 121), ({"retry-after": "soon"}, 600)],
)
def test_too_fast_names_the_time_and_does_not_sleep(
    server: Server, net: Loopback, connect: Connect, headers: dict[str, str], seconds: int
) -> None:
    net.script("GET", "/r/all/search/", reply(429, {"message": "Too Many Requests", "error": 429}, headers))
    began = time.monotonic()
    error = failed(connect())
    assert time.monotonic() - began < 1
    assert error.code == "rate_limit" and error.retry_at and (error.retry_at - NOW).total_seconds() == seconds


def test_the_last_allowed_request_ends_the_reading_and_the_place_is_kept(
    server: Server, net: Loopback, connect: Connect, clock: Clock
) -> None:
    for n in range(1, 251):
        server.submission(f"part {n}", n * MINUTE)
    server.headers = {**LIMIT, "x-ratelimit-remaining": "0"}
    source = connect(**MUGS)
    began = time.monotonic()
    error = failed(source, "new:")  # looking at the subreddit took the last one
    assert error.retry_at and (error.retry_at - NOW).total_seconds() == 121
    server.headers = {}
    first = next(connect(**MUGS).poll(target(source, "new:"), None))
    server.headers = {**LIMIT, "x-ratelimit-remaining": "0"}
    source = connect(**MUGS)
    (page,) = read(source, "new:", first.cursor)
    assert not page.done and page.retry_at == error.retry_at and len(page.records) == 100
    with pytest.raises(SourceError, match="fewer requests"):
        read(source, "new:", page.cursor)
    clock.now += 3 * MINUTE
    server.headers = {**LIMIT, "x-ratelimit-remaining": "600.0", "x-ratelimit-used": "0"}
    (page,) = read(source, "new:", page.cursor)
    assert page.done and len(page.records) == 50
    assert time.monotonic() - began < 5, "prawcore would have slept"


def test_a_pace_that_prawcore_would_sleep_for_is_left_alone(server: Server, connect: Connect) -> None:
    """With few left and much time, prawcore spreads requests: up to ten seconds each."""
    for n in range(1, 251):
        server.comment(f"part {n}", n * MINUTE)
    server.headers = {"x-ratelimit-remaining": "50", "x-ratelimit-used": "550", "x-ratelimit-reset": "590"}
    began = time.monotonic()
    assert len(read(connect(**MUGS), "comments:")) == 3
    assert time.monotonic() - began < 2


def test_nobody_there_is_told(net: Loopback, connect: Connect) -> None:
    source = connect(api_url="http://127.0.0.1:9")
    error = failed(source)
    assert error.code == "network" and "could not be reached" in error.sentence


def test_a_forbidden_address_is_a_setting(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARSHOT_ALLOW_PRIVATE", "")
    error = failed(connect())
    assert (error.code, error.permanent) == ("settings", True)


def test_an_answer_that_breaks_off_is_no_answer(server: Server, net: Loopback, connect: Connect) -> None:
    net.script("GET", "/r/all/search/", reply(200, {"kind": "Listing", "data": {"children": []}}, hang_up=True))
    assert failed(connect()).code == "network"


def test_no_secret_stands_in_an_error(server: Server, net: Loopback, connect: Connect) -> None:
    for answer in (reply(403, {}), reply(200, "x"), reply(500, "y")):
        net.script("POST", "/api/v1/access_token", answer)
        error = failed(connect())
        assert "s3cret" not in error.sentence + error.raw + repr(error)


def test_the_connection_is_tested(server: Server, net: Loopback, connect: Connect) -> None:
    server.headers = {**LIMIT, "x-ratelimit-remaining": "10.0"}
    told = connect(SIGNED_IN, username="acme", subreddits=["mugs", "tea"]).check()
    assert told.ok and told.details["Account"] == "u/acme" and told.details["r/mugs"] == "can be read"
    assert told.details["Requests left"] == "10"
    server.closed["tea"] = refusal(403, "private")
    told = connect(subreddits=["mugs", "tea"]).check()
    assert not told.ok and "r/tea is left out: it is private" in told.sentence
    server.me["is_suspended"] = True
    assert "suspended the account" in connect(SIGNED_IN, username="acme").check().sentence
    assert "id and secret" in connect({"client_secret": "x"}).check().sentence
    assert connect().check().ok


def test_a_profile_shows_its_texts(server: Server, connect: Connect) -> None:
    server.people["rosa"] = {"id": "rosa1", "subreddit": {"public_description": "earshot-1a2b", "title": "Rosa"}}
    told = connect().shown("rosa")
    assert told and (told.id, told.texts) == ("t2_rosa1", ("earshot-1a2b", "Rosa"))
    assert connect().shown("nobody_here") is None


@pytest.mark.parametrize("odd", [{}, [], {"data": None}, {"data": {"id": "a", "subreddit": "x"}}])
def test_an_answer_that_is_no_account_is_told(net: Loopback, server: Server, connect: Connect, odd: Any) -> None:
    net.script("GET", "/user/rosa/about/", reply(200, odd))
    with pytest.raises(SourceError) as error:
        connect().shown("rosa")
    assert error.value.code == "schema"
    [(_, found)] = connect().look_up(["rosa"])
    assert found.state == "unknown"


def test_something_without_a_kind_in_the_inbox_is_passed_over(net: Loopback, server: Server, connect: Connect) -> None:
    odd = {"data": {"name": "t1_x", "created_utc": NOW.timestamp()}}
    net.script("GET", "/message/mentions", reply(200, {"data": {"children": [odd], "after": None}}))
    assert read(connect(SIGNED_IN, username="acme"), "inbox:mentions")[-1].done


def test_accounts_are_there_suspended_or_not_found(server: Server, connect: Connect) -> None:
    server.people |= {"rosa": {"id": "rosa1"}, "gone": {"name": "gone", "is_suspended": True}}
    told = dict(connect().look_up(["rosa", "gone", "nobody_here"]))
    assert told == {"rosa": Found("there", "t2_rosa1"), "gone": Found("suspended"), "nobody_here": Found("not_found")}
    assert connect().shown("gone") is None
    [(_, unasked)] = connect(approved=False).look_up(["rosa"])
    assert unasked.state == "unknown" and "approve" in unasked.why


def test_what_may_answer_needs_the_switch_and_an_account() -> None:
    told: dict[str, Any] = {"approved": True, "approved_on": "2026-03-31", "username": "acme", "answers": True}
    assert Reddit.may_write(told, SIGNED_IN) and Reddit.may_write({**told, "username": ""}, {"refresh_token": "t"})
    assert not Reddit.may_write(told, SECRET) and not Reddit.may_write({**told, "answers": False}, SIGNED_IN)


def test_bands_are_closer_than_an_hour() -> None:
    assert [band.every for band in Reddit.sweeps({})] == [10 * MINUTE, HOUR]
    assert [band.every for band in Reddit.sweeps({"sweep_minutes": 5})] == [5 * MINUTE, HOUR]
