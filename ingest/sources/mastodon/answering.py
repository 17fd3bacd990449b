"""Answering on Mastodon: from the brand's own instance, with the person named, quietly, and once.

The reply's key goes along as Idempotency-Key, by which an instance recognises a second attempt for an hour
(docs.joinmastodon.org/methods/statuses). After that the account's own posts tell whether it was sent.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from mastodon import MastodonNotFoundError

from ingest.saying import bare
from ingest.sources.base import Outgoing, Sent, SourceError, not_yours, too_long
from ingest.sources.mastodon.client import Instance, unknown_shape
from listening.lengths import measure

NETWORK = "mastodon"
PAGE = 40
MOST_PAGES = 10
SLACK = timedelta(minutes=5)
"""Clocks of instances differ from ours."""
CLOSED = ("private", "direct")
"""What was said to few is answered to few."""

Told = Mapping[str, Any]


def reply(instance: Instance, answer: Outgoing, now: datetime) -> Sent:
    """Raises SourceError as the contract says."""
    _account(instance, answer, now)
    parent = _parent(instance, answer, now)
    text = _named(answer.text, str(parent["account"]["acct"]))
    length = measure(NETWORK, text, longest(instance, now))
    if not length.fits:
        raise too_long(length.used, length.most)
    try:
        with instance.told(now, only=True):
            status = instance.client.status_post(
                text,
                in_reply_to_id=parent["id"],
                visibility=parent["visibility"] if parent.get("visibility") in CLOSED else "unlisted",
                language=answer.language or None,
                idempotency_key=str(answer.key),
            )
    except SourceError as error:
        raise _refused(instance, error) from error
    return _sent(instance, status)


def find(instance: Instance, answer: Outgoing, since: datetime, now: datetime) -> Sent | None:
    """Our answer among the account's own posts since then."""
    me = _account(instance, answer, now)
    parent = _parent(instance, answer, now)
    ours = bare(answer.text)
    for status in _own_posts(instance, str(me["id"]), since - SLACK, now):
        same = str(status.get("in_reply_to_id")) == str(parent["id"])
        if same and bare(str(status.get("content") or ""), markup=True) == ours:
            return _sent(instance, status)
    return None


def longest(instance: Instance, now: datetime) -> int | None:
    """What the instance says about itself; None where it doesn't, as servers that are like Mastodon may."""
    try:
        with instance.told(now, only=True):
            about = instance.client.instance_v2()
            told = ((about.get("configuration") or {}).get("statuses") or {}).get("max_characters")
    except SourceError as error:
        if error.code != "not_found":
            raise
        return None
    return int(told) if told else None


def _account(instance: Instance, answer: Outgoing, now: datetime) -> Told:
    """Who is signed in, when it is one of the brand's own."""
    with instance.told(now, only=True):
        me: Told = instance.client.account_verify_credentials()
        name = str(me["acct"])
    whole = name if "@" in name else f"{name}@{urlsplit(str(me['url'])).netloc}"
    if whole.lower() not in {handle.handle.lower().removeprefix("@") for handle in answer.own}:
        raise not_yours(whole, answer.own)
    return me


def _parent(instance: Instance, answer: Outgoing, now: datetime) -> Told:
    """The answered post as this instance knows it; fetched from its own home where it was not known."""
    uri = answer.to.external_id
    number = re.search(r"/(\d+)/?$", uri) if uri.startswith(f"{instance.url}/") else None
    with instance.told(now, only=True):
        if number:
            return _status(instance, number[1])
        found = instance.client.search_v2(uri, resolve=True, result_type="statuses")["statuses"]
        post = next((one for one in found if one["uri"] == uri), None)
    if post is None:
        raise _closed()
    return dict(post)


def _status(instance: Instance, number: str) -> Told:
    try:
        return dict(instance.client.status(number))
    except MastodonNotFoundError as error:
        raise _closed() from error


def _closed() -> SourceError:
    return SourceError(
        "The post is gone, or the brand's instance can't see it: there is nothing to answer any more.",
        code="not_found",
        permanent=True,
    )


def _named(text: str, acct: str) -> str:
    """Mastodon tells a person of an answer only when it names them."""
    named = re.search(rf"@{re.escape(acct)}(?![\w@.-]*\w)", text, re.I)
    return text if named else f"@{acct} {text}"


def _own_posts(instance: Instance, account: str, since: datetime, now: datetime) -> Iterator[Told]:
    """Newest first, down to `since`."""
    below: str | None = None
    for _ in range(MOST_PAGES):
        with instance.told(now, only=True):
            shown = instance.client.account_statuses(account, exclude_reblogs=True, max_id=below, limit=PAGE)
        if not isinstance(shown, list):
            raise unknown_shape(instance.host, repr(shown))
        yield from shown
        if not shown or shown[-1]["created_at"] < since:
            return
        below = str(shown[-1]["id"])


def _refused(instance: Instance, error: SourceError) -> SourceError:
    """An instance that says no has not taken it; from anything else nobody knows."""
    if error.permanent or error.retry_at or not instance.answer.startswith(("403", "404", "422")):
        return error
    return SourceError(
        f"{instance.host} did not take this answer ({instance.answer[:200]}). The token needs the scope "
        "write:statuses; the post must still be there; the author must not have blocked the account.",
        code="auth" if instance.answer.startswith("403") else "settings",
        permanent=True,
        raw=instance.answer,
    )


def _sent(instance: Instance, status: Told) -> Sent:
    try:
        return Sent(str(status["uri"]), str(status.get("url") or status["uri"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise unknown_shape(instance.host, repr(status)) from error
