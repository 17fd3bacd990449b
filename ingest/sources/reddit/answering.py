"""Answering on Reddit: in the account's own name, and looked for before it is tried again.

Reddit knows no key by which it would recognise a second attempt; the account's own comments tell what was sent.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from praw.exceptions import RedditAPIException

from ingest.saying import bare
from ingest.sources.base import Outgoing, Sent, SourceError, not_yours, too_long
from ingest.sources.reddit.client import Client, suspended
from ingest.sources.reddit.failures import Closed, schema
from ingest.sources.reddit.markdown import as_markdown
from ingest.sources.reddit.posts import SITE, gone
from listening.lengths import measure

SLACK = timedelta(minutes=5)
"""Clocks differ."""
MOST_PAGES = 10
UNITS = {"millisecond": 0.001, "second": 1, "minute": 60, "hour": 3600}
_WAIT = re.compile(r"(\d+) (millisecond|second|minute|hour)")

Told = Mapping[str, Any]


def reply(client: Client, answer: Outgoing, now: datetime) -> Sent:
    """Raises SourceError as the contract says."""
    text = as_markdown(answer.text)
    length = measure("reddit", text)
    if not length.fits:
        raise too_long(length.used, length.most)
    _account(client, answer)
    _parent(client, answer.to.external_id)
    kind, _, number = answer.to.external_id.partition("_")
    parent = client.reddit.submission(number) if kind == "t3" else client.reddit.comment(number)
    try:
        with client.told():
            made = parent.reply(text)
    except RedditAPIException as error:
        raise _refused(error, now) from error
    except SourceError as error:
        raise _not_taken(error) from error
    return _sent(vars(made) if made is not None else {})


def find(client: Client, answer: Outgoing, since: datetime) -> Sent | None:
    """Our answer among the account's own comments since then."""
    me = _account(client, answer)
    ours = bare(as_markdown(answer.text))
    for data in _own_comments(client, str(me["name"]), (since - SLACK).timestamp()):
        if data.get("parent_id") == answer.to.external_id and bare(str(data.get("body") or "")) == ours:
            return _sent(data)
    return None


def _account(client: Client, answer: Outgoing) -> Told:
    """Who is signed in, when it is one of the brand's own."""
    me = client.me()
    if refused := suspended(me):
        raise refused
    own = {handle.handle.lower() for handle in answer.own}
    if str(me["name"]).lower() not in own:
        raise not_yours(str(me["name"]), answer.own)
    return me


def _parent(client: Client, name: str) -> None:
    """Whether the answered post still stands there and takes answers."""
    thing = client.info([name]).get(name)
    if thing is None or gone(thing) or thing["data"].get("locked") or thing["data"].get("archived"):
        raise SourceError(
            "The post is gone, locked or archived: there is nothing to answer any more.",
            code="not_found",
            permanent=True,
        )


def _own_comments(client: Client, name: str, since: float) -> Iterator[Told]:
    """Newest first, down to `since`."""
    below: dict[str, str] = {}
    for _ in range(MOST_PAGES):
        things, after = client.listing(f"user/{name}/comments", sort="new", **below)
        yield from (one["data"] for one in things)
        if not things or not after or float(things[-1]["data"].get("created_utc") or 0) < since:
            return
        below = {"after": after}


def _refused(error: RedditAPIException, now: datetime) -> SourceError:
    """What Reddit says in an answer that calls itself a success: RATELIMIT asks to wait, all else is a no."""
    words = "; ".join(str(item.message or item.error_type) for item in error.items)
    if any(item.error_type == "RATELIMIT" for item in error.items):
        found = _WAIT.search(words)
        seconds = int(found[1]) * UNITS[found[2]] if found else 600
        return SourceError(
            f"Reddit asks this account to wait before it answers again ({words}).",
            code="rate_limit",
            retry_at=now + timedelta(seconds=seconds + 1),
            raw=words,
        )
    return _no(words, words)


def _not_taken(error: SourceError) -> SourceError:
    """A clear no has not taken it; from anything else nobody knows."""
    if isinstance(error, Closed) or (error.code in ("auth", "not_found", "settings") and not error.permanent):
        return _no(error.sentence, error.raw)
    return error


def _no(words: str, raw: str) -> SourceError:
    return SourceError(
        f"Reddit did not take this answer ({words.rstrip('.')}). The account must be allowed to write in this "
        "subreddit, the post must still be there, and its author must not have blocked the account.",
        code="auth",
        permanent=True,
        raw=raw,
    )


def _sent(data: Told) -> Sent:
    """Reddit names a new comment by its id, and an old one by its fullname too."""
    if not data.get("id"):
        raise schema("Reddit answered without an id", repr(data))
    number = str(data["id"])
    return Sent(f"t1_{number}", SITE + str(data.get("permalink") or f"/comments/{number}"))
