"""Posts: a comment (t1) or a submission (t3), as Reddit's API tells it, becomes a Record; or the reason why not.

https://www.reddit.com/dev/api/ and https://support.reddithelp.com 16160319875092. Texts are read as Reddit renders
them (`body_html`), so that no sign of its Markdown is left; titles are plain.
"""

import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ingest.record import Account, Author, PostRef, Record

Told = Mapping[str, Any]

SITE = "https://www.reddit.com"
DELETED = "deleted at Reddit"
REMOVED = "removed at Reddit"
NOBODY = "the author's account is gone"
PLACEHOLDER = re.compile(r"\[\s*(deleted|removed)(?: by \w+)?\s*\]", re.I)
OPEN = ("public", "restricted", "archived", "user", None)
"""Kinds of subreddits that everybody may read (`subreddit_type`)."""
PICTURES = ("image", "hosted:video", "rich:video")


def gone(thing: Told) -> str | None:
    """Why nothing of a post may be kept, None where it stands there. The text of a post whose author has deleted the
    account may stand there still, but nobody is left who said it."""
    data = thing["data"]
    for name in ("body", "selftext", "title"):
        if found := PLACEHOLDER.fullmatch(str(data.get(name) or "").strip()):
            return DELETED if found[1].lower() == "deleted" else REMOVED
    if category := data.get("removed_by_category"):
        return DELETED if category in ("deleted", "author") else REMOVED
    return None if _is_somebody(data.get("author")) else NOBODY


def of_thing(thing: Told, authors: Mapping[str, Account]) -> Record:
    """Raises KeyError, TypeError, AttributeError or ValueError where `thing` is no post. `authors` are who wrote other
    posts, by fullname, as far as known."""
    if thing["kind"] not in ("t1", "t3"):
        raise ValueError(f"{thing['kind']} is no post")
    return _comment(thing["data"], authors) if thing["kind"] == "t1" else _submission(thing["data"])


def written_by(thing: Told) -> Account | None:
    data = thing["data"]
    return Account(data.get("author_fullname"), data["author"]) if _is_somebody(data.get("author")) else None


def _comment(data: Told, authors: Mapping[str, Account]) -> Record:
    root, parent = data.get("link_id"), data.get("parent_id")
    media = data.get("media_metadata")
    return Record(
        **_both(data, "body"),
        in_reply_to=PostRef(parent, authors.get(parent)) if parent else None,
        thread_root=PostRef(root, authors.get(root)) if root else None,
        media=len(media) if media is not None else None,
        likes=None if data.get("score_hidden") else data.get("score"),
    )


def _submission(data: Told) -> Record:
    link = data.get("url_overridden_by_dest") or data.get("url")
    told = _both(data, "selftext") | _crossposted(data)
    return Record(
        **told,
        title=html.escape(data["title"], quote=False) if told["html"] else data["title"],
        links=(str(link),) if link and not data.get("is_self") else (),
        media=_media(data),
        likes=None if data.get("hide_score") else data.get("score"),
        replies=data.get("num_comments"),
        shares=data.get("num_crossposts"),
        views=data.get("view_count"),
    )


def _both(data: Told, body: str) -> dict[str, Any]:
    """What comments and submissions have in common; `body` names the text."""
    rendered, edited = data.get(f"{body}_html"), data.get("edited")
    is_html = rendered is not None or not data[body]
    return {
        "network": "reddit",
        "external_id": str(data["name"]),
        "text": (rendered or "") if is_html else data[body],
        "html": is_html,
        "published_at": _time(data["created_utc"]),
        "edited_at": _time(edited) if _is_time(edited) else None,
        "url": _address(data),
        "author": _author(data),
        "community": data["subreddit"],
        "public_ok": data.get("subreddit_type") in OPEN,
        "raw": {"edited": edited},  # all that a later reading needs: the rest is here once and must be gone in two days
    }


def _is_time(edited: Any) -> bool:
    """Reddit says False, a time, or of very old posts True."""
    return isinstance(edited, int | float) and not isinstance(edited, bool)


def _author(data: Told) -> Author:
    """Names can't be changed; where the stable id is missing the name stands for it."""
    name = str(data["author"])
    return Author(str(data.get("author_fullname") or name.lower()), name, url=f"{SITE}/user/{name}")


def _address(data: Told) -> str:
    path = data.get("permalink") or str(data.get("context") or "").partition("?")[0]
    return f"{SITE}{path}" if path else f"{SITE}/comments/{data['id']}"


def _crossposted(data: Told) -> dict[str, Any]:
    """A crosspost with a title of its own says something about another post; with the same one it only repeats it."""
    parent = data.get("crosspost_parent")
    if not parent:
        return {}
    first: Told = next(iter(data.get("crosspost_parent_list") or ()), {})
    author = written_by({"data": first})
    same = str(first.get("title") or "").strip() == str(data["title"]).strip()
    return {"reposts" if same else "quotes": PostRef(str(parent), author)}


def _media(data: Told) -> int | None:
    gallery = (data.get("gallery_data") or {}).get("items")
    if gallery:
        return len(gallery)
    if "is_video" not in data:
        return None
    return int(bool(data["is_video"] or data.get("post_hint") in PICTURES))


def _is_somebody(author: Any) -> bool:
    return bool(author) and not PLACEHOLDER.fullmatch(str(author).strip())


def _time(seconds: Any) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)
