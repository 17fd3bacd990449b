"""Document: the bytes of an answer become a Feed, or NotAFeed that says what they are instead."""

import calendar
import html
import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin

import feedparser

from ingest.sources.rss import jsonfeed
from ingest.sources.rss.parsed import Entry, Feed, NotAFeed

PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
LONGEST_PAUSE = timedelta(days=1)

_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.I)
_ALTERNATE = re.compile(r"<link\b[^>]*>", re.I)
_ATTRIBUTE = re.compile(r"""\b(rel|type|href)\s*=\s*["']?([^"'\s>]+)""", re.I)
_FEED_TYPES = frozenset(("application/rss+xml", "application/atom+xml", "application/feed+json"))
_MAIL = re.compile(r"\S+@\S+\.\S+")


def read(content: bytes, headers: Mapping[str, str], url: str) -> Feed:
    """The feed in `content`; `url` is where it came from, for relative links.

    An ill-formed feed (feedparser's `bozo`) is no error as long as something can be read. Raises NotAFeed.
    """
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return jsonfeed.read(content)
    told = {"content-location": url}
    if "content-type" in headers:
        told["content-type"] = headers["content-type"]
    # Bytes in a BytesIO: feedparser takes a plain string for an address or a file name and opens it.
    result = feedparser.parse(io.BytesIO(content), response_headers=told, sanitize_html=False)
    if not result.entries and (not result.get("version") or _PAGE.search(content[:2000])):
        raise _not_a_feed(content, url)
    feed = result.feed
    language = feed.get("language")
    entries = tuple(_entry(entry, language) for entry in result.entries)
    return Feed(_plain(feed.get("title")), entries, _pause(feed))


def _entry(entry: Any, language: str | None) -> Entry:
    published = _time(entry.get("published_parsed") or entry.get("created_parsed"))
    updated = _time(dict.get(entry, "updated_parsed"))  # FeedParserDict.get would answer "published" instead
    author = entry.get("author_detail") or {}
    body = _body(entry)
    return Entry(
        guid=entry.get("id") or None,
        link=entry.get("link") or None,
        title=_markup(entry.get("title"), entry.get("title_detail")),
        text=_markup(body.get("value"), body) or "",
        published=published or updated,
        edited=updated if published and updated and updated > published else None,
        author=_name(entry.get("author")),
        author_url=author.get("href") or None,
        language=body.get("language") or language,
        replies=_count(entry.get("slash_comments") or entry.get("thr_total")),
        media=len(entry.get("enclosures") or ()) or None,
    )


def _body(entry: Any) -> Mapping[str, Any]:
    """The longest of the contents and the summary: some feeds cut the one, some the other."""
    bodies = [*(entry.get("content") or ()), entry.get("summary_detail") or {}]
    best: Mapping[str, Any] = max(bodies, key=lambda body: len(body.get("value") or ""))
    return best


def _markup(text: str | None, detail: Mapping[str, Any] | None) -> str | None:
    """As HTML: plain text is escaped, because text and title are cleaned alike later."""
    if not text:
        return None
    return html.escape(text, quote=False) if (detail or {}).get("type") == "text/plain" else text


def _plain(text: str | None) -> str | None:
    return html.unescape(re.sub(r"<[^>]*>", "", text)).strip()[:200] or None if text else None


def _name(text: str | None) -> str | None:
    """A name, never a mail address. feedparser splits them wrongly after four letters of a top-level domain."""
    name = _MAIL.sub("", text or "").strip(" ()<>\n\t")
    return name[:200] or None


def _time(parsed: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError):
        return None


def _count(text: Any) -> int | None:
    return int(text) if text and str(text).strip().isdecimal() else None


def _pause(feed: Any) -> timedelta | None:
    """The longer of `<ttl>` (minutes) and `sy:updatePeriod` / `sy:updateFrequency`, at most a day."""
    minutes = _count(feed.get("ttl"))
    pauses = [timedelta(minutes=min(minutes, 100_000))] if minutes else []
    period = PERIODS.get(str(feed.get("sy_updateperiod") or "").strip().lower())
    if period:
        pauses.append(period / max(1, _count(feed.get("sy_updatefrequency")) or 1))
    return min(max(pauses), LONGEST_PAUSE) if pauses else None


def _not_a_feed(content: bytes, url: str) -> NotAFeed:
    if not content.strip():
        return NotAFeed("answers nothing at all. Open the address in a browser to see what is wrong.")
    if not _PAGE.search(content[:2000]):
        return NotAFeed("answers something that is no feed. Check the address.")
    found = _named_feed(content[:200_000].decode("utf-8", "replace"), url)
    if found:
        return NotAFeed(f"is a web page and not a feed. The page names this feed: {found}", found)
    return NotAFeed("is a web page and not a feed. Look there for a link named RSS, Atom or feed, and use that.")


def _named_feed(page: str, url: str) -> str | None:
    for tag in _ALTERNATE.findall(page):
        told = {name.lower(): html.unescape(value) for name, value in _ATTRIBUTE.findall(tag)}
        if told.get("type", "").lower() in _FEED_TYPES and told.get("href"):
            return urljoin(url, told["href"])[:500]
    return None
