"""Walk: how far a timeline has been read, as ids of the instance.

Upwards with `min_id`, oldest first, so that nothing between two polls is skipped (`since_id` skips when more than a
page is new). Downwards with `max_id` for the first reading, and for search, which knows no other order; the newest
post of a walk downwards is remembered and becomes the lower end once the walk has arrived.

Posts from other servers get ids by their own time and may arrive late, so that each walk over posts reads the two
hours below the newest known one again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

OVERLAP_MS = 2 * 3_600_000


@dataclass(frozen=True, slots=True)
class Walk:
    """`newest`: everything up to here was read. `at`: a walk upwards has come to here. `top` and `below`: a walk
    downwards started at `top` and has come to `below`.
    """

    newest: str | None = None
    at: str | None = None
    top: str | None = None
    below: str | None = None

    @property
    def goes_up(self) -> bool:
        return self.newest is not None and self.below is None

    @property
    def floor(self) -> str | None:
        """Where reading a timeline of posts starts over: a little below what is known."""
        return lowered(self.newest) if self.newest else None

    def up(self, last: str) -> "Walk":
        return Walk(newest=later(self.newest, last), at=last)

    def down(self, first: str, last: str) -> "Walk":
        return Walk(newest=self.newest, top=later(self.top, first), below=last)

    def arrived(self) -> "Walk":
        return Walk(newest=later(self.newest, self.top))

    def as_cursor(self) -> dict[str, str]:
        told = {"newest": self.newest, "at": self.at, "top": self.top, "below": self.below}
        return {name: value for name, value in told.items() if value}


def walked(cursor: Mapping[str, Any] | None) -> Walk:
    return Walk(**cursor) if cursor else Walk()


def later(one: str | None, other: str | None) -> str | None:
    """The greater id: as numbers where both are, else as text (other software)."""
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda name: (len(name), name) if name.isdigit() else (0, name))


def lowered(newest: str) -> str:
    """An id two hours before: Mastodon's ids are milliseconds shifted by 16 bits; others stay as they are."""
    if not newest.isdigit() or len(newest) < 17:
        return newest
    return str(max(0, int(newest) - (OVERLAP_MS << 16)))
