"""What Reddit's refusals mean: wait, ask for approval, renew a key, or leave one subreddit out."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import requests

from ingest.sources.base import SourceError
from ingest.sources.reddit.limits import WINDOW, Limits, resting
from listening.http import ForbiddenAddress

CLOSED = {
    "private": "is private",
    "quarantined": "is quarantined: Reddit shows it only to accounts that chose to see it",
    "banned": "was banned by Reddit",
    "gold_only": "is for paying members",
    "missing": "does not exist",
}
"""What Reddit answers for a subreddit that can't be read; what it says beside these is shown as it is."""


class Closed(SourceError):
    """One subreddit can't be read; `reason` is a key of CLOSED or Reddit's own word."""

    def __init__(self, reason: str, raw: str = "") -> None:
        self.reason = reason
        super().__init__(
            f"Reddit does not show this: it {CLOSED.get(reason, f'is closed ({reason})')}.", code="not_found", raw=raw
        )


def left_out(name: str, reason: str) -> str:
    """For the admin, on one subreddit of several."""
    return f"r/{name} is left out: it {CLOSED.get(reason, f'is closed ({reason})')}. The others are read."


def refusal(response: requests.Response, limits: Limits) -> SourceError:
    """The SourceError for an answer that is no success."""
    status, body = response.status_code, _body(response)
    if status == 429:
        return resting(_again(response.headers, limits))
    if status >= 500:
        return _server(status, response.text)
    if response.url.partition("?")[0].endswith("/access_token"):
        return _no_token(status, response.text)
    reason = str(body.get("reason") or "").lower()
    if status in (301, 302) and "/search" in response.headers.get("location", ""):
        return Closed("missing", response.text)
    if status in (403, 404, 451) and reason:
        return Closed(reason, response.text)
    return _mistake(status, response)


def unreached(error: Exception) -> SourceError:
    """The SourceError for a request that brought no answer."""
    if isinstance(error, ForbiddenAddress):
        return SourceError(error.sentence, code="settings", permanent=True)
    if isinstance(error, requests.TooManyRedirects):
        return SourceError(
            "The API address leads elsewhere, which Reddit's own never does. Check it in the settings of this source.",
            code="settings",
            permanent=True,
        )
    if not isinstance(error, requests.RequestException):
        raise error
    return SourceError(
        "Reddit could not be reached. It may be down, or this machine's network may be; Earshot tries again by itself.",
        code="network",
        raw=repr(error),
    )


def schema(what: str, raw: str) -> SourceError:
    return SourceError(
        f"{what}. Nothing was stored and the place in the listing is kept. Reddit may have changed its API, or the API "
        "address may be wrong; look for an update of Earshot.",
        code="schema",
        raw=raw,
    )


def refused_sign_in(error: str, description: str) -> SourceError:
    """How Reddit refuses a token in an answer that calls itself a success (OAuth's error and description)."""
    words = description or error
    hint = {
        "invalid_grant": "Check the account's name and password, which can't be used with two-factor sign-in, or make "
        "a new refresh token.",
        "unauthorized_client": "Only a script app may sign in with a password; use a refresh token with a web app.",
    }.get(error, "Check the app and the account in the settings of this source.")
    return SourceError(f"Reddit did not let the account sign in ({words}). {hint}", code="auth", raw=words)


def _no_token(status: int, raw: str) -> SourceError:
    if status == 401:
        sentence = "Reddit does not accept the app's id and secret. Copy both again from reddit.com/prefs/apps."
        return SourceError(sentence, code="auth", permanent=True, raw=raw)
    return SourceError(
        f"Reddit gave no access token ({status}): the app may be suspended, not approved any more, or the refresh "
        "token revoked. Look at the app on reddit.com/prefs/apps.",
        code="auth",
        permanent=status in (400, 403),
        raw=raw,
    )


def _mistake(status: int, response: requests.Response) -> SourceError:
    if "insufficient_scope" in response.headers.get("www-authenticate", ""):
        return SourceError(
            "The refresh token may not do this. Make a new one with the scopes identity, read, history, "
            "privatemessages and submit.",
            code="auth",
            raw=response.text,
        )
    sentences = {
        400: ("settings", "Reddit does not accept this request (400). Change the query or the settings."),
        401: ("auth", "Reddit does not accept the access token any more (401). Check the app and the account."),
        403: (
            "auth",
            "Reddit refuses this app (403): its approval may have been withdrawn, the app or the account suspended, or "
            "the name of whoever runs it is wrong. Look at the app on reddit.com/prefs/apps.",
        ),
        404: ("not_found", "Reddit does not know this address (404). Check the subreddits and the API address."),
    }
    code, sentence = sentences.get(status, ("server", f"Reddit answered {status}; Earshot tries again by itself."))
    return SourceError(sentence, code=code, raw=response.text)


def _server(status: int, raw: str) -> SourceError:
    return SourceError(
        f"Reddit has a problem of its own ({status}); Earshot tries again by itself.", code="server", raw=raw
    )


def _again(headers: Mapping[str, str], limits: Limits) -> datetime:
    """When to ask again: as Retry-After says, else when the window that Reddit told is over."""
    now = limits.now()
    try:
        seconds = float(headers.get("retry-after", ""))
    except ValueError:
        return limits.reset_at if limits.reset_at and limits.reset_at > now else now + WINDOW
    return now + timedelta(seconds=min(max(seconds, 1), 86_400))


def _body(response: requests.Response) -> Mapping[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
