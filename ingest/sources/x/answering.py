"""Answering on X: in the account's own name (OAuth 1.0a), and looked for before it is tried again.

X knows no key by which it would recognise a second attempt; it refuses the same words twice (403, duplicate content),
and the account's own posts tell what was sent. Since 2026-02 X takes an answer by software only to people who called
or quoted the account (docs.x.com/x-api/posts/manage-tweets).
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import requests
import tweepy

from ingest.saying import bare
from ingest.sources.base import Config, Outgoing, Sent, SourceError, not_yours, too_long
from ingest.sources.x.client import OFFICIAL, Client
from ingest.sources.x.failures import failure, read_json, schema
from ingest.sources.x.form import ANSWER_COST, USER_COST
from listening.lengths import measure

KEYS = ("api_key", "api_secret", "access_token", "access_secret")
SLACK = timedelta(minutes=5)
PAGE = 100
FIELDS = ["created_at", "referenced_tweets", "text"]

Told = Mapping[str, Any]


class Writer:
    """X in the brand's name; `spent` counts in post reads, as the budget does."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.spent = 0
        self._keys = tuple(config.credentials.get(name, "") for name in KEYS)
        self._url = str(config.settings.get("api_url") or OFFICIAL)
        self._client = Client("", self._url, str(config.settings.get("field_names") or "tweet"), self._keys)

    def reply(self, answer: Outgoing) -> Sent:
        """Raises SourceError as the contract says."""
        length = measure("x", answer.text)
        if not length.fits:
            raise too_long(length.used, length.most)
        me = self._account(answer)
        self.spent += ANSWER_COST
        try:
            response = self._client.create_tweet(
                text=answer.text, in_reply_to_tweet_id=answer.to.external_id, user_auth=True
            )
        except tweepy.Forbidden as error:
            return self._forbidden(error, answer)
        except (tweepy.TweepyException, requests.RequestException) as error:
            raise _refused(error, self.config.now()) from error
        return _sent(read_json(response).get("data") or {}, me, response.text)

    def find(self, answer: Outgoing, since: datetime) -> Sent | None:
        """Our answer among the account's own posts since then."""
        me = self._account(answer)
        ours = bare(answer.text)
        for post in self._own_posts(me["id"], since - SLACK):
            references = post.get("referenced_tweets") or post.get("referenced_posts") or ()
            answers = {str(one.get("id")) for one in references if one.get("type") == "replied_to"}
            if answer.to.external_id in answers and bare(str(post.get("text") or "")) == ours:
                return _sent(post, me, str(post))
        return None

    def _forbidden(self, error: tweepy.Forbidden, answer: Outgoing) -> Sent:
        """The same words twice: then they stand there. Any other no is a no."""
        words = "; ".join(str(one) for one in error.api_messages) or "no reason given"
        if "duplicate" in words.lower() and (found := self.find(answer, answer.written_at)):
            return found
        raise SourceError(
            f"X did not take this answer ({words}). The app needs the permission to write; the post must still be "
            "there; and X takes answers only to people who called or quoted the account.",
            code="auth",
            permanent=True,
            raw=error.response.text,
        ) from error

    def _account(self, answer: Outgoing) -> Told:
        """Who signs, when it is one of the brand's own. Asked once per process: it costs a user read."""
        before = _me.cache_info().misses
        try:
            me = _me(self._url, self._keys)
        except (tweepy.TweepyException, requests.RequestException, AttributeError, TypeError, ValueError) as error:
            raise _refused(error, self.config.now()) from error
        self.spent += USER_COST * (_me.cache_info().misses - before)
        own = {handle.id for handle in answer.own} | {handle.handle.lower() for handle in answer.own}
        if me["id"] not in own and me["username"].lower() not in own:
            raise not_yours(me["username"], answer.own)
        return me

    def _own_posts(self, user_id: str, since: datetime) -> Iterator[Told]:
        token: str | None = None
        while True:
            body = self._ask(
                lambda token=token: self._client.get_users_tweets(  # type: ignore[misc]
                    user_id,
                    start_time=since.replace(microsecond=0),
                    max_results=PAGE,
                    pagination_token=token,
                    tweet_fields=FIELDS,
                    user_auth=True,
                )
            )
            posts = body.get("data") or []
            self.spent += len(posts)
            yield from posts
            token = (body.get("meta") or {}).get("next_token")
            if not token:
                return

    def _ask(self, call: Callable[[], requests.Response]) -> Told:
        try:
            return read_json(call())
        except (tweepy.TweepyException, requests.RequestException, AttributeError, TypeError, ValueError) as error:
            raise _refused(error, self.config.now()) from error


@lru_cache(maxsize=64)
def _me(url: str, keys: tuple[str, ...]) -> Told:
    told = read_json(Client("", url, "tweet", keys).get_me(user_auth=True)).get("data") or {}
    if not told.get("id") or not told.get("username"):
        raise schema("X's answer does not say whose keys these are", str(told))
    return {"id": str(told["id"]), "username": str(told["username"])}


def _refused(error: Exception, now: datetime) -> SourceError:
    """As for reading, but the keys are others."""
    if isinstance(error, tweepy.Unauthorized):
        return SourceError(
            "X does not accept the keys for answers: they are wrong, were regenerated or revoked. Make the access "
            "token anew, with the permission to write, and paste all four keys.",
            code="auth",
            permanent=True,
            raw=error.response.text,
        )
    return failure(error, now)


def _sent(post: Told, me: Told, raw: str) -> Sent:
    if not post.get("id"):
        raise schema("X answered without an id", raw)
    return Sent(str(post["id"]), f"https://x.com/{me['username']}/status/{post['id']}")
