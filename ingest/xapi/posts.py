"""Posts of X's API v2 become Records, whichever of X's two namings they come in.

X renamed its fields in OpenAPI 2.167 (2026-08-07): `tweet` became `post`, `retweet_count` became `repost_count`.
Both are read here, side by side. Shapes: https://docs.x.com/x-api/fundamentals/data-dictionary
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.record import Account, Author, PostRef, Record
from ingest.sources.base import Broken

Json = Mapping[str, Any]

EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)
"""Where the time inside an id starts (1288834974657 ms; X's "snowflake" ids)."""
SMALLEST_SNOWFLAKE = 29_700_859_247
"""The first id with a time inside it; older posts were counted one by one."""

_STATUS = re.compile(r"https?://(?:\w+\.)?(?:twitter|x)\.com/(\w+)/status/(\d+)(/(?:photo|video)/\d+)?", re.I)
_REPOSTED = re.compile(r"RT @(\w+): ")
_NAME_AT_START = re.compile(r"\s*@(\w+)")


class Unreadable(ValueError):
    """A post without what a Record cannot do without."""


@dataclass(frozen=True, slots=True)
class Included:
    """What came along with a page of posts, by id: the people and the posts that these refer to."""

    users: Mapping[str, Json] = field(default_factory=dict)
    posts: Mapping[str, Json] = field(default_factory=dict)

    def id_of(self, handle: str) -> str | None:
        """The id of a handle; mentions of before 2022 come without one."""
        wanted = handle.lower()
        return next((one for one, user in self.users.items() if str(user.get("username")).lower() == wanted), None)


def included(body: Json) -> Included:
    """The `includes` of an answer. Whatever is not shaped as expected is left out."""
    told = body.get("includes")
    told = told if isinstance(told, Mapping) else {}
    return Included(_by_id(told.get("users")), _by_id(told.get("tweets")) | _by_id(told.get("posts")))


def read_posts(posts: Iterable[Any], came_along: Included) -> tuple[list[Record], list[Broken]]:
    """The posts of one page, edited ones once in their newest version, and those that could not be read."""
    records: dict[str, Record] = {}
    broken = []
    for post in posts:
        try:
            record = read_post(post, came_along)
        except (Unreadable, TypeError, AttributeError, KeyError, ValueError) as error:
            broken.append(Broken(post, f"This post of X could not be read: {error}."))
            continue
        known = records.get(record.external_id)
        if known is None or (record.edited_at or EPOCH) > (known.edited_at or EPOCH):
            records[record.external_id] = record
    return list(records.values()), broken


def read_post(post: Any, came_along: Included | None = None) -> Record:
    """One post. An edit keeps the id of the first version, so that all versions are one post.

    The page of a post leads to its newest version. Raises Unreadable.
    """
    if not isinstance(post, Mapping):
        raise Unreadable("it is not an object")
    came_along = came_along or Included()
    version = _id(post.get("id"))
    text, entities = _text(post)
    chain = chain_of(post)
    author = _author(post, came_along)
    mentions, implied = _mentions(post, entities, came_along)
    references = dict(_references(post))
    reposted = references.get("retweeted")
    metrics = _mapping(post.get("public_metrics"))
    return Record(
        network="x",
        external_id=chain[0],
        text=_whole_repost(text, reposted, came_along),
        published_at=_published(post, version, chain[0]),
        edited_at=_time(post.get("created_at")) or snowflake_time(version) if version != chain[0] else None,
        url=f"https://x.com/{author.handle if author and author.handle else 'i/web'}/status/{version}",
        author=author,
        language=post.get("lang"),
        mentions=mentions,
        implied=implied,
        in_reply_to=_reply(post, references.get("replied_to"), entities, came_along),
        thread_root=_root(post, chain, references.get("replied_to"), came_along),
        quotes=_quote(references.get("quoted"), entities, came_along),
        reposts=_repost(reposted, text, came_along),
        links=_links(entities, references.get("quoted")),
        media=_media(post),
        replies=_number(metrics.get("reply_count")),
        likes=_number(metrics.get("like_count")),
        shares=_number(metrics.get("repost_count", metrics.get("retweet_count"))),
        views=_number(metrics.get("impression_count")),
        hidden="withheld" if post.get("withheld") else None,
        raw=dict(post),
    )


def chain_of(post: Json) -> tuple[str, ...]:
    """The ids of all versions of a post, oldest first; one id where it was never edited."""
    told = post.get("edit_history_post_ids") or post.get("edit_history_tweet_ids") or ()
    chain = sorted({str(one) for one in told if is_id(one)}, key=int)
    return tuple(chain) or (_id(post.get("id")),)


def is_id(told: Any) -> bool:
    """Whether something is an id of X: a whole number of up to 19 digits, as text or not."""
    text = str(told)
    return text.isascii() and text.isdigit() and len(text) <= 19


def snowflake_time(post_id: str) -> datetime | None:
    """When an id was given out; None for ids of before November 2010, and for what is no id."""
    number = int(post_id) if is_id(post_id) else 0
    return EPOCH + timedelta(milliseconds=number >> 22) if number >= SMALLEST_SNOWFLAKE else None


def snowflake_at(time: datetime) -> str:
    """The smallest id that could have been given out at `time` (aware)."""
    return str(max(0, (time - EPOCH) // timedelta(milliseconds=1)) << 22)


def _text(post: Json) -> tuple[str, Json]:
    """The whole text with the entities in it. Long posts carry theirs in a note beside a cut `text`."""
    entities = _mapping(post.get("entities"))
    note = _mapping(post.get("note_post") or post.get("note_tweet"))
    if isinstance(note.get("text"), str) and note["text"]:
        return note["text"], {**entities, **_mapping(note.get("entities"))}
    text = post.get("text")
    if not isinstance(text, str):
        raise Unreadable("it has no text")
    return text, entities


def _whole_repost(text: str, reposted: str | None, came_along: Included) -> str:
    """X cuts the text of a repost at 140 characters; the original, where it came along, is whole."""
    original = came_along.posts.get(reposted or "")
    prefix = _REPOSTED.match(text)
    if original is None or prefix is None:
        return text
    try:
        return prefix[0] + _text(original)[0]
    except Unreadable:
        return text


def _published(post: Json, version: str, first: str) -> datetime:
    """When the first version was published; every version tells only its own time, but ids hold theirs."""
    told = _time(post.get("created_at"))
    if version != first:
        return snowflake_time(first) or told or EPOCH
    published = told or snowflake_time(version)
    if published is None:
        raise Unreadable("it has no time")
    return published


def _author(post: Json, came_along: Included) -> Author | None:
    told = post.get("author_id")
    flat = _mapping(post.get("author"))
    user = came_along.users.get(str(told)) or flat
    author_id = str(told or user.get("id") or "")
    if not author_id:
        return None
    handle = user.get("username")
    return Author(
        id=author_id,
        handle=handle,
        name=user.get("name"),
        url=f"https://x.com/{handle}" if handle else None,
        followers=_number(_mapping(user.get("public_metrics")).get("followers_count")),
        created_at=_time(user.get("created_at")),
    )


def _mentions(post: Json, entities: Json, came_along: Included) -> tuple[tuple[Account, ...], tuple[Account, ...]]:
    """Accounts that the author named, and those that a reply only carries before its visible text begins."""
    begins = _visible_from(post)
    named: dict[Account, None] = {}
    carried: dict[Account, None] = {}
    for mention in _objects(entities.get("mentions")):
        account = _account(mention, came_along)
        if account is not None:
            (carried if _number(mention.get("start")) is not None and mention["start"] < begins else named)[account] = (
                None
            )
    return tuple(named), tuple(account for account in carried if account not in named)


def _visible_from(post: Json) -> int:
    """Where the visible text of a post begins. Where X does not tell: in a reply after the names at its start."""
    told = post.get("display_text_range")
    if isinstance(told, Sequence) and len(told) == 2 and _number(told[0]) is not None:
        return int(told[0])
    if not any(kind == "replied_to" for kind, _ in _references(post)):
        return 0
    text, end = str(post.get("text", "")), 0
    while name := _NAME_AT_START.match(text, end):
        end = name.end()
    return end


def _reply(post: Json, answered: str | None, entities: Json, came_along: Included) -> PostRef | None:
    if answered is None:
        return None
    user_id = post.get("in_reply_to_user_id") or came_along.posts.get(answered, {}).get("author_id")
    if not user_id:
        return PostRef(answered)
    named = (_account(mention, came_along) for mention in _objects(entities.get("mentions")))
    known = next((one for one in named if one and one.id == str(user_id)), None)
    return PostRef(answered, known or _person(str(user_id), came_along))


def _root(post: Json, chain: Sequence[str], answered: str | None, came_along: Included) -> PostRef | None:
    """The post that a conversation began with, unless this is it."""
    root = str(post.get("conversation_id") or "")
    if not is_id(root) or root in chain:
        return None
    user_id = came_along.posts.get(root, {}).get("author_id")
    if user_id is None and root == answered:
        user_id = post.get("in_reply_to_user_id")
    return PostRef(root, _person(str(user_id), came_along) if user_id else None)


def _quote(quoted: str | None, entities: Json, came_along: Included) -> PostRef | None:
    """Whom a quote quotes stands in the address at its end, so that nothing needs to be read for it."""
    if quoted is None:
        return None
    user_id = came_along.posts.get(quoted, {}).get("author_id")
    if user_id:
        return PostRef(quoted, _person(str(user_id), came_along))
    for url in _objects(entities.get("urls")):
        found = _STATUS.match(str(url.get("expanded_url", "")))
        if found and found[2] == quoted and found[1].lower() != "i":
            return PostRef(quoted, Account(handle=found[1]))
    return PostRef(quoted)


def _repost(reposted: str | None, text: str, came_along: Included) -> PostRef | None:
    if reposted is None:
        return None
    user_id = came_along.posts.get(reposted, {}).get("author_id")
    if user_id:
        return PostRef(reposted, _person(str(user_id), came_along))
    found = _REPOSTED.match(text)
    return PostRef(reposted, Account(handle=found[1]) if found else None)


def _links(entities: Json, quoted: str | None) -> tuple[str, ...]:
    """Addresses in the text as they lead in the end; not the quoted post, and not the post's own pictures."""
    links: dict[str, None] = {}
    for url in _objects(entities.get("urls")):
        address = url.get("unwound_url") or url.get("expanded_url") or url.get("url")
        found = _STATUS.match(str(address))
        if address and not url.get("media_key") and not (found and (found[3] or found[2] == quoted)):
            links[str(address)] = None
    return tuple(links)


def _media(post: Json) -> int | None:
    keys = _mapping(post.get("attachments")).get("media_keys")
    return len(keys) if isinstance(keys, Sequence) else None


def _references(post: Json) -> list[tuple[str, str]]:
    told = post.get("referenced_posts") or post.get("referenced_tweets")
    return [(str(one["type"]), str(one["id"])) for one in _objects(told) if "type" in one and "id" in one]


def _person(user_id: str, came_along: Included) -> Account:
    return Account(user_id, came_along.users.get(user_id, {}).get("username"))


def _account(mention: Json, came_along: Included) -> Account | None:
    handle = mention.get("username")
    user_id = mention.get("id") or (came_along.id_of(handle) if isinstance(handle, str) else None)
    return Account(str(user_id) if user_id else None, handle) if user_id or handle else None


def _by_id(told: Any) -> dict[str, Json]:
    return {str(one["id"]): one for one in _objects(told) if "id" in one}


def _objects(told: Any) -> list[Json]:
    return [one for one in told if isinstance(one, Mapping)] if isinstance(told, list | tuple) else []


def _mapping(told: Any) -> Json:
    return told if isinstance(told, Mapping) else {}


def _number(told: Any) -> int | None:
    return told if isinstance(told, int) and not isinstance(told, bool) else None


def _id(told: Any) -> str:
    if not is_id(told):
        raise Unreadable("its id is not a number")
    return str(told)


def _time(told: Any) -> datetime | None:
    if not isinstance(told, str):
        return None
    try:
        time = datetime.fromisoformat(told)
    except ValueError:
        return None
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
