"""Client: the atproto SDK's client behind Earshot's door, with its errors in our words.

Sessions are kept per process: createSession allows 30 logins in 5 minutes and 300 a day per account
(docs.bsky.app, "Rate Limits"), so a login at every pull would lock the account out.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import httpx
from atproto_client import Client
from atproto_client.exceptions import (
    BadRequestError,
    RateLimitExceededError,
    RequestErrorBase,
    UnauthorizedError,
)
from atproto_client.models import ComAtprotoRepoCreateRecord
from atproto_client.models.base import ParamsModelBase
from atproto_client.models.common import XrpcError
from atproto_client.request import Request
from atproto_core.exceptions import AtProtocolError

from ingest.sources.base import SourceError
from listening.http import ForbiddenAddress, guard, shown

TIMEOUT = 10.0
_LIMIT_WINDOW = timedelta(minutes=5)
_EXPIRED = frozenset({"ExpiredToken", "InvalidToken"})

Json = Mapping[str, Any]
Login = tuple[str, str]


class Api:
    """Questions to one XRPC host, asked in somebody's name when `login` (identifier, app password) is given."""

    def __init__(self, url: str, login: Login | None = None) -> None:
        self.url = url.rstrip("/")
        self.login = login

    def ask(self, method: str, params: ParamsModelBase | None, now: datetime) -> Json:
        """The answer of a query method as plain JSON. Raises SourceError.

        It is not turned into the SDK's models: they refuse a whole page for one stranger's odd record.
        """
        with told(self.url, now, self.login is not None):
            try:
                return _ask(self._client(), method, params)
            except (UnauthorizedError, BadRequestError) as error:
                if self.login is None or error_name(error) not in _EXPIRED:
                    raise
                _logged_in.cache_clear()
                return _ask(self._client(), method, params)

    def write(self, repo: str, collection: str, key: str, record: Json, now: datetime) -> None:
        """Make a record under a key of our own in the account's repository. Raises SourceError."""
        with told(self.url, now, self.login is not None):
            try:
                data = ComAtprotoRepoCreateRecord.Data(repo=repo, collection=collection, rkey=key, record=dict(record))
                self._client().com.atproto.repo.create_record(data)
            except (UnauthorizedError, BadRequestError) as error:
                if error_name(error) not in _EXPIRED:
                    raise
                _logged_in.cache_clear()
                self._client().com.atproto.repo.create_record(data)

    def did(self, now: datetime) -> str:
        """The DID of the account that is logged in. Raises SourceError."""
        did = self.ask("com.atproto.server.getSession", None, now).get("did")
        if not isinstance(did, str):
            raise SourceError("Bluesky logged in without saying which account this is.", code="schema")
        return did

    def _client(self) -> Client:
        return _logged_in(self.url, self.login) if self.login else _anonymous(self.url)


def guarded_request() -> Request:
    """The SDK's HTTP with time-outs, no proxy, and every address checked, those of redirects too."""
    return Request(timeout=TIMEOUT, trust_env=False, event_hooks={"request": [_check_address]})


@contextmanager
def told(url: str, now: datetime, logged_in: bool) -> Iterator[None]:
    """Turns whatever the SDK raises inside into SourceError."""
    try:
        yield
    except RateLimitExceededError as error:
        raise _rate_limited(error, now) from error
    except UnauthorizedError as error:
        raise _refused(error, logged_in) from error
    except RequestErrorBase as error:
        raise _failed(error, url) from error
    except ForbiddenAddress as error:
        raise SourceError(str(error), code="settings", permanent=True) from error
    except (httpx.HTTPError, OSError) as error:
        raise SourceError(f"{shown(url)} could not be reached: {error}.", code="network") from error
    except (AtProtocolError, ValueError) as error:
        raise SourceError(
            f"{shown(url)} gave an answer that Earshot cannot read. Is this the address of a Bluesky server?",
            code="schema",
            raw=str(error),
        ) from error


def error_name(error: RequestErrorBase) -> str:
    """The XRPC error code in an answer, such as "ExpiredToken"; "" where it holds none."""
    content = error.response.content if error.response else None
    return content.error if isinstance(content, XrpcError) else ""


def _ask(client: Client, method: str, params: ParamsModelBase | None) -> Json:
    answer = client.invoke_query(method, params=params).content
    if not isinstance(answer, dict):
        raise ValueError(f"{method} did not answer a JSON object")
    return answer


@lru_cache(maxsize=64)
def _logged_in(url: str, login: Login) -> Client:
    client = _open(url)
    client.login(*login, fetch_bsky_profile=False)
    return client


@lru_cache(maxsize=16)
def _anonymous(url: str) -> "_Anonymous":
    return _Anonymous(url, guarded_request())


class _Anonymous(Client):  # type: ignore[misc]  # the SDK has no types
    """A client that never had a session and needs none."""

    def _should_refresh_session(self) -> bool:
        return False


def _open(url: str) -> Client:
    return Client(url, guarded_request())


def _check_address(request: httpx.Request) -> None:
    guard(str(request.url))


def _rate_limited(error: RateLimitExceededError, now: datetime) -> SourceError:
    until = error.reset_at or now + _LIMIT_WINDOW
    if error.retry_after is not None and error.reset_at is None:
        until = now + timedelta(seconds=error.retry_after)
    return SourceError(
        f"Bluesky asks for a pause until {until:%H:%M} UTC: too many requests. Earshot goes on by itself.",
        code="rate_limit",
        retry_at=until,
        raw=f"{error}; limit {error.limit}, policy {error.policy}",
    )


def _refused(error: UnauthorizedError, logged_in: bool) -> SourceError:
    if logged_in:
        sentence = (
            "Bluesky refused the login. Check the account's handle and make a new app password under "
            "Settings > Privacy and security > App passwords; the account's main password is not the right one."
        )
    else:
        sentence = "Bluesky answers this only to people who are logged in. Add an account and an app password."
    return SourceError(sentence, code="auth", permanent=True, raw=str(error))


def _failed(error: RequestErrorBase, url: str) -> SourceError:
    if error.response is None:
        return SourceError(
            f"{shown(url)} could not be reached ({error.__cause__ or error}). Earshot tries again by itself.",
            code="network",
            raw=str(error.__cause__ or error),
        )
    status = error.response.status_code
    if status == 404:
        return SourceError(
            f"{shown(url)} does not know this request (404). Is this the address of a Bluesky server?",
            code="not_found",
            raw=str(error),
        )
    code = "server" if status >= 500 else "schema"
    return SourceError(f"{shown(url)} answered with an error ({status}).", code=code, raw=str(error))
