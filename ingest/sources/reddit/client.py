"""PRAW, pointed at any address, guarded, and never asleep.

https://praw.readthedocs.io/ and https://www.reddit.com/dev/api/. prawcore sleeps for rate limits, and before it asks
again after a server's error, which would send an answer twice: its requestor, which PRAW lets one choose, refuses in
our words before prawcore sees anything to wait for. Listings are read as JSON: PRAW's objects fetch what they lack by
themselves, one request an attribute.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import praw
import prawcore
import requests
from praw.exceptions import PRAWException, RedditAPIException

from ingest.sources.base import Config, SourceError
from ingest.sources.reddit.failures import refusal, refused_sign_in, schema, unreached
from ingest.sources.reddit.form import LOGIN, OFFICIAL, not_approved
from ingest.sources.reddit.limits import Limits
from listening.guarded import GuardedAdapter, mount

TIMEOUT = (6.0, 16.0)
"""Seconds until a connection stands, and between two bytes."""
AT_ONCE = 100
"""Things that Reddit shows in one answer, and looks up in one request."""

logging.getLogger("prawcore").setLevel(logging.WARNING)  # its debug lines hold whole posts

Told = Mapping[str, Any]


class Requestor(prawcore.Requestor):
    """Asks the limits before each request, and turns every refusal into a SourceError, which prawcore lets pass."""

    def __init__(self, *, limits: Limits, **told: Any) -> None:
        super().__init__(**told)
        self.limits = limits

    def request(self, *args: Any, timeout: float | None = None, **told: Any) -> requests.Response:
        self.limits.ask_leave()
        try:
            response = super().request(*args, **told)
        except prawcore.RequestException as error:
            raise unreached(error.original_exception) from error
        if not response.url.partition("?")[0].endswith("/access_token"):  # which Reddit counts for itself
            self.limits.take(response.headers)
        if response.status_code >= 300:
            raise refusal(response, self.limits)
        return response


class Client:
    """Reddit as one sign-in sees it: as the app alone, or in an account's name. Raises SourceError only."""

    def __init__(self, config: Config, as_account: bool = False) -> None:
        if refused := not_approved(config.settings):
            raise refused
        self.limits = Limits(config.now)
        base = str(config.settings.get("api_url") or OFFICIAL).rstrip("/")
        session = requests.Session()
        mount(session, GuardedAdapter(timeout=TIMEOUT))
        told, secret = config.settings, config.credentials
        with self.told():
            self.reddit = praw.Reddit(
                "DEFAULT",
                requestor_class=Requestor,
                requestor_kwargs={"session": session, "limits": self.limits},
                client_id=str(told.get("client_id") or ""),
                client_secret=secret.get("client_secret", ""),
                username=str(told.get("username") or "") if as_account and not secret.get("refresh_token") else "",
                password=secret.get("password", "") if as_account and not secret.get("refresh_token") else "",
                refresh_token=secret.get("refresh_token", "") if as_account else "",
                user_agent=user_agent(str(told.get("operator") or "")),
                oauth_url=base,
                reddit_url=LOGIN if base == OFFICIAL else base,
                short_url=LOGIN if base == OFFICIAL else base,
                check_for_updates=False,
                check_for_async=False,
                ratelimit_seconds=-1,  # it would sleep as long as an answer is asked to wait
            )

    def get(self, path: str, **params: Any) -> Any:
        with self.told():
            return self.reddit.request(method="GET", path=path, params=params)

    def listing(self, path: str, **params: Any) -> tuple[list[Told], str | None]:
        """The things of one page, and the fullname below which the next one begins."""
        body = self.get(path, limit=AT_ONCE, **params)
        data = body.get("data") if isinstance(body, dict) else None
        children = data.get("children") if isinstance(data, dict) else None
        if not isinstance(children, list) or not all(map(_is_thing, children)):
            raise schema("Reddit's answer is not a listing", repr(body))
        return children, data.get("after") if isinstance(data, dict) else None

    def info(self, names: Sequence[str]) -> dict[str, Told]:
        """What Reddit shows of these fullnames, of which any number may be missing."""
        found: dict[str, Told] = {}
        for start in range(0, len(names), AT_ONCE):
            children, _ = self.listing("api/info/", id=",".join(names[start : start + AT_ONCE]))
            found |= {str(one["data"]["name"]): one for one in children}
        return found

    def me(self) -> Told:
        """The account that is signed in."""
        told = self.get("api/v1/me")
        if not isinstance(told, dict) or not told.get("name"):
            raise schema("Reddit's answer does not say who is signed in", repr(told))
        return told

    @contextmanager
    def told(self) -> Iterator[None]:
        """Errors of the library as SourceErrors."""
        try:
            yield
        except prawcore.OAuthException as error:
            raise refused_sign_in(str(error.error), str(error.description or "")) from error
        except RedditAPIException:
            raise
        except (prawcore.PrawcoreException, PRAWException) as error:
            raise schema("Reddit answered something that PRAW cannot read", repr(error)) from error
        except (LookupError, TypeError, ValueError, AttributeError, AssertionError) as error:
            raise schema("Reddit answered something that PRAW cannot read", repr(error)) from error


def suspended(me: Told) -> SourceError | None:
    """What to say of an account that Reddit has suspended."""
    if not me.get("is_suspended"):
        return None
    return SourceError(
        f"Reddit has suspended the account u/{me['name']}: its messages can't be read, and it can't answer. Look at "
        "Reddit what it asks for. All else is read.",
        code="auth",
        permanent=True,
    )


def user_agent(operator: str) -> str:
    """In the form that Reddit's rules make compulsory: platform:app id:version (by /u/name)."""
    return f"python:earshot:v1 (by /u/{operator.strip().removeprefix('/').removeprefix('u/')})"


def _is_thing(told: Any) -> bool:
    return isinstance(told, dict) and isinstance(told.get("data"), dict) and bool(told["data"].get("name"))
