"""Window: a stretch of seconds that is read from its newest post down, so that Algolia's cap loses nothing.

A search shows at most 1,000 hits, newest first. Where that is not all, the next search ends where the last one
stopped. The end of a window is pinned when it is opened: posts that arrive meanwhile wait for the next one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Window:
    """Unix seconds, all included: `first` to `last` is wanted, `upto` is the newest that is still missing."""

    first: int
    last: int
    upto: int

    def below(self, seconds: Sequence[int]) -> "Window | None":
        """What is missing after posts of these seconds were shown; None when nothing is.

        The oldest second is asked for again, because posts of the same second may have been cut off; only when all
        shown posts share it, it is left behind.
        """
        oldest = min(seconds, default=self.first)
        upto = oldest if oldest < self.upto else self.upto - 1
        return replace(self, upto=upto) if upto >= self.first else None

    def overflows(self, seconds: Sequence[int]) -> bool:
        """More posts in one second than a search can show."""
        return bool(seconds) and min(seconds) >= self.upto

    def as_cursor(self) -> dict[str, int]:
        return asdict(self)


def opened(cursor: Mapping[str, Any] | None, now: int, back_fill: int, overlap: int) -> Window:
    """The window to read: the one that a former poll left half read, else from where that one ended until now.

    `overlap` seconds are read again: the index takes its time, and lists late what was posted earlier.
    """
    if cursor and cursor.get("window"):
        return Window(**cursor["window"])
    first = int(cursor["until"]) - overlap if cursor else now - back_fill
    return Window(first, now, now)
