"""Pages: what may be heard of a page of statuses or notifications, and a count of what may not."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ingest.record import Record
from ingest.sources.base import Broken
from ingest.sources.mastodon.client import Instance, unknown_shape
from ingest.sources.mastodon.consent import refusal
from ingest.sources.mastodon.statuses import mentions, of_status

ADDRESSED = ("mention", "quote")
UNREADABLE = (LookupError, TypeError, ValueError, AttributeError)
Row = Mapping[str, Any]


@dataclass(slots=True)
class Heard:
    """One page, sorted out. `newest` is the time of the newest post shown, whether it may be heard or not."""

    records: list[Record] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    broken: list[Broken] = field(default_factory=list)
    newest: datetime | None = None


def rows_of(instance: Instance, shown: Any) -> list[Row]:
    """The rows of an answer, newest first. Raises SourceError where it is no list of things with ids."""
    if shown is None:
        return []
    if not isinstance(shown, list) or not all(isinstance(row, dict) and row.get("id") for row in shown):
        raise unknown_shape(instance.host, repr(shown))
    return list(shown)


def hear(instance: Instance, rows: Sequence[Row], own: Collection[str]) -> Heard:
    """Sort out a page. `own` are the brands' handles, "user@host" in lower case.

    Raises SourceError where not one row can be read: then the format has changed.
    """
    heard = Heard()
    for row in rows:
        status = row["status"] if row.get("type") and "status" in row else row
        try:
            record = of_status(status, instance.url)
            reason = None if _turns_to_us(row, status, own) else refusal(status)
            heard.newest = max(filter(None, (heard.newest, record.published_at)))
        except UNREADABLE as error:
            heard.broken.append(Broken(_plain(row), f"{instance.host} told this post in an unknown way: {error!r}"))
            continue
        if reason:
            heard.skipped[reason] += 1
        else:
            heard.records.append(record)
    if heard.broken and len(heard.broken) == len(rows):
        raise unknown_shape(instance.host, repr(heard.broken[0].raw))
    return heard


def _turns_to_us(row: Row, status: Row, own: Collection[str]) -> bool:
    """Who writes to the brand's own account wants to be heard by it, whatever their profile says."""
    return row.get("type") in ADDRESSED or any((who.handle or "").lower() in own for who in mentions(status))


def _plain(row: Any) -> Any:
    return json.loads(json.dumps(row, default=str))
