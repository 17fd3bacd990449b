"""X's API v2 as common tools save it: whole pages, flattened posts, lines of a stream."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from ingest.importing.jsonrows import shortened
from ingest.importing.plan import RowError
from ingest.record import Record
from ingest.xapi.posts import Included, included, is_id, read_posts

MARKS = frozenset(
    {
        "author_id",
        "conversation_id",
        "edit_history_tweet_ids",
        "edit_history_post_ids",
        "public_metrics",
        "referenced_tweets",
        "referenced_posts",
    }
)
OTHER_THINGS = {
    "tweet_count": "counts",
    "post_count": "counts",
    "username": "accounts",
    "member_count": "lists",
    "action": "compliance events",
}


def is_x(value: Any) -> bool:
    """Whether a JSON value looks like a page, a post or a stream line of X's API v2."""
    if not isinstance(value, dict):
        return False
    if "data" in value:
        posts = value["data"] if isinstance(value["data"], list) else [value["data"]]
        told = all(isinstance(post, dict) and ("id" in post or _other_things([post])) for post in posts[:3])
        return told and (bool(posts) or "meta" in value)
    return _is_post(value)


def read_line(number: int, value: Any) -> Iterator[Record | RowError]:
    """The posts of one page or line. What is no post is an error with the reason, once per line."""
    if not isinstance(value, dict):
        yield RowError(number, None, "This line is not an object.", _raw(value))
        return
    posts = value.get("data", value if "id" in value else [])
    posts = posts if isinstance(posts, list) else [posts]
    if other := _other_things(posts):
        yield RowError(number, None, f"This line holds {other}, not posts.", _raw(value))
        return
    if not posts and not isinstance(value.get("meta"), dict) and "includes" not in value:
        yield RowError(number, None, "This line holds no posts.", _raw(value))
        return
    came_along = included(value)
    for post in posts:
        records, broken = read_posts([post], came_along if "data" in value else _inlined(post))
        yield from records
        yield from (RowError(number, None, one.reason, _raw(one.raw)) for one in broken)


def _inlined(post: Any) -> Included:
    """What a flattened post carries inside itself: the posts it refers to, and their authors."""
    inside = [one for one in post.get("referenced_tweets") or () if isinstance(one, Mapping) and "text" in one]
    people = [one.get("author") for one in (*inside, post)] + [post.get("in_reply_to_user")]
    users = {str(one["id"]): one for one in people if isinstance(one, Mapping) and "id" in one}
    return Included(users=users, posts={str(one["id"]): one for one in inside if "id" in one})


def _is_post(value: Mapping[str, Any]) -> bool:
    return "text" in value and is_id(value.get("id")) and not MARKS.isdisjoint(value)


def _other_things(posts: list[Any]) -> str | None:
    first = posts[0] if posts else None
    if not isinstance(first, dict) or "text" in first:
        return None
    return next((what for mark, what in OTHER_THINGS.items() if mark in first), None)


def _raw(value: Any) -> str:
    return shortened(orjson.dumps(value, default=str).decode())
