"""Place: where a stream stands, said so that the same server and another one both understand it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ingest.sources.base import Cursor
from ingest.sources.bluesky.frames import Event, at_microseconds, microseconds

SMALLEST_TIME = 10**15
REWIND = timedelta(seconds=5)
"""Read again when another server takes over: the clocks of two servers differ (jetstream docs/README.md 5.1)."""


@dataclass(frozen=True, slots=True)
class Place:
    """`position` counts on `server` only: seq, or microseconds for v1; None before the first event there.
    `time_us` is that server's clock, unix microseconds."""

    server: str
    position: int | None
    time_us: int

    @classmethod
    def stored(cls, cursor: Cursor | None) -> "Place | None":
        """The place in a stored cursor; None at the first start, or where the cursor makes no sense."""
        match cursor:
            case {"server": str(server), "position": int() | None as position, "time_us": int(time_us)}:
                return cls(server, position, time_us)
        return None

    @classmethod
    def beginning(cls, server: str, moment: datetime) -> "Place":
        """The first start: from `moment` on."""
        return cls(server, None, microseconds(moment))

    @property
    def at(self) -> datetime:
        return at_microseconds(self.time_us)

    def on(self, server: str) -> "Place":
        """The same place on another server."""
        if server == self.server:
            return self
        return Place(server, None, self.time_us - REWIND // timedelta(microseconds=1))

    def by_time(self) -> "Place":
        """The same place without the server's own count."""
        return Place(self.server, None, self.time_us)

    def after(self, event: Event) -> "Place":
        """The place once this event was read."""
        return Place(self.server, event.position, event.time_us or self.time_us)

    @property
    def start(self) -> int:
        """What to ask the server for (inclusive); it takes numbers below 1e15 for a seq, not for a time."""
        return max(self.time_us, SMALLEST_TIME) if self.position is None else self.position

    def cursor(self) -> Mapping[str, Any]:
        """As it is stored."""
        return {"server": self.server, "position": self.position, "time_us": self.time_us}
