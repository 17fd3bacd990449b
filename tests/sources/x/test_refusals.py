"""What X refuses, and what people are told: each kind has its own code, its own time and its own sentence."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingest.sources.base import Config, SourceError, Target
from ingest.sources.x import X
from tests.sources.x.fake_x import START, FakeX

Connect = Callable[..., X]
PROBLEMS = "https://api.twitter.com/2/problems/"
CAPPED = {
    "title": "UsageCapExceeded",
    "period": "Monthly",
    "scope": "Product",
    "detail": "Usage cap exceeded: Monthly product cap",
    "type": PROBLEMS + "usage-capped",
}
CREDITS = {"title": "CreditsDepleted", "detail": "Your account has no credits left.", "type": PROBLEMS + "credits"}
PLAN = {
    "reason": "client-not-enrolled",
    "title": "Client Forbidden",
    "detail": "When authenticating requests, you must use keys from an app attached to a project.",
    "type": PROBLEMS + "client-forbidden",
}
OLD_PLAN = {"errors": [{"message": "You currently have access to a subset of endpoints", "code": 453}]}
UNSUPPORTED = {"title": "Unsupported Authentication", "detail": "Forbidden", "type": PROBLEMS + "unsupported"}
UNAUTHORIZED = {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}
MISTAKE = {"errors": [{"message": "no operator ("}], "title": "Invalid Request", "type": PROBLEMS + "invalid-request"}
IN_SEVEN_MINUTES = {"x-rate-limit-reset": str(int((START + timedelta(minutes=7)).timestamp()))}


def refused(fake: FakeX, connect: Connect, target: Target, status: int, body: Any, headers: Any = None) -> SourceError:
    fake.refusals.append((status, body, headers or {}))
    with pytest.raises(SourceError) as caught:
        list(connect().poll(target, None))
    return caught.value


@pytest.mark.parametrize(
    ("status", "body", "code", "permanent", "words"),
    [
        (402, CREDITS, "quota", True, "Top them up"),
        (429, CREDITS, "quota", True, "Top them up"),
        (403, PLAN, "plan", True, "Your X plan does not allow this"),
        (403, OLD_PLAN, "plan", True, "Your X plan does not allow this"),
        (403, UNSUPPORTED, "auth", True, "refuses this app"),
        (401, UNAUTHORIZED, "auth", True, "Paste a new one"),
        (400, MISTAKE, "settings", True, "no operator ("),
        (404, {"title": "Not Found"}, "not_found", True, "does not know this address"),
        (500, {"title": "Internal Server Error"}, "server", False, "by itself"),
        (503, b"<html>over capacity</html>", "server", False, "by itself"),
        (504, [], "schema", False, "tweepy cannot read"),
        (200, b"<html>welcome</html>", "schema", False, "format"),
        (200, [], "schema", False, "format"),
        (200, {"statuses": [{"id": 1}]}, "schema", False, "not a page"),
        (200, {"data": {"id": "1"}, "meta": {}}, "schema", False, "not a page"),
        (200, {"data": [{"post_id": "1", "body": "hi"}], "meta": {"result_count": 1}}, "schema", False, "None of 1"),
        (200, {"meta": {"result_count": 3}}, "schema", False, "not a page"),
        (301, {"to": "elsewhere"}, "server", False, "301"),
    ],
)
def test_it_tells_each_refusal_apart(
    fake: FakeX, connect: Connect, search: Target, status: int, body: Any, code: str, permanent: bool, words: str
) -> None:
    error = refused(fake, connect, search, status, body)
    assert (error.code, error.permanent) == (code, permanent)
    assert words in error.sentence


def test_it_waits_for_the_window_after_the_one_kind_of_429(fake: FakeX, connect: Connect, search: Target) -> None:
    began = time.monotonic()
    body = {"title": "Too Many Requests", "detail": "Too Many Requests", "type": "about:blank", "status": 429}
    error = refused(fake, connect, search, 429, body, IN_SEVEN_MINUTES)
    assert error.code == "rate_limit"
    assert error.retry_at == START + timedelta(minutes=7, seconds=1)
    assert time.monotonic() - began < 5, "a worker must not be put to sleep"
    assert len(fake.requests) == 1


@pytest.mark.parametrize("reset", ["", "soon", "99999999999999999"])
def test_it_waits_a_whole_window_where_x_tells_no_time(
    fake: FakeX, connect: Connect, search: Target, reset: str
) -> None:
    old = {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}
    error = refused(fake, connect, search, 429, old, {"x-rate-limit-reset": reset} if reset else {})
    if reset == "soon":
        assert error.code == "schema"  # tweepy itself fails on this header
    else:
        assert error.code == "rate_limit"
        assert error.retry_at is not None
        assert START < error.retry_at <= START + timedelta(days=1)


@pytest.mark.parametrize(
    ("period", "now", "again"),
    [
        ("Monthly", START, datetime(2026, 12, 1, tzinfo=UTC)),
        ("Monthly", datetime(2026, 12, 31, 23, 59, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
        ("Daily", START, datetime(2026, 11, 21, tzinfo=UTC)),
    ],
)
def test_it_stops_until_the_cap_is_renewed_after_the_other_kind_of_429(
    fake: FakeX, connect: Connect, search: Target, period: str, now: datetime, again: datetime
) -> None:
    fake.now = now
    error = refused(fake, connect, search, 429, CAPPED | {"period": period}, IN_SEVEN_MINUTES)
    assert (error.code, error.retry_at) == ("quota", again)
    assert "used up" in error.sentence


def test_it_keeps_what_was_read_before_a_cap(fake: FakeX, connect: Connect, search: Target) -> None:
    for n in range(150):
        fake.post(f"Acme {n}", timedelta(minutes=n + 1))
    pages = []

    def capped(number: int) -> None:
        if number == 1:
            fake.refusals.append((429, CAPPED, {}))

    fake.before_page = capped
    with pytest.raises(SourceError):
        for page in connect().poll(search, None):
            pages.append(page)
    assert len(pages[0].records) == 100
    assert pages[0].cursor["walk"]["token"]


def test_it_names_a_machine_that_is_not_there(fake: FakeX, connect: Connect, search: Target) -> None:
    with pytest.raises(SourceError) as caught:
        list(connect(api_url="http://127.0.0.1:9").poll(search, None))
    assert (caught.value.code, caught.value.permanent) == ("network", False)


def test_it_speaks_to_no_private_address_that_is_not_allowed(
    fake: FakeX, connect: Connect, search: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARSHOT_ALLOW_PRIVATE", "")
    with pytest.raises(SourceError) as caught:
        list(connect().poll(search, None))
    assert caught.value.code == "settings"
    assert not fake.requests


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "127.0.0.1", "http://name:word@127.0.0.1/", "http://"])
def test_it_says_that_an_api_address_is_none(connect: Connect, search: Target, url: str) -> None:
    with pytest.raises(SourceError) as caught:
        list(connect(api_url=url).poll(search, None))
    assert (caught.value.code, caught.value.permanent) == ("settings", True)


def test_it_follows_no_redirect(fake: FakeX, connect: Connect, search: Target) -> None:
    error = refused(fake, connect, search, 302, {}, {"location": "http://127.0.0.1:9/elsewhere"})
    assert error.code == "settings"
    assert len(fake.requests) == 1


def test_it_never_logs_the_token(
    fake: FakeX, connect: Connect, search: Target, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fake.post()
    list(connect().poll(search, None))
    assert fake.requests[0][2]["Authorization"] == "Bearer secret-token"
    assert "secret-token" not in caplog.text


def test_it_checks_the_connection_and_tells_the_usage(fake: FakeX, connect: Connect) -> None:
    check = connect().check()
    assert check.ok
    assert check.details == {"posts read": "1200", "posts allowed": "3000000", "resets on day": "3"}
    fake.refusals.append((401, UNAUTHORIZED, {}))
    failed = connect().check()
    assert not failed.ok
    assert "bearer token" in failed.sentence


def test_it_survives_a_check_without_any_network() -> None:
    config = Config(settings={"api_url": "http://127.0.0.1:9"}, credentials={}, now=lambda: START)
    assert not X(config).check().ok
