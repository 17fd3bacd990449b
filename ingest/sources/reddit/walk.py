"""Walk: how far a listing has been read.

Reddit answers newest first, a hundred a page and some thousand in all. A walk goes down page by page until it meets
what is known; only when it has arrived does the mark move. Once it has, its cursor holds nothing but a time: the name
of a post must not outlive the post. While it is under way it keeps the last ten names of a page, because below a post
that was deleted meanwhile Reddit shows nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.sources.base import Hole

FALLBACKS = 10
A_CALL = 100
STILL_KNOWN = timedelta(hours=40)
"""Posts that were read before are known again by their ids for two days (`ingest.kept`): no further back is anything
read twice, for it would count twice."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Times are seconds since 1970. `since`: everything up to here was read. The others belong to a walk under way:
    `top` and `oldest` are the newest and the oldest post it has seen, `below` the last names of its last page, `read`
    how many posts it has seen."""

    since: float | None = None
    top: float | None = None
    oldest: float | None = None
    below: tuple[str, ...] = ()
    read: int = 0

    def floor(self, now: datetime, first: timedelta, overlap: timedelta) -> float:
        """Down to where to read: a little below what is known, for posts are not shown in the order of their times."""
        if self.since is None:
            return (now - first).timestamp()
        fresh = now.timestamp() - self.since < STILL_KNOWN.total_seconds()
        return self.since - overlap.total_seconds() if fresh else self.since

    def down(self, seen: Sequence[tuple[str, float]]) -> "Walk":
        """After a page of these posts (name, time)."""
        times = [at for _, at in seen]
        return replace(
            self,
            top=max(filter(None, (self.top, *times)), default=None),
            oldest=min(filter(None, (self.oldest, *times)), default=None),
            below=tuple(name for name, _ in seen[-FALLBACKS:]),
            read=self.read + len(seen),
        )

    def arrived(self) -> "Walk":
        return Walk(since=max(filter(None, (self.since, self.top)), default=None))

    def hole(self) -> Hole | None:
        """What lies between the oldest post that Reddit showed and the mark, at the end of a walk that did not come
        so far."""
        if self.since is None or self.oldest is None or self.read < A_CALL or self.oldest <= self.since:
            return None
        return Hole(
            datetime.fromtimestamp(self.since, UTC),
            datetime.fromtimestamp(self.oldest, UTC),
            "More was written than Reddit shows at once; posts of this time can no longer be found.",
        )

    def as_cursor(self) -> dict[str, Any]:
        told: dict[str, Any] = {"since": self.since, "top": self.top, "oldest": self.oldest}
        told |= {"below": list(self.below), "read": self.read}
        return {name: value for name, value in told.items() if value}


def walked(cursor: Mapping[str, Any] | None) -> Walk:
    told = cursor or {}
    return Walk(
        since=told.get("since"),
        top=told.get("top"),
        oldest=told.get("oldest"),
        below=tuple(told.get("below") or ()),
        read=told.get("read") or 0,
    )
