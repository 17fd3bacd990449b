"""Subreddits: which of them Reddit shows.

Of several in one request Reddit leaves out the closed ones without a word, or refuses them all for one: each is looked
at by itself at the first reading, when the list was changed, every six hours, and when Reddit refuses.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ingest.sources.base import SourceError
from ingest.sources.reddit.client import Client
from ingest.sources.reddit.failures import Closed

LOOK_AGAIN = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Shelf:
    """`closed` are those that can't be read, with the reason; `looked` is when (seconds since 1970), and `of` at
    which."""

    closed: Mapping[str, str]
    looked: float | None = None
    of: str = ""

    def is_due(self, found: Sequence[str], now: datetime) -> bool:
        return self.looked is None or self.of != digest(found) or now.timestamp() - self.looked >= LOOK_AGAIN

    def as_cursor(self) -> dict[str, Any]:
        return {"closed": dict(self.closed), "looked": self.looked, "of": self.of} if self.looked is not None else {}


def shelf_of(cursor: Mapping[str, Any] | None) -> Shelf:
    told = cursor or {}
    return Shelf(told.get("closed") or {}, told.get("looked"), told.get("of") or "")


def look(client: Client, found: Sequence[str], now: datetime) -> Shelf:
    """Ask for each one. Raises SourceError for anything but a closed door."""
    closed: dict[str, str] = {}
    for name in found:
        try:
            client.get(f"r/{name}/about/")
        except SourceError as error:
            if error.code != "not_found":
                raise
            closed[name] = error.reason if isinstance(error, Closed) else "missing"
    return Shelf(closed, now.timestamp(), digest(found))


def digest(found: Sequence[str]) -> str:
    return hashlib.sha256("+".join(sorted(found)).encode()).hexdigest()[:16]
