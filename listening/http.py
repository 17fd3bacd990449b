"""The one door to the network: bounded in time, size, retries and in whom it may speak to.

`Door` for our own requests (httpx), `guard` for client libraries that bring their own HTTP, `GuardedAdapter` (in
`listening.guarded`) for those of them that use requests. Settings come as arguments with defaults from the
environment, so that tools without Django can use it. Proxies of the environment are ignored: a proxy resolves names
itself, which would make the check of addresses void.
"""

import os
import random
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any
from urllib.parse import urljoin

import httpx

from listening.addresses import (
    ForbiddenAddress,
    Resolver,
    UnknownHost,
    allowed_by_operator,
    guard,
    resolve,
    shown,
    split,
)
from listening.http_answers import Answer, NetworkError, could_not, failed, retry_after
from listening.pinned import Pinned, at_most

__all__ = ["Answer", "Door", "ForbiddenAddress", "NetworkError", "guard", "retry_after", "shown"]

CONTACT = os.environ.get("EARSHOT_CONTACT", "").strip()
USER_AGENT = f"Earshot/1 (self-hosted social listening{'; ' + CONTACT if CONTACT.isascii() and CONTACT else ''})"
LONGEST_SLEEP = 2.0
MAX_REDIRECTS = 5
# All that may follow a redirect to another host; whatever else a caller set might be a key.
SAFE_HEADERS = frozenset({"accept", "accept-language", "user-agent", "if-none-match", "if-modified-since"})


class Door:
    """A client for GET requests and small posts; close it, or use it with `with`. One connection pool.

    `timeout` is the time in seconds between two bytes, `connect` that until a connection stands, `total` that of the
    whole request with its redirects (retries start anew). `max_bytes` counts after decompression. `retries` are for
    connection errors and 429/502/503/504 whose wait is at most 2 seconds; anything longer is raised as NetworkError
    with `retry_at`. `allow_private` lists CIDRs, None reads EARSHOT_ALLOW_PRIVATE. With `redirects=0` none is followed,
    and the answer that names one comes back as it is.
    """

    def __init__(
        self,
        *,
        timeout: float = 15.0,
        connect: float = 6.0,
        total: float = 60.0,
        max_bytes: int = 10_000_000,
        retries: int = 2,
        redirects: int = MAX_REDIRECTS,
        allow_private: str | None = None,
        headers: Mapping[str, str] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
        resolver: Resolver = resolve,
    ) -> None:
        self.total = total
        self.max_bytes = max_bytes
        self.retries = retries
        self.redirects = redirects
        self.now = now
        self.sleep = sleep
        self.headers = {"user-agent": USER_AGENT, **{name.lower(): value for name, value in (headers or {}).items()}}
        self._client = httpx.Client(
            transport=Pinned(allowed_by_operator(allow_private), resolver),
            timeout=httpx.Timeout(timeout, connect=connect),
            follow_redirects=False,
            trust_env=False,
        )

    def __enter__(self) -> "Door":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def get(
        self,
        url: str,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Read a URL. Every status but 429, 502, 503, 504 is an Answer.

        Raises NetworkError, ForbiddenAddress.
        """
        return self.send("GET", url, params=params, headers=headers)

    def send(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        content: bytes | None = None,
    ) -> Answer:
        """Any method; only GET and HEAD are retried, because others might act twice. `content` goes out as it is."""
        address = _with(_checked_url(url), params) if params else _checked_url(url)
        sent = self.headers | {name.lower(): value for name, value in (headers or {}).items()}
        tries = self.retries if method in ("GET", "HEAD") else 0
        for attempt in range(tries + 1):
            try:
                answer = self._follow(method, address, sent, json, content)
                if answer.status not in (429, 502, 503, 504):
                    return answer
                failure = failed(answer.status, answer.url, answer.text)
                failure.retry_at = retry_after(answer.headers.get("retry-after"), self.now())
            except NetworkError as error:
                if error.code != "network":
                    raise
                failure = error
            wait = self._wait(failure, attempt)
            if attempt == tries or wait > LONGEST_SLEEP:
                raise failure
            self.sleep(wait)
        raise AssertionError("unreachable")

    def _wait(self, failure: NetworkError, attempt: int) -> float:
        """Seconds until the next try: what the other side asks for, else a growing, jittered pause."""
        if failure.retry_at is not None:
            return max(0.0, (failure.retry_at - self.now()).total_seconds())
        if failure.code == "rate_limit":
            return LONGEST_SLEEP * 2
        return min(LONGEST_SLEEP, 0.25 * 2.0**attempt * (0.5 + random.random()))  # noqa: S311 - jitter, no secret

    def _follow(self, method: str, url: str, headers: Mapping[str, str], json: Any, content: bytes | None) -> Answer:
        """One request and its redirects, each checked like the first."""
        moved_to, permanent = None, True
        with at_most(self.total):
            for _ in range(self.redirects + 1):
                answer = self._once(method, url, headers, json, content)
                target = answer.headers.get("location")
                if answer.status not in (301, 302, 303, 307, 308) or not target or not self.redirects:
                    return Answer(answer.status, answer.headers, answer.content, url, moved_to)
                onward = _checked_url(urljoin(url, target))
                permanent = permanent and answer.status in (301, 308)
                moved_to = onward if permanent else moved_to
                headers = headers if _same_host(url, onward) else _safe(headers)
                if answer.status in (301, 302, 303):
                    method, json, content = "GET", None, None
                url = onward
        raise NetworkError(f"{shown(url)} redirects in circles. Check the address in a browser.", "server")

    def _once(self, method: str, url: str, headers: Mapping[str, str], json: Any, content: bytes | None) -> Answer:
        try:
            with self._client.stream(method, url, headers=dict(headers), json=json, content=content) as response:
                content = self._read(response, url)
                told = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status_code, told, content, url)
        except UnknownHost as error:
            raise NetworkError(str(error), "network") from error
        except (httpx.TimeoutException, httpx.TransportError, httpx.DecodingError) as error:
            raise NetworkError(could_not(url, error), "network", raw=repr(error)) from error
        except (httpx.InvalidURL, UnicodeError) as error:  # UnicodeError: a name such as "xn--"
            raise ForbiddenAddress(f"{shown(url)} is not an address: {error}.") from error

    def _read(self, response: httpx.Response, url: str) -> bytes:
        content = bytearray()
        for chunk in response.iter_bytes(65_536):
            content += chunk
            if len(content) > self.max_bytes:
                raise NetworkError(
                    f"{shown(url)} answered more than {self.max_bytes:,} bytes, the most that is read.",
                    "server",
                    status=response.status_code,
                )
        return bytes(content)


def _checked_url(url: str) -> str:
    split(url)
    return url.strip()


def _with(url: str, params: Mapping[str, Any]) -> str:
    try:
        return str(httpx.URL(url).copy_merge_params(_told(params)))
    except (httpx.InvalidURL, UnicodeError) as error:
        raise ForbiddenAddress(f"{shown(url)} is not an address: {error}.") from error


def _told(params: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (params or {}).items() if value is not None}


def _same_host(one: str, other: str) -> bool:
    first, second = split(one), split(other)
    return first[0].scheme == second[0].scheme and first[1:] == second[1:]


def _safe(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name in SAFE_HEADERS}
