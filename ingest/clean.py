"""Clean: one Record as a stranger told it becomes one that every later step may trust.

Cleaning is the only place where text changes; what leaves here is stored, matched, scored and shown as it is.
"""

import html
import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from ingest.canonical import canonical_url
from ingest.language_tags import primary
from ingest.markup import to_text
from ingest.record import Account, Author, PostRef, Record, Skip

__all__ = ["LONGEST", "canonical_url", "clean", "clean_line", "clean_text"]

LONGEST = 100_000
CUT_MARK = " […]"
LONGEST_MARKUP = 1_000_000
LONGEST_ID = 500
LONGEST_LINE = 500
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
ESCAPING_NETWORKS = frozenset({"x"})
"""Networks whose plain text arrives with "&", "<" and ">" escaped (X API v2: `text`, `note_tweet.text`)."""

_UNSTORABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\ufeff\u202d\u202e\ufffe\uffff\ud800-\udfff]"
)  # NUL and controls, zero-width space, byte-order mark, bidi overrides, non-characters, lone surrogates
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]+")
_LINE_EDGES = re.compile(r" ?\n ?")
_BLANK_LINES = re.compile(r"\n{3,}")
_MARKS = "".join(re.escape(chr(c)) for c in range(0x300, 0x1F000) if unicodedata.combining(chr(c)))
_PILED_MARKS = re.compile(f"([{_MARKS}]{{30}})[{_MARKS}]+")


def clean(record: Record, now: datetime | None = None) -> Record:
    """The record with tidy text, times, addresses, ids and language, ready to be stored.

    `now` (aware) bounds the times: a post dated up to a day ahead gets `now`, because clocks of strangers differ;
    one further ahead is skipped. Raises Skip with the reason for a record that nobody could use.
    """
    text = _text_of(record.text, record)
    title = (clean_line(_text_of(record.title, record)) or None) if record.title else None
    if not text and not title and not record.media:
        raise Skip("no text")
    wanted: dict[str, Any] = {
        "text": text,
        "title": title,
        "html": False,
        "external_id": _id(record.external_id, "no id"),
        "published_at": _published(record.published_at, now),
        "language": primary(record.language),
    }
    if record.edited_at is not None:
        wanted["edited_at"] = _or_none(record.edited_at)
    if record.url is not None:
        wanted["url"] = canonical_url(record.url)
    if record.links:
        wanted["links"] = _links(record.links)
    if record.community is not None:
        wanted["community"] = clean_line(record.community) or None
    if record.raw is not None and (raw := _storable_json(record.raw)) is not record.raw:
        wanted["raw"] = raw
    _people(record, wanted)
    _references(record, wanted)
    _counts(record, wanted)
    changes = {name: value for name, value in wanted.items() if not _same(getattr(record, name), value)}
    return replace(record, **changes) if changes else record


def _same(told: object, wanted: object) -> bool:
    """Equal times in two zones are not the same: what leaves here is UTC."""
    return told is wanted or (told == wanted and not isinstance(wanted, datetime))


def clean_text(text: str) -> str:
    """Any text as it may be stored: NFC, no controls, tidy spaces, newlines kept, at most 100,000 characters.

    Emoji, their joiners and flags stay. More than 30 combining marks in a row are cut (UAX 15, stream-safe text):
    sorting them would take quadratic time.
    """
    text = text[: 4 * LONGEST]
    if not text.isascii():
        text = unicodedata.normalize("NFC", _PILED_MARKS.sub(r"\1", _UNSTORABLE.sub("", text)))
    if not text.isprintable() or "  " in text:
        text = _tidy(text)
    text = text.strip()
    return text if len(text) <= LONGEST else text[: LONGEST - len(CUT_MARK)].rstrip("\u200d") + CUT_MARK


def _tidy(text: str) -> str:
    text = _UNSTORABLE.sub("", _LINE_ENDS.sub("\n", text))
    return _BLANK_LINES.sub("\n\n", _LINE_EDGES.sub("\n", _SPACES.sub(" ", text)))


def clean_line(text: str) -> str:
    """Text for a name or a title: as `clean_text`, on one line, at most 500 characters."""
    return " ".join(clean_text(text).split())[:LONGEST_LINE]


def _text_of(text: str, record: Record) -> str:
    if record.html:
        return clean_text(to_text(_UNSTORABLE.sub("", text[:LONGEST_MARKUP])))
    if record.network in ESCAPING_NETWORKS and "&" in text:
        text = html.unescape(text)
    return clean_text(text)


def _id(value: object, missing: str) -> str:
    """An id as text. Numbers from careless JSON become text; nothing at all is a Skip."""
    text = value if isinstance(value, str) else "" if value is None else str(value)
    if not text.isascii() or not text.isprintable():
        text = _UNSTORABLE.sub("", text)
    text = text.strip()
    if not text or len(text) > LONGEST_ID:
        raise Skip(missing if not text else "id too long")
    return text


def _utc(time: datetime) -> datetime:
    if time.tzinfo is UTC:
        return time
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def _or_none(time: datetime) -> datetime | None:
    """A time that is not the post's own may be dropped where it is none."""
    try:
        return _utc(time)
    except (OverflowError, AttributeError):
        return None


def _published(time: datetime, now: datetime | None) -> datetime:
    try:
        time = _utc(time)
    except (OverflowError, AttributeError) as error:
        raise Skip("no believable time") from error
    if time < EARLIEST:
        raise Skip("no believable time")
    if now is not None and time > now:
        if time - now > AHEAD:
            raise Skip("dated more than a day in the future")
        return _utc(now)
    return time


def _links(links: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found for link in links if (found := canonical_url(link))))


def _people(record: Record, wanted: dict[str, Any]) -> None:
    if record.author is not None:
        wanted["author"] = _author(record.author)
    if record.mentions:
        wanted["mentions"] = tuple(map(_account, record.mentions))
    if record.implied:
        wanted["implied"] = tuple(map(_account, record.implied))
    if record.page_owner is not None:
        wanted["page_owner"] = _account(record.page_owner)


def _author(author: Author) -> Author:
    return Author(
        id=_id(author.id, "no author id"),
        handle=_handle(author.handle),
        name=clean_line(author.name) or None if author.name else None,
        url=canonical_url(author.url) if author.url else None,
        followers=_count(author.followers),
        created_at=_or_none(author.created_at) if author.created_at else None,
    )


def _account(account: Account) -> Account:
    return Account(id=_id(account.id, "no account id") if account.id else None, handle=_handle(account.handle))


def _handle(handle: str | None) -> str | None:
    return clean_line(handle).lstrip("@") or None if handle else None


def _references(record: Record, wanted: dict[str, Any]) -> None:
    for name in ("in_reply_to", "thread_root", "quotes", "reposts"):
        ref: PostRef | None = getattr(record, name)
        if ref is not None:
            wanted[name] = PostRef(_id(ref.id, "no id of the other post"), _account(ref.author) if ref.author else None)


def _counts(record: Record, wanted: dict[str, Any]) -> None:
    """Counts below zero and beyond Postgres's bigint are a stranger's joke, not a number."""
    for name in ("replies", "likes", "shares", "views", "media"):
        wanted[name] = _count(getattr(record, name))
    if record.rating is not None and not 0 <= record.rating <= 5:
        wanted["rating"] = None


def _count(value: int | None) -> int | None:
    return value if value is None or 0 <= value < 2**63 else None


def _storable_json(raw: Any) -> Any:
    """The raw answer, without what a JSON column refuses (NUL, lone surrogates); copied only where needed."""
    try:
        if b"\\u0000" not in orjson.dumps(raw):
            return raw
    except TypeError:  # lone surrogates, numbers beyond 64 bits
        pass
    return _scrubbed(raw)


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return _UNSTORABLE.sub("", value)
    if isinstance(value, dict):
        return {_scrubbed(str(key)): _scrubbed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_scrubbed(item) for item in value]
    return value
