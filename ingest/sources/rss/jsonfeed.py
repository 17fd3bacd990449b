"""JSON Feed (https://www.jsonfeed.org/version/1.1/): read here, because feedparser 6 does not."""

import html
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ingest.sources.rss.parsed import Entry, Feed, NotAFeed


def read(content: bytes) -> Feed:
    """Raises NotAFeed. Items that are no objects are left out, as the standard wants of unknown things."""
    try:
        document = json.loads(content)
    except ValueError as error:
        raise NotAFeed(f"answers broken JSON ({error}). Check the address.") from error
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in str(document.get("version")):
        raise NotAFeed("answers JSON that is no JSON feed. Check the address.")
    language = _text(document.get("language"))
    entries = tuple(_entry(item, document, language) for item in items if isinstance(item, dict))
    return Feed(_text(document.get("title")), entries)


def _entry(item: Mapping[str, Any], document: Mapping[str, Any], language: str | None) -> Entry:
    author = _author(item) or _author(document)
    published, edited = _time(item.get("date_published")), _time(item.get("date_modified"))
    return Entry(
        guid=_text(item.get("id")),
        link=_text(item.get("url")) or _text(item.get("external_url")),
        title=_escaped(item.get("title")),
        text=_text(item.get("content_html")) or _escaped(item.get("content_text") or item.get("summary")) or "",
        published=published or edited,
        edited=edited if published and edited and edited > published else None,
        author=_text(author.get("name")),
        author_url=_text(author.get("url")),
        language=_text(item.get("language")) or language,
        media=len(item["attachments"]) or None if isinstance(item.get("attachments"), list) else None,
    )


def _author(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first author; version 1.0 of the standard had one only."""
    authors = told.get("authors")
    first = authors[0] if isinstance(authors, list) and authors else told.get("author")
    return first if isinstance(first, dict) else {}


def _text(value: Any) -> str | None:
    """Ids are often numbers, although they should be text."""
    return str(value) if isinstance(value, str | int | float) and value != "" else None


def _escaped(value: Any) -> str | None:
    return html.escape(value, quote=False) if isinstance(value, str) and value else None


def _time(text: Any) -> datetime | None:
    """RFC 3339. A time without a zone is taken for UTC."""
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None
