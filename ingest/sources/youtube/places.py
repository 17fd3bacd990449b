"""Places: how far comments have been read below a video or a channel, and when to look there again.

YouTube shows comments newest first, each with a few replies. A walk goes from the newest down to where the last one
began; only when it has arrived the mark moves. New replies do not bring a comment up again, so the newest page is read
each time, and replies are read to their end where their number changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

OVERLAP = timedelta(minutes=10)
MOST_COUNTED = 100
"""Comments of one place whose number of replies is remembered."""

PACE = (
    (timedelta(days=1), timedelta(minutes=15)),
    (timedelta(days=7), timedelta(hours=2)),
    (timedelta(days=30), timedelta(hours=12)),
)
SLOWEST = timedelta(days=2)
"""How soon a video is looked at again, by the age of the newest thing said below it."""


@dataclass(frozen=True, slots=True)
class Place:
    """`since`: nothing older is read. `newest`: everything up to here was read. `token` and `top`: a walk under way and
    where it began. `counted`: replies by comment, where there are more than YouTube shows by itself. `rest` and `why`:
    not to be asked before then."""

    since: datetime
    newest: datetime | None = None
    token: str | None = None
    top: datetime | None = None
    counted: Mapping[str, int] = field(default_factory=dict)
    looked: datetime | None = None
    rest: datetime | None = None
    why: str = ""

    @property
    def floor(self) -> datetime:
        return max(self.since, self.newest - OVERLAP) if self.newest else self.since

    def due(self, born: datetime) -> datetime:
        """When to look again; `born` is when the video was put up."""
        if self.rest:
            return self.rest
        if self.looked is None or self.token:
            return self.since
        age = self.looked - max(self.newest or born, born)
        return self.looked + next((every for most, every in PACE if age <= most), SLOWEST)

    def below(self, newest: datetime | None, token: str | None, counted: Mapping[str, int]) -> "Place":
        """After a page, with more to come."""
        return replace(self, token=token, top=_later(self.top, newest), counted=_last({**self.counted, **counted}))

    def arrived(self, now: datetime) -> "Place":
        return replace(self, newest=_later(self.newest, self.top), token=None, top=None, looked=now, rest=None, why="")

    def resting(self, until: datetime, why: str, now: datetime) -> "Place":
        return replace(self, token=None, top=None, looked=now, rest=until, why=why)

    def as_cursor(self) -> dict[str, Any]:
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {
            name: value.isoformat() if isinstance(value, datetime) else value for name, value in plain.items() if value
        }


def read_place(told: Mapping[str, Any] | None, since: datetime) -> Place:
    """The place that a stored cursor means; None is the very beginning."""
    told = told or {}
    times = {
        name: datetime.fromisoformat(told[name]) if told.get(name) else None
        for name in ("newest", "top", "looked", "rest")
    }
    begun = datetime.fromisoformat(told["since"]) if told.get("since") else since
    return Place(begun, token=told.get("token"), counted=told.get("counted") or {}, why=told.get("why", ""), **times)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)


def _last(counted: Mapping[str, int]) -> dict[str, int]:
    return dict(list(counted.items())[-MOST_COUNTED:])
