"""What YouTube's refusals mean: the day is used up, too fast, a wrong key, comments are closed, something is gone.

Errors: {"error": {"code", "message", "errors": [{"reason", "domain"}], "details": [{"reason"}], "status"}}, see
https://developers.google.com/youtube/v3/docs/errors. Days of quotas begin at midnight in California.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import requests
from google.auth.exceptions import GoogleAuthError, RefreshError
from googleapiclient.errors import Error, HttpError

from ingest.sources.base import SourceError, next_day
from listening.http import ForbiddenAddress, retry_after

PACIFIC = "America/Los_Angeles"
REST = timedelta(minutes=5)
CONSOLE = "https://console.cloud.google.com/apis"
TROUBLES = (Error, GoogleAuthError, requests.RequestException, ForbiddenAddress, LookupError, TypeError, ValueError)
"""What an answer may raise on its way through Google's client."""

USED_UP = {"quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"}
TOO_FAST = {"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"}
CLOSED = "commentsDisabled"
LOST_PLACE = {"invalidPageToken", "processingFailure"}
WRONG_KEY = (
    "YouTube does not accept the API key: it is wrong, or was deleted. Make a new one in the Google Cloud console "
    f"({CONSOLE}/credentials) and paste it here."
)
SWITCHED_OFF = (
    "The YouTube Data API v3 is not switched on in the project of this key. Switch it on in the Google Cloud console "
    f"({CONSOLE}/library/youtube.googleapis.com), wait a few minutes and test the connection."
)
LOCKED = (
    "The API key is restricted to other addresses or other APIs. Change its restrictions in the Google Cloud console "
    f"({CONSOLE}/credentials)."
)
KEYS = {
    **dict.fromkeys(("keyInvalid", "keyExpired", "API_KEY_INVALID", "API_KEY_EXPIRED"), WRONG_KEY),
    **dict.fromkeys(("accessNotConfigured", "SERVICE_DISABLED"), SWITCHED_OFF),
    **dict.fromkeys(("ipRefererBlocked", "API_KEY_IP_ADDRESS_BLOCKED", "API_KEY_SERVICE_BLOCKED"), LOCKED),
    "API_KEY_HTTP_REFERRER_BLOCKED": LOCKED,
}


class Refused(SourceError):
    """YouTube said no: `status` of the answer, and the `reasons` that it named."""

    def __init__(self, sentence: str, status: int, reasons: tuple[str, ...], words: str = "", **told: Any) -> None:
        super().__init__(sentence, **told)
        self.status = status
        self.reasons = reasons
        self.words = words

    def says(self, *reasons: str) -> bool:
        return not set(reasons).isdisjoint(self.reasons)


def failure(error: Exception, now: datetime) -> SourceError:
    """The SourceError for whatever Google's client, requests or the guard raised."""
    if isinstance(error, SourceError):
        return error
    if isinstance(error, HttpError):
        return _refused(error, now)
    if isinstance(error, ForbiddenAddress):
        return SourceError(error.sentence, code="settings", permanent=True)
    if isinstance(error, RefreshError):
        return _no_token(error)
    if isinstance(error, requests.RequestException | GoogleAuthError):
        return SourceError(
            "YouTube could not be reached. It may be down, or this machine's network may be; Earshot tries again by "
            "itself.",
            code="network",
            raw=type(error).__name__,  # its words hold the address, and that the key
        )
    return schema("YouTube answered something that Google's client cannot read", type(error).__name__)


def schema(what: str, raw: str) -> SourceError:
    return SourceError(
        f"{what}. Nothing was stored and the place is kept. YouTube may have changed its API, or the API address may "
        "be wrong; look for an update of Earshot.",
        code="schema",
        raw=raw,
    )


def used_up(now: datetime, what: str = "units", status: int = 403, raw: str = "") -> Refused:
    return Refused(
        f"The {what} that YouTube allows this project per day are used up. Reading goes on when the day is over in "
        "California; ask Google for more, or watch fewer videos. What was read is kept.",
        status,
        ("quotaExceeded",),
        code="quota",
        retry_at=next_day(now, PACIFIC),
        raw=raw,
    )


def _refused(error: HttpError, now: datetime) -> Refused:
    status, raw = int(error.resp.status), error.content.decode("utf-8", "replace")[:2000]
    reasons, words = _told(raw)
    names = set(reasons)
    if names & USED_UP or (status in (403, 429) and "per day" in words.lower()):
        return used_up(now, status=status, raw=raw)
    if names & TOO_FAST or status == 429:
        at = retry_after(error.resp.get("retry-after"), now) or now + REST
        sentence = "YouTube asks for fewer requests; Earshot goes on by itself in a few minutes."
        return Refused(sentence, status, reasons, words, code="rate_limit", retry_at=max(at, now), raw=raw)
    if wrong := next((KEYS[one] for one in reasons if one in KEYS), None):
        return Refused(wrong, status, reasons, words, code="auth", permanent=True, raw=raw)
    if CLOSED in names:
        sentence = "Comments are switched off there; Earshot looks again in a week."
        return Refused(sentence, status, reasons, words, code="not_found", raw=raw)
    sentence, told = _by_status(status, words)
    return Refused(sentence, status, reasons, words, raw=raw, **told)


def _by_status(status: int, words: str) -> tuple[str, Mapping[str, Any]]:
    if 300 <= status < 400:
        sentence = "The API address leads elsewhere, which YouTube's own never does. Check it in the settings."
        return sentence, {"code": "settings", "permanent": True}
    if status == 400:
        sentence = f"YouTube does not accept this request ({words}). Change the query, or the settings of this source."
        return sentence, {"code": "settings"}
    if status == 401:
        return WRONG_KEY, {"code": "auth", "permanent": True}
    if status == 403:
        sentence = f"YouTube refuses this ({words}). What was asked for may be private, or not for this key."
        return sentence, {"code": "auth"}
    if status == 404:
        sentence = f"YouTube does not know this any more ({words}). Check the channels and videos of this source."
        return sentence, {"code": "not_found"}
    if status >= 500:
        sentence = f"YouTube has a problem of its own ({status}); Earshot tries again by itself."
        return sentence, {"code": "server"}
    return f"YouTube answered {status} ({words}).", {"code": "server"}


def _told(raw: str) -> tuple[tuple[str, ...], str]:
    """The reasons that an answer names, and its words without markup."""
    try:
        error = json.loads(raw)["error"]
        rows = [*(error.get("errors") or ()), *(error.get("details") or ())]
        reasons = tuple(str(row["reason"]) for row in rows if isinstance(row, dict) and row.get("reason"))
        return reasons, str(error.get("message") or "no reason given")[:200]
    except (ValueError, LookupError, TypeError, AttributeError):
        return (), "no reason given"


def _no_token(error: RefreshError) -> SourceError:
    """Google's token service: "invalid_grant" for a refresh token that was taken back or is older than its project."""
    told = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], dict) else {}
    if error.retryable and told.get("error") not in ("invalid_grant", "invalid_client", "unauthorized_client"):
        return SourceError("Google's sign-in has a problem of its own.", code="server", raw=str(told))
    return SourceError(
        "Google does not accept the keys for answers: the refresh token was taken back or has run out (after seven "
        "days while the app is in testing), or client ID and secret are wrong. Make the refresh token anew, signed in "
        "as the brand's channel, and paste all three.",
        code="auth",
        permanent=True,
        raw=str(told),
    )
