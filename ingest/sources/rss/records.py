"""Records: entries of a feed with ids that stay, whatever the publisher does with his own.

The id is the publisher's guid, else the link, else a hash of the entry. A guid is only unique within its feed unless
it is an address or a URN. Some feeds give one guid to several entries, or the same one to a new entry every day: an
entry whose guid is known with another link and another title gets an id of its own.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from ingest.canonical import canonical_url
from ingest.record import Author, Record
from ingest.sources.rss.parsed import Entry, Feed

LONGEST_ID = 400
Known = Mapping[str, tuple[str, int]]

_GLOBAL = re.compile(r"(?:https?://|urn:|tag:)", re.I)
_GOOGLE = re.compile(r"(?:www\.)?google\.[a-z.]{2,6}")


def of_feed(feed: Feed, url: str, known: Known, now: datetime) -> tuple[list[Record], dict[str, tuple[str, int]]]:
    """The records of a feed, and what to remember of it. `url` is the address that the admin typed.

    An entry without a time gets the time at which it was first seen.
    """
    records: list[Record] = []
    shown: dict[str, tuple[str, int]] = {}
    for entry in feed.entries:
        link = unwrapped(entry.link)
        mark = _digest(link or "", entry.title or "")
        name = _free(_id(entry, link, url), mark, {**known, **shown})
        if name in shown:
            continue
        shown[name] = known.get(name) or (mark, int(now.timestamp()))
        records.append(_record(entry, link, name, feed, url, shown[name][1]))
    return records, shown


def unwrapped(link: str | None) -> str | None:
    """The page itself where Google Alerts wraps it: https://www.google.com/url?...&url=https://..."""
    if not link:
        return None
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return link
    if _GOOGLE.fullmatch(parts.hostname or "") and parts.path == "/url":
        told = parse_qs(parts.query)
        pages = [value for name in ("url", "q") for value in told.get(name, ())]
        return next((page for page in pages if page.startswith(("http://", "https://"))), link)
    return link


def _id(entry: Entry, link: str | None, url: str) -> str:
    """Google Alerts counts its own ids per alert: there, the page found is the id, the same for every alert."""
    if link and link != entry.link:
        return canonical_url(link) or link
    if entry.guid and _GLOBAL.match(entry.guid):
        return _short(entry.guid)
    if entry.guid:
        return _short(f"{url}#{entry.guid}")
    if link:
        return _short(canonical_url(link) or f"{url}#{link}")
    return _short(f"{url}#{_digest(entry.title or '', entry.text)}")


def _free(name: str, mark: str, known: Known) -> str:
    """The id itself where it is new or means the same entry; else the id with the entry's mark."""
    if name not in known or _same(known[name][0], mark):
        return name
    return f"{name}#{mark.replace('.', '')}"


def _digest(one: str, other: str) -> str:
    """Two short hashes, each telling whether its part is still the same."""
    return ".".join(hashlib.sha256(part.strip().encode()).hexdigest()[:8] for part in (one, other))


def _same(one: str, other: str) -> bool:
    """The same link or the same title: an edit changes one of them, a new entry both."""
    return any(a == b for a, b in zip(one.split("."), other.split("."), strict=True))


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_ID else f"{name[:300]}#{hashlib.sha256(name.encode()).hexdigest()[:32]}"


def _record(entry: Entry, link: str | None, name: str, feed: Feed, url: str, first_seen: int) -> Record:
    return Record(
        network="web",
        external_id=name,
        text=entry.text,
        html=True,
        title=entry.title,
        url=link,
        published_at=entry.published or datetime.fromtimestamp(first_seen, UTC),
        edited_at=entry.edited,
        author=_author(entry, link or url),
        language=entry.language,
        community=feed.title,
        replies=entry.replies,
        media=entry.media,
        raw={"guid": entry.guid, "link": entry.link, "feed": urlsplit(url).hostname},
    )


def _author(entry: Entry, page: str) -> Author | None:
    """Names are unique within a site at best."""
    if not entry.author:
        return None
    site = (urlsplit(page).hostname or "").removeprefix("www.")
    return Author(f"{site}/{entry.author.casefold()}", name=entry.author, url=entry.author_url)


def oldest(records: Sequence[Record]) -> datetime | None:
    return min((record.published_at for record in records), default=None)
