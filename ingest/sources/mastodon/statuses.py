"""Statuses: a post as Mastodon's API tells it becomes a Record.

https://docs.joinmastodon.org/entities/Status/. The same post has another `id` on every instance; `uri` is its name
everywhere. Accounts are named "user@host"; an `acct` without a host belongs to the instance that was asked.
"""

import html
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from ingest.record import Account, Author, PostRef, Record

Told = Mapping[str, Any]


def of_status(status: Told, instance: str) -> Record:
    """Raises KeyError, TypeError, AttributeError or ValueError where `status` is not one. `instance` is its URL."""
    account = status["account"]
    handle = _handle(account)
    return Record(
        network="mastodon",
        external_id=str(status["uri"]),
        text=_text(status),
        html=True,
        published_at=status["created_at"],
        edited_at=status.get("edited_at"),
        url=status.get("url") or status["uri"],
        author=_author(account, handle),
        language=status.get("language"),
        mentions=mentions(status),
        in_reply_to=_replied(status, instance),
        quotes=_quoted(status),
        links=_links(status),
        media=len(status.get("media_attachments") or ()),
        community=handle.rpartition("@")[2] or None,
        replies=status.get("replies_count"),
        likes=status.get("favourites_count"),
        shares=status.get("reblogs_count"),
        public_ok=status.get("visibility") == "public",
        raw={"id": str(status["id"]), "instance": instance, "visibility": status.get("visibility")},
    )


def mentions(status: Told) -> tuple[Account, ...]:
    """Whom the author named. Only handles: the API tells their ids as this instance counts them."""
    return tuple(Account(handle=_handle(told)) for told in status.get("mentions") or ())


def _text(status: Told) -> str:
    """The content warning is part of what was said."""
    warning = status.get("spoiler_text")
    content = status["content"] or ""
    return f"<p>{html.escape(warning, quote=False)}</p>{content}" if warning else content


def _author(account: Told, handle: str) -> Author:
    return Author(
        id=str(account.get("uri") or account["url"]),
        handle=handle,
        name=account.get("display_name") or account.get("username"),
        url=account.get("url"),
        followers=account.get("followers_count"),
        created_at=account.get("created_at"),
    )


def _handle(account: Told) -> str:
    acct = str(account["acct"])
    return acct if "@" in acct else f"{acct}@{urlsplit(str(account['url'])).netloc}"


def _replied(status: Told, instance: str) -> PostRef | None:
    """The parent is told by this instance's ids only; its author is known when it is named in the post."""
    if not status.get("in_reply_to_id"):
        return None
    asked = status.get("in_reply_to_account_id")
    people = [status["account"], *(status.get("mentions") or ())]
    found = next((person for person in people if str(person.get("id")) == str(asked)), None)
    author = Account(handle=_handle(found)) if found else None
    return PostRef(f"{instance}/api/v1/statuses/{status['in_reply_to_id']}", author)


def _quoted(status: Told) -> PostRef | None:
    quoted = (status.get("quote") or {}).get("quoted_status")
    if not quoted:
        return None
    account = quoted["account"]
    return PostRef(str(quoted["uri"]), Account(str(account.get("uri") or account["url"]), _handle(account)))


def _links(status: Told) -> tuple[str, ...]:
    card = status.get("card") or {}
    return (str(card["url"]),) if card.get("url") else ()
