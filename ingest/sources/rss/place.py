"""Place: what is remembered of a feed between two polls, kept in its cursor."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

REMEMBERED = 400
"""Entries remembered beyond those that the feed shows now."""


@dataclass(frozen=True, slots=True)
class Place:
    """`url` where the feed moved to; `etag` and `modified` for asking whether it changed; `pause` the seconds between
    two questions that its publisher wants, `not_before` when it may be asked again; `read_at` when it was last read
    whole; `gone` its publisher said 410.

    `known` are the entries seen: id -> (mark of its link and title, unix second at which it was first seen).
    """

    url: str | None = None
    etag: str | None = None
    modified: str | None = None
    pause: int | None = None
    not_before: datetime | None = None
    read_at: datetime | None = None
    gone: bool = False
    known: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    def conditions(self) -> dict[str, str]:
        """Headers with which the server may answer that nothing changed."""
        told = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in told.items() if value}

    def remembering(self, shown: Mapping[str, tuple[str, int]]) -> "Place":
        """With what the feed shows now, and the newest of what it showed before."""
        before = [item for item in self.known.items() if item[0] not in shown]
        return replace(self, known=dict([*before[-REMEMBERED:], *shown.items()]))

    def as_cursor(self) -> dict[str, Any]:
        cursor: dict[str, Any] = {
            "url": self.url,
            "etag": self.etag,
            "modified": self.modified,
            "pause": self.pause,
            "not_before": self.not_before and self.not_before.isoformat(),
            "read_at": self.read_at and self.read_at.isoformat(),
            "gone": self.gone,
            "known": {name: list(value) for name, value in self.known.items()},
        }
        return {name: value for name, value in cursor.items() if value}


def remembered(cursor: Mapping[str, Any] | None) -> Place:
    told = dict(cursor or {})
    for name in ("not_before", "read_at"):
        if told.get(name):
            told[name] = datetime.fromisoformat(told[name])
    told["known"] = {name: (str(mark), int(at)) for name, (mark, at) in (told.get("known") or {}).items()}
    return Place(**told)
