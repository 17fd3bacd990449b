"""Limits: how many requests Reddit still allows, as its answers say, so that nobody has to sleep for them."""

from collections.abc import Callable, MutableMapping
from datetime import datetime, timedelta

from ingest.sources.base import SourceError

WINDOW = timedelta(minutes=10)
"""Reddit counts a hundred requests a minute on the average of ten minutes."""
HEADERS = ("x-ratelimit-remaining", "x-ratelimit-used", "x-ratelimit-reset")


class Limits:
    """`left` of `most` until `reset_at`; None before the first answer."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.left: float | None = None
        self.most: float = 0
        self.reset_at: datetime | None = None

    def take(self, headers: MutableMapping[str, str]) -> None:
        """Note what an answer says, and take it out of the answer: prawcore would sleep by it."""
        told = {name: _number(headers.pop(name, None)) for name in HEADERS}
        left, used, reset = (told[name] for name in HEADERS)
        if left is None or reset is None:
            return
        self.left, self.most = left, left + (used or 0)
        self.reset_at = self.now() + timedelta(seconds=min(max(reset, 0) + 1, WINDOW.total_seconds()))

    def rest_until(self) -> datetime | None:
        """When the next request is allowed, where the last answer said that none is left."""
        return self.reset_at if self._waits(1) else None

    def ask_leave(self) -> None:
        """Before each request. Raises SourceError where none is left."""
        if self._waits(1):
            raise resting(self.reset_at)

    def leave_some(self) -> None:
        """A third of what Reddit allows is left for new posts. Raises SourceError when the rest is used up."""
        if self._waits(self.most / 3):
            raise resting(self.reset_at)

    def _waits(self, least: float) -> bool:
        return self.left is not None and self.left < least and self.reset_at is not None and self.reset_at > self.now()


def resting(until: datetime | None) -> SourceError:
    return SourceError(
        "Reddit asks for fewer requests; Earshot goes on by itself when the window is over.",
        code="rate_limit",
        retry_at=until,
    )


def _number(told: str | None) -> float | None:
    try:
        return float(told) if told is not None else None
    except ValueError:
        return None
