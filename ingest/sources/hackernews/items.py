"""Items: a hit of Algolia's index, or an item of the Firebase API, as a Record.

https://hn.algolia.com/api and https://github.com/HackerNews/API. Texts are HTML; titles are plain.
"""

import html
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ingest.record import Author, PostRef, Record

OTHERS = ("_highlightResult", "story_title", "story_url", "children")
"""What a hit tells twice, or of other people's posts."""
SITE = "https://news.ycombinator.com"


def of_hit(hit: Mapping[str, Any]) -> Record:
    """A search hit. Raises KeyError, TypeError or ValueError where it is not one."""
    number, parent, story = str(hit["objectID"]), hit.get("parent_id"), hit.get("story_id")
    is_comment = hit.get("comment_text") is not None
    return Record(
        network="hackernews",
        external_id=number,
        text=hit.get("comment_text") or hit.get("story_text") or "",
        html=True,
        title=None if is_comment else _title(hit.get("title")),
        published_at=_time(hit["created_at_i"]),
        url=_item_url(number),
        author=_author(hit.get("author")),
        in_reply_to=PostRef(str(parent)) if is_comment and parent else None,
        thread_root=PostRef(str(story)) if is_comment and story else None,
        links=(hit["url"],) if hit.get("url") else (),
        likes=hit.get("points"),
        replies=hit.get("num_comments"),
        raw={name: value for name, value in hit.items() if name not in OTHERS},
    )


def of_item(item: Mapping[str, Any]) -> Record:
    """An item of the Firebase API that is neither deleted nor dead. Raises as `of_hit` does."""
    number, parent = str(item["id"]), item.get("parent")
    return Record(
        network="hackernews",
        external_id=number,
        text=item.get("text") or "",
        html=True,
        title=_title(item.get("title")),
        published_at=_time(item["time"]),
        url=_item_url(number),
        author=_author(item.get("by")),
        in_reply_to=PostRef(str(parent)) if parent else None,
        links=(item["url"],) if item.get("url") else (),
        likes=item.get("score"),
        replies=item.get("descendants"),
        raw=dict(item),
    )


def _title(title: str | None) -> str | None:
    """Escaped, because the text beside it is HTML and both are cleaned alike."""
    return html.escape(title, quote=False) if title else None


def _author(name: str | None) -> Author | None:
    """Names are compared without case; the stable id is the name in lower case."""
    return Author(name.lower(), name, url=f"{SITE}/user?id={name}") if name else None


def _item_url(number: str) -> str:
    return f"{SITE}/item?id={number}"


def _time(seconds: Any) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
