"""What came back from a network, or why nothing useful did, in a sentence for people."""

import email.utils
import json as jsonlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `url` after redirects, `headers` in lower case, `content` decompressed bytes.

    `moved_to` is where permanent redirects (301, 308) alone led from the first address; None when there were none.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes
    url: str
    moved_to: str | None = None

    def json(self) -> Any:
        """The decoded body. Raises NetworkError (code "schema") when it is not JSON, or nested without end."""
        try:
            return jsonlib.loads(self.content)
        except (ValueError, RecursionError) as error:
            raise NetworkError(
                f"{shown(self.url)} did not answer JSON. The address may be wrong, or the service may have changed.",
                "schema",
                status=self.status,
                raw=self.text,
            ) from error

    @property
    def text(self) -> str:
        """The start of the body for error messages; never for content."""
        return self.content[:2000].decode("utf-8", "replace")

    def expect(self, *statuses: int) -> "Answer":
        """Itself, or NetworkError by kind when the status is none of these (default: any 2xx)."""
        fine = self.status in statuses if statuses else 200 <= self.status < 300
        if fine:
            return self
        raise failed(self.status, self.url, self.text)


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


def could_not(url: str, error: Exception) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return f"{shown(url)} has no valid certificate. Check the address; its operator may have let it expire."
    what = "took too long to answer" if isinstance(error, httpx.TimeoutException) else "could not be reached"
    return f"{shown(url)} {what}. It may be down, or this machine's network may be{TRIES_AGAIN}"


def failed(status: int, url: str, raw: str) -> NetworkError:
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
