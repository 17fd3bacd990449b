"""tweepy, pointed at any address, guarded, and never asleep.

tweepy's host is written into it (`https://api.twitter.com`), so requests to that host are rewritten where they leave.
`wait_on_rate_limit` stays off: it would put a worker to sleep for up to fifteen minutes.
"""

import logging
from typing import Any
from urllib.parse import urlsplit

import requests
import tweepy
from requests_oauthlib import OAuth1

from listening.addresses import split
from listening.guarded import GuardedAdapter, mount

OFFICIAL = "https://api.x.com"
TIMEOUT = (6.0, 30.0)
"""Seconds until a connection stands, and between two bytes."""

POST_FIELDS = (
    "created_at",
    "author_id",
    "conversation_id",
    "in_reply_to_user_id",
    "referenced_tweets",
    "entities",
    "lang",
    "public_metrics",
    "edit_controls",
    "possibly_sensitive",
    "withheld",
    "reply_settings",
    "note_tweet",
    "display_text_range",
    "attachments",
)
USER_FIELDS = ("username", "name", "created_at", "public_metrics", "protected")

# OpenAPI 2.167 gives ids of authors and references without being asked, and knows no fields of that name.
NEW_NAMES = {"tweet.fields": "post.fields"}
NEW_FIELDS = {"note_tweet": "note_post", "referenced_tweets.id": "referenced_posts"}
NOT_ASKED_FOR = frozenset({"author_id", "in_reply_to_user_id", "referenced_tweets"})

logging.getLogger("tweepy").setLevel(logging.INFO)  # its debug lines hold the bearer token and whole posts


Keys = tuple[str, ...]
"""API key, its secret, access token, its secret; empty where only the bearer token speaks."""


class Rewrite(GuardedAdapter):
    """Sends what tweepy addresses to its own host to another one, through the network door."""

    def __init__(self, base: str, keys: Keys = ()) -> None:
        super().__init__(timeout=TIMEOUT)
        self.base = base.rstrip("/")
        self.keys = keys

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        split(self.base)
        request.url = self.base + request.path_url
        if self.keys and request.headers.pop("Authorization", ""):
            request = OAuth1(*self.keys)(request)  # a signature covers the address, which tweepy's own did not have
        return super().send(request, *args, **kwargs)


class Client(tweepy.Client):  # type: ignore[misc]
    """tweepy's client; every answer is a `requests.Response`, because X tells limits in headers.

    `names` is "tweet" or "post": which of X's two namings of fields requests use.
    """

    def __init__(self, bearer_token: str, api_url: str = OFFICIAL, names: str = "tweet", keys: Keys = ()) -> None:
        super().__init__(bearer_token, *keys, return_type=requests.Response, wait_on_rate_limit=False)
        self.names = names
        self.session.max_redirects = 0  # the API has none
        mount(self.session, Rewrite(api_url, keys))

    def request(
        self,
        method: str,
        route: str,
        params: dict[str, Any] | None = None,
        json: Any = None,
        user_auth: bool = False,
    ) -> requests.Response:
        renamed = _renamed(params or {}) if self.names == "post" else params
        answer: requests.Response = super().request(method, route, renamed, json, user_auth)
        return answer

    def usage(self) -> requests.Response:
        """Posts read in this billing period; tweepy 4.17 has no method for it."""
        return self.request("GET", "/2/usage/tweets", {"usage.fields": "cap_reset_day,project_cap,project_usage"})


def check_address(url: str) -> None:
    """Raises ValueError with a sentence for an `api_url` that nothing can be appended to."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"The API address must look like {OFFICIAL}.")


def _renamed(params: dict[str, Any]) -> dict[str, Any]:
    return {NEW_NAMES.get(name, name): _renamed_fields(name, value) for name, value in params.items()}


def _renamed_fields(name: str, value: Any) -> Any:
    if name not in ("tweet.fields", "expansions"):
        return value
    asked = [one for one in str(value).split(",") if name == "expansions" or one not in NOT_ASKED_FOR]
    return ",".join(NEW_FIELDS.get(one, one) for one in asked)
