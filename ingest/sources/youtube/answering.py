"""Answering on YouTube: a reply below a comment, in the name of the brand's channel, and looked for before it is sent.

YouTube knows no key by which it would recognise a second attempt; the replies of the thread tell what was sent. Threads
have one level: whoever answered a comment is answered below the same comment, and named, for else they are not told.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from ingest.saying import bare
from ingest.sources.base import Config, Outgoing, Sent, SourceError, not_yours, too_long
from ingest.sources.youtube.client import KEYS, OFFICIAL, TOKENS, writing
from ingest.sources.youtube.failures import TROUBLES, Refused, failure, schema
from ingest.sources.youtube.form import video_id
from ingest.sources.youtube.reader import MOST_PAGES, PAGE, Listing, listed
from ingest.sources.youtube.resources import SITE, handle_in
from listening.lengths import measure

ANSWER_COST = 50
"""Units that a comment costs (developers.google.com/youtube/v3/determine_quota_cost)."""
SLACK = timedelta(minutes=5)
SURE = (400, 401, 403, 404)
"""Answers after which a comment certainly does not stand there."""
IS_A_VIDEO = (
    "This is a video, and Earshot answers comments only. Write below it at YouTube, then press “I answered at the "
    "network”."
)
CLOSED = "The comment is gone, or nobody may answer it any more."

Told = Mapping[str, Any]


class Writer:
    """YouTube in the brand's name; `spent` counts units."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.spent = 0
        self._url = str(config.settings.get("api_url") or OFFICIAL)
        self._tokens = str(config.settings.get("token_url") or TOKENS)
        self._keys = tuple(config.credentials.get(name, "") for name in KEYS)

    def reply(self, answer: Outgoing) -> Sent:
        """Raises SourceError as the contract says."""
        parent = _parent(answer)
        api = self._api()
        self._account(answer)
        text = self._named(api, answer)
        length = measure("youtube", text)
        if not length.fits:
            raise too_long(length.used, length.most)
        self.spent += ANSWER_COST
        body = {"snippet": {"parentId": parent, "textOriginal": text}}
        told = self._send(lambda: api.comments().insert(part="snippet", body=body).execute(num_retries=0))
        return _sent(told, answer)

    def find(self, answer: Outgoing, since: datetime) -> Sent | None:
        """Our answer among the replies below the comment."""
        api, parent = self._api(), _parent(answer)
        me, ours = self._account(answer), bare(answer.text)
        there = (one for one in self._replies(api, parent) if _is_ours(one, me["id"], ours, since - SLACK))
        found = next(there, None)
        return _sent(found, answer) if found else None

    def account(self) -> Told:
        """Which channel signs: {"id", "title", "handle"}. Asked once per process."""
        before = _me.cache_info().misses
        try:
            return _me(self._url, self._tokens, self._keys)
        finally:
            self.spent += _me.cache_info().misses - before

    def _account(self, answer: Outgoing) -> Told:
        """The channel that signs, when it is one of the brand's own."""
        me = self.account()
        own = {one.id or one.handle.lower() for one in answer.own}
        if me["id"] not in own and me["handle"].lower() not in own:
            raise not_yours(me["handle"] or me["title"], answer.own)
        return me

    def _named(self, api: Any, answer: Outgoing) -> str:
        """The words, with the person named where they would not be told else. Raises where nobody may answer."""
        there = self._list(api.comments(), part="snippet", id=answer.to.external_id).items
        above = _parent(answer)
        threads = self._list(api.commentThreads(), part="snippet", id=above).items
        if not there or not threads or threads[0].get("snippet", {}).get("canReply") is False:
            raise SourceError(CLOSED, code="not_found", permanent=True)
        handle = handle_in(there[0].get("snippet") or {})
        is_reply = answer.to.external_id != above
        named = handle and re.search(rf"@{re.escape(handle)}(?![\w.·-])", answer.text, re.I)
        return f"@{handle} {answer.text}" if is_reply and handle and not named else answer.text

    def _replies(self, api: Any, parent: str) -> Iterator[Told]:
        """What stands below a comment; nothing where the comment is gone."""
        token: str | None = None
        for _ in range(MOST_PAGES):
            try:
                page = self._list(api.comments(), part="snippet", parentId=parent, maxResults=PAGE, pageToken=token)
            except Refused as error:
                if error.status != 404:
                    raise
                return
            yield from page.items
            token = page.token
            if not token:
                return

    def _api(self) -> Any:
        return writing(self._url, self._tokens, self._keys)

    def _list(self, resource: Any, **asked: Any) -> Any:
        self.spent += 1
        return _signed(lambda: listed(lambda: resource.list(**asked).execute(num_retries=0), self.config.now()))

    def _send(self, call: Callable[[], Any]) -> Told:
        try:
            told = call()
        except TROUBLES as error:
            raise _refused(failure(error, self.config.now())) from None
        if not isinstance(told, dict):
            raise schema("YouTube's answer is no comment", str(told))
        return told


@lru_cache(maxsize=64)
def _me(url: str, tokens: str, keys: tuple[str, ...]) -> Told:
    asked = writing(url, tokens, keys).channels().list(part="snippet", mine=True)
    items = _signed(lambda: listed(lambda: asked.execute(num_retries=0), datetime.now(UTC))).items
    if not items or not items[0].get("id"):
        raise SourceError(
            "The Google account that gave the refresh token has no channel on YouTube. Make the token anew, and choose "
            "the brand's channel while signing in.",
            code="settings",
            permanent=True,
        )
    told = items[0].get("snippet") or {}
    handle = str(told.get("customUrl") or "").lstrip("@")
    return {"id": str(items[0]["id"]), "title": str(told.get("title") or ""), "handle": handle}


def _signed(ask: Callable[[], Listing]) -> Listing:
    """What is asked in the channel's name; who may not even ask may not write."""
    try:
        return ask()
    except Refused as error:
        if error.retry_at or error.status not in (401, 403):
            raise
        raise _no_right(error) from None


def _no_right(error: Refused) -> SourceError:
    return SourceError(
        f"YouTube does not let these keys act for the channel ({error.words or 'no reason given'}). Make the refresh "
        "token anew, signed in as the brand's channel, with the scope https://www.googleapis.com/auth/youtube.force-ssl.",
        code="auth",
        permanent=True,
        raw=error.raw,
    )


def _parent(answer: Outgoing) -> str:
    """The comment at the top of the thread: the id of a reply begins with it."""
    if video_id(answer.to.external_id):
        raise SourceError(IS_A_VIDEO, code="settings", permanent=True)
    return answer.to.external_id.partition(".")[0]


def _is_ours(comment: Told, me: str, ours: str, since: datetime) -> bool:
    try:
        told = comment["snippet"]
        if str(told["authorChannelId"]["value"]) != me or datetime.fromisoformat(told["publishedAt"]) < since:
            return False
        plain = told.get("textOriginal")
        return bare(str(plain)) == ours if plain else bare(str(told["textDisplay"]), markup=True) == ours
    except (LookupError, TypeError, ValueError):
        return False


def _refused(error: SourceError) -> SourceError:
    """YouTube that says no has not taken it; from anything else nobody knows."""
    if isinstance(error, Refused) and error.status == 401:
        return _no_right(error)
    if error.permanent or error.retry_at or not isinstance(error, Refused) or error.status not in SURE:
        return error
    return SourceError(
        f"YouTube did not take this answer ({error.words or 'no reason given'}). The comment must still be there, "
        "comments must be open, and the channel must be allowed to comment.",
        code="auth",
        permanent=True,
        raw=error.raw,
    )


def _sent(comment: Told, answer: Outgoing) -> Sent:
    if not comment.get("id"):
        raise schema("YouTube answered without an id", str(comment))
    video = re.search(r"[?&]v=([\w-]{11})", answer.to.url)
    number = str(comment["id"])
    return Sent(number, f"{SITE}/watch?v={video[1]}&lc={number}" if video else answer.to.url or SITE)
