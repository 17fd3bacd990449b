"""Failures: what a request that brought nothing means, in a sentence for people, and when to come back."""

import email.utils
import math
from datetime import UTC, datetime, timedelta

import httpx

from listening.addresses import shown

TRIES_AGAIN = "; Earshot tries again by itself."
LONGEST_RETRY_AFTER = timedelta(days=7)


class NetworkError(Exception):
    """Nothing useful came back.

    `sentence` for people; `code` as in `ingest.sources.base.SourceError` ("network", "server", "rate_limit",
    "settings", "schema", "auth", "not_found"); `retry_at` aware UTC, when the other side named a time; `permanent`:
    trying again changes nothing; `status` of the last answer, None where there was none; `raw` the other side's words.
    """

    def __init__(
        self,
        sentence: str,
        code: str,
        retry_at: datetime | None = None,
        permanent: bool = False,
        status: int | None = None,
        raw: str = "",
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
        self.retry_at = retry_at
        self.permanent = permanent
        self.status = status
        self.raw = raw[:2000]


def could_not(url: str, error: Exception) -> str:
    """The sentence for an error of httpx."""
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return f"{shown(url)} has no valid certificate. Check the address; its operator may have let it expire."
    what = "took too long to answer" if isinstance(error, httpx.TimeoutException) else "could not be reached"
    return f"{shown(url)} {what}. It may be down, or this machine's network may be{TRIES_AGAIN}"


def failure(status: int, url: str, raw: str) -> NetworkError:
    """The error that a status means."""
    where = shown(url)
    if status == 429:
        return NetworkError(f"{where} asks for fewer requests; Earshot waits.", "rate_limit", status=status, raw=raw)
    if status in (401, 403):
        sentence = f"{where} refuses access ({status}). Check the credentials, or whether it may be read at all."
        return NetworkError(sentence, "auth", permanent=status == 401, status=status, raw=raw)
    if status in (404, 410):
        sentence = f"{where} is not there ({status}). Check the address."
        return NetworkError(sentence, "not_found", permanent=status == 410, status=status, raw=raw)
    if status >= 500:
        sentence = f"{where} has trouble of its own ({status}){TRIES_AGAIN}"
        return NetworkError(sentence, "server", status=status, raw=raw)
    sentence = f"{where} did not accept the request ({status}). The service may have changed; check for an update."
    return NetworkError(sentence, "schema", status=status, raw=raw)


def retry_after(text: str | None, now: datetime) -> datetime | None:
    """When a Retry-After header (seconds, or an HTTP date) says to come back; None for none or nonsense.

    At most seven days from now, at least now (RFC 9110, 10.2.3).
    """
    if not text:
        return None
    seconds = _number(text)
    if seconds is not None:
        return now + timedelta(seconds=max(0.0, min(seconds, LONGEST_RETRY_AFTER.total_seconds())))
    try:
        at = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return max(now, min(at.astimezone(UTC), now + LONGEST_RETRY_AFTER))


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return None if math.isnan(number) else number
