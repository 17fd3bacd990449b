"""Posts: one `app.bsky.feed.post` record, from the stream or from an answer of the AppView, becomes a Record.

Everything in a record was written by a stranger's program: dates may lie in the past or future, facets may point
beyond the text, any part may have the wrong type. A wrong optional part counts as not told; only a record without
text cannot be read at all. Shape: lexicons app.bsky.feed.post, app.bsky.feed.defs#postView, app.bsky.richtext.facet.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ingest.clean import canonical_url, clean_text
from ingest.record import Account, Author, PostRef, Record
from ingest.sources.bluesky.frames import NETWORK, POSTS
from listening.query import Post

LOGGED_OUT_FORBIDDEN = "!no-unauthenticated"
_TAKEN_DOWN = frozenset({"!hide", "!takedown", "!suspend"})
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_NO_NAMES: Mapping[str, str] = {}

Json = Mapping[str, Any]


class Unreadable(ValueError):
    """A post record that cannot be read; the message says why."""


def read_post(
    did: str,
    rkey: str,
    record: object,
    seen_at: datetime,
    *,
    author: Author | None = None,
    edited: bool = False,
    names: Mapping[str, str] = _NO_NAMES,
    public_ok: bool = True,
    raw: Json | None = None,
) -> Record:
    """The Record of a post. `seen_at` is when the network saw it (aware UTC): a post is never younger than that.

    `names` maps DIDs to handles that were verified (the brands' own accounts). The "@handle" written in a text is
    never taken as a handle: the author chooses those letters freely, only the DID in the facet counts.
    Raises Unreadable.
    """
    if not isinstance(record, Mapping):
        raise Unreadable("the post has no record")
    text = record.get("text")
    if not isinstance(text, str):
        raise Unreadable("the post's text is not a string")
    features = list(_features(record, text))
    reply = _mapping(record.get("reply"))
    return Record(
        network=NETWORK,
        external_id=f"at://{did}/{POSTS}/{rkey}",
        text=text,
        published_at=published(record, seen_at),
        url=f"https://bsky.app/profile/{did}/post/{rkey}",
        edited_at=seen_at if edited else None,
        author=author or Author(did, names.get(did), url=f"https://bsky.app/profile/{did}"),
        language=_first_language(record),
        mentions=tuple(Account(who, names.get(who)) for who in _mentioned(features)),
        in_reply_to=_reference(reply.get("parent"), names),
        thread_root=_reference(reply.get("root"), names),
        quotes=_quoted(record, names),
        links=_links(record, features),
        media=_media(_mapping(record.get("embed"))),
        public_ok=public_ok and LOGGED_OUT_FORBIDDEN not in _self_labels(record),
        raw=raw if raw is not None else {"uri": f"at://{did}/{POSTS}/{rkey}", "record": record},
    )


def published(record: Json, seen_at: datetime) -> datetime:
    """What the author's program says, unless it lies in the future or before the web."""
    told = read_time(record.get("createdAt"))
    return told if told is not None and _EARLIEST <= told <= seen_at else seen_at


def references(record: Json) -> Iterator[str]:
    """DIDs of everybody whom a post speaks to: replied to, thread starter, quoted, mentioned."""
    reply = _mapping(record.get("reply"))
    for other in (reply.get("parent"), reply.get("root"), _quoted_strong_ref(record)):
        yield _uri_parts(_mapping(other).get("uri"))[0]
    if record.get("facets"):
        yield from _mentioned(list(_features(record, _text(record.get("text")))))


def as_post(did: str, rkey: str, record: Json, author: str | None) -> Post:
    """A post as the query language will see it once it is cleaned, as far as its record tells; `author` is a handle."""
    text = _text(record.get("text"))
    links = _links(record, list(_features(record, text)))
    media = _media(_mapping(record.get("embed")))
    return Post(
        text=clean_text(text),
        author=author,
        author_id=did,
        url=f"https://bsky.app/profile/{did}/post/{rkey}",
        links=tuple(address for link in links if (address := canonical_url(link))),
        language=_first_language(record),
        source=NETWORK,
        is_reply="reply" in record,
        is_quote=_quoted(record, _NO_NAMES) is not None,
        is_repost=False,
        is_addressed=False,
        has_media=None if media is None else media > 0,
    )


def read_view(view: Json, now: datetime, names: Mapping[str, str] = _NO_NAMES) -> Record:
    """The Record of a postView as search, getPosts and (in parts) listNotifications answer it. Raises Unreadable."""
    did, collection, rkey = _uri_parts(view.get("uri"))
    author = _mapping(view.get("author"))
    if collection != POSTS or not rkey or not did.startswith("did:"):
        raise Unreadable("the answer holds something that is not a post")
    seen_at = min(read_time(view.get("indexedAt")) or now, now)
    record = read_post(
        did,
        rkey,
        view.get("record"),
        seen_at,
        author=read_author(did, author),
        names=names,
        public_ok=allows_logged_out(author),
        raw={name: value for name, value in view.items() if name != "embed"},  # it holds others' posts
    )
    return _with_counts(record, view)


def read_author(did: str, profile: Json) -> Author:
    """The author as a profile view tells; what is not told stays None."""
    return Author(
        id=did,
        handle=_handle(profile.get("handle")),
        name=_text(profile.get("displayName")) or None,
        url=f"https://bsky.app/profile/{did}",
        followers=_count(profile.get("followersCount")),
        created_at=read_time(profile.get("createdAt")),
    )


def allows_logged_out(profile: Json) -> bool:
    """Whether the author lets people see posts who are not signed in (self-label on the profile)."""
    return LOGGED_OUT_FORBIDDEN not in _labels(profile)


def read_time(value: object) -> datetime | None:
    """Aware UTC from an ISO time; None where it is none. A time without zone counts as UTC."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _with_counts(record: Record, view: Json) -> Record:
    labels = _labels(view)
    return replace(
        record,
        replies=_count(view.get("replyCount")),
        likes=_count(view.get("likeCount")),
        shares=_count(view.get("repostCount")),
        hidden="takendown" if labels & _TAKEN_DOWN else None,
        public_ok=record.public_ok and LOGGED_OUT_FORBIDDEN not in labels,
    )


def _features(record: Json, text: str) -> Iterator[Json]:
    """Facet features that lie inside the text; offsets count UTF-8 bytes, end exclusive."""
    facets = _sequence(record.get("facets"))
    size = len(text.encode("utf-8", "surrogatepass")) if facets else 0
    for facet in facets:
        index = _mapping(_mapping(facet).get("index"))
        start, end = index.get("byteStart"), index.get("byteEnd")
        if type(start) is int and type(end) is int and 0 <= start < end <= size:
            yield from (_mapping(feature) for feature in _sequence(_mapping(facet).get("features")))


def _mentioned(features: list[Json]) -> Iterator[str]:
    seen: set[str] = set()
    for feature in features:
        did = feature.get("did")
        if str(feature.get("$type", "")).endswith("#mention") and isinstance(did, str) and did not in seen:
            seen.add(did)
            yield did


def _links(record: Json, features: list[Json]) -> tuple[str, ...]:
    found = [_text(feature.get("uri")) for feature in features if str(feature.get("$type", "")).endswith("#link")]
    embed = _mapping(record.get("embed"))
    for part in (embed, _mapping(embed.get("media"))):
        found.append(_text(_mapping(part.get("external")).get("uri")))
    return tuple(dict.fromkeys(link for link in found if link.startswith(("http://", "https://"))))


def _media(embed: Json) -> int | None:
    """Pictures and videos in an embed; None where there is no embed that could hold some."""
    kind = str(embed.get("$type", ""))
    if kind.startswith("app.bsky.embed.recordWithMedia"):
        return _media(_mapping(embed.get("media")))
    if kind.startswith("app.bsky.embed.video"):
        return 1
    if kind.startswith("app.bsky.embed.images"):
        return len(_sequence(embed.get("images")))
    if kind.startswith("app.bsky.embed.gallery"):
        return len(_sequence(embed.get("items") or embed.get("images")))
    return None


def _quoted_strong_ref(record: Json) -> Json:
    embed = _mapping(record.get("embed"))
    inner = _mapping(embed.get("record"))
    return _mapping(inner.get("record")) if "record" in inner else inner


def _quoted(record: Json, names: Mapping[str, str]) -> PostRef | None:
    reference = _quoted_strong_ref(record)
    return _reference(reference, names) if _uri_parts(reference.get("uri"))[1] == POSTS else None


def _reference(strong_ref: object, names: Mapping[str, str]) -> PostRef | None:
    uri = _mapping(strong_ref).get("uri")
    who, _, rkey = _uri_parts(uri)
    if not rkey:
        return None
    account = Account(who, names.get(who)) if who.startswith("did:") else Account(handle=who.lower())
    return PostRef(str(uri), account)


def _uri_parts(uri: object) -> tuple[str, str, str]:
    """(authority, collection, record key) of an at:// URI, empty strings for anything else."""
    parts = uri[5:].split("/") if isinstance(uri, str) and uri.startswith("at://") else []
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else ("", "", "")


def _first_language(record: Json) -> str | None:
    return next((code for code in _sequence(record.get("langs")) if isinstance(code, str) and code), None)


def _labels(thing: Json) -> frozenset[str]:
    """Values of the labels on a view; a negated one takes back its own source's label, nobody else's."""
    labels = [_mapping(label) for label in _sequence(thing.get("labels"))]
    gone = {(label.get("src"), label.get("val")) for label in labels if label.get("neg") is True}
    return frozenset(_text(label.get("val")) for label in labels if (label.get("src"), label.get("val")) not in gone)


def _self_labels(record: Json) -> frozenset[str]:
    values = _sequence(_mapping(record.get("labels")).get("values"))
    return frozenset(_text(_mapping(value).get("val")) for value in values)


def _handle(value: object) -> str | None:
    handle = _text(value).lower()
    return handle if handle and handle != "handle.invalid" else None


def _count(value: object) -> int | None:
    return value if type(value) is int and value >= 0 else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _mapping(value: object) -> Json:
    return value if isinstance(value, Mapping) else {}


def _sequence(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
