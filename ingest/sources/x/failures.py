"""What X's refusals mean: wait for a window, wait for the month, top up, change the plan, renew the key.

Two answers share the number 429 and mean opposite things: "too fast" ends by itself within fifteen minutes, "used up"
does not. Bodies: {"title", "detail", "type": ".../problems/usage-capped"}, or the older {"errors": [{"code": 88}]}.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
import tweepy

from ingest.sources.base import SourceError
from listening.http import ForbiddenAddress

WINDOW = timedelta(minutes=15)
CONSOLE = "https://console.x.com"

Fail = Callable[[str, str, Mapping[str, Any], datetime], SourceError]


def read_json(response: requests.Response) -> Mapping[str, Any]:
    """The body of an answer. Raises SourceError (schema) when it is no JSON object."""
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise schema("X answered something that is not its API's format", response.text)
    return body


def schema(what: str, raw: str) -> SourceError:
    return SourceError(
        f"{what}. Nothing was stored and the place in the stream is kept. X may have changed its API, or the API "
        "address may be wrong; look for an update of Earshot.",
        code="schema",
        raw=raw,
    )


def failure(error: Exception, now: datetime) -> SourceError:
    """The SourceError for whatever tweepy, requests or the guard raised; an unknown error is raised again."""
    if isinstance(error, SourceError):
        return error
    if isinstance(error, tweepy.HTTPException):
        return _refused(error, now)
    if isinstance(error, ForbiddenAddress):
        return SourceError(error.sentence, code="settings", permanent=True)
    if isinstance(error, requests.TooManyRedirects):
        return SourceError(
            "The API address leads elsewhere, which X's own never does. Check it in the settings of this source.",
            code="settings",
            permanent=True,
        )
    if isinstance(error, requests.RequestException):
        return SourceError(
            "X could not be reached. It may be down, or this machine's network may be; Earshot tries again by itself.",
            code="network",
            raw=repr(error),
        )
    if isinstance(error, AttributeError | TypeError | ValueError):  # how tweepy fails on bodies it does not expect
        return schema("X answered something that tweepy cannot read", repr(error))
    raise error


def _refused(error: tweepy.HTTPException, now: datetime) -> SourceError:
    response: requests.Response = error.response
    body = _body(response)
    words = "; ".join(str(message) for message in error.api_messages) or response.reason or "no reason given"
    raw = response.text
    if response.status_code == 429:
        return _too_many(response, body, words, raw, now)
    if response.status_code == 402:
        return _no_credits(words, raw)
    if response.status_code == 403:
        return _forbidden(error, body, words, raw)
    if response.status_code >= 500:
        return SourceError(
            f"X has a problem of its own ({response.status_code}); Earshot tries again by itself.",
            code="server",
            raw=raw,
        )
    return _mistake(response.status_code, words, raw)


def _too_many(response: requests.Response, body: Mapping[str, Any], words: str, raw: str, now: datetime) -> SourceError:
    kind = _kind(body)
    if kind == "credits" or "credit" in words.lower():
        return _no_credits(words, raw)
    if kind == "usage-capped" or "usage cap" in words.lower():
        return _capped(str(body.get("period", "")), words, raw, now)
    return SourceError(
        "X asks for fewer requests; Earshot goes on by itself when the window is over.",
        code="rate_limit",
        retry_at=_reset(response.headers, now),
        raw=raw,
    )


def _capped(period: str, words: str, raw: str, now: datetime) -> SourceError:
    daily = period.lower() == "daily"
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    again = midnight + timedelta(days=1) if daily else (midnight.replace(day=1) + timedelta(days=32)).replace(day=1)
    return SourceError(
        f"The posts that X's plan allows per {'day' if daily else 'month'} are used up ({words}). Reading goes on "
        f"on {again:%-d %B}; until then, raise the cap in X's console ({CONSOLE}). What was read is kept.",
        code="quota",
        retry_at=again,
        raw=raw,
    )


def _no_credits(words: str, raw: str) -> SourceError:
    return SourceError(
        f"The credits of X's account are used up ({words}). Top them up in X's console ({CONSOLE}), then switch this "
        "source on again. What was read is kept.",
        code="quota",
        permanent=True,
        raw=raw,
    )


def _forbidden(error: tweepy.HTTPException, body: Mapping[str, Any], words: str, raw: str) -> SourceError:
    if _kind(body) in ("client-forbidden", "client-not-enrolled") or 453 in error.api_codes or "access level" in words:
        return SourceError(
            f"Your X plan does not allow this ({words}). Change the plan or the app's project in X's console "
            f"({CONSOLE}); Earshot does not try again before that.",
            code="plan",
            permanent=True,
            raw=raw,
        )
    return SourceError(
        f"X refuses this app access ({words}). Check in X's console ({CONSOLE}) that the app is active and that the "
        "token may read posts.",
        code="auth",
        permanent=True,
        raw=raw,
    )


def _mistake(status: int, words: str, raw: str) -> SourceError:
    sentences = {
        400: ("settings", f"X does not accept this request: {words}. Change the query or the settings of this source."),
        401: ("auth", "X does not accept the bearer token: it is wrong, was regenerated or revoked. Paste a new one."),
        404: ("not_found", f"X does not know this address any more ({words}). Check the handles and the API address."),
    }
    code, sentence = sentences.get(status, ("server", f"X answered {status} ({words})."))
    return SourceError(sentence, code=code, permanent=status in sentences, raw=raw)


def _reset(headers: Mapping[str, str], now: datetime) -> datetime:
    """When the window is over; a full window from now where X does not tell or tells nonsense."""
    try:
        at = datetime.fromtimestamp(int(headers["x-rate-limit-reset"]), UTC) + timedelta(seconds=1)
    except (KeyError, ValueError, OverflowError, OSError):
        return now + WINDOW
    return min(max(at, now), now + timedelta(days=1))


def window_end(response: requests.Response, now: datetime) -> datetime | None:
    """When to go on, where this answer was the last that the window allows; None where more may be asked."""
    return _reset(response.headers, now) if response.headers.get("x-rate-limit-remaining") == "0" else None


def _kind(body: Mapping[str, Any]) -> str:
    return str(body.get("type", "")).rpartition("/")[2]


def _body(response: requests.Response) -> Mapping[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
