"""Where a target stands at X: what is covered, and the walk that is under way.

X answers newest first. A walk goes from a pinned end back to the lower bound, page by page; only when it has arrived
does the lower bound of the next walk move. Every page leaves a cursor from which the walk goes on, so a process that
is killed after any page loses nothing and reads no page twice.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from ingest.sources.base import Hole
from ingest.xapi.posts import snowflake_time

LAG = timedelta(seconds=30)
"""How long a post may take until search finds it; X refuses ends younger than ten seconds."""


@dataclass(frozen=True, slots=True)
class Walk:
    """One way back in time. Bounds are the same in every request of it.

    `since_id` or `start` is the lower bound, `end` the pinned end; `token` the next page; `until_id` replaces the end
    when a token was lost; `newest` and `oldest` are ids seen, `read` counts posts.
    """

    end: datetime
    since_id: str | None = None
    start: datetime | None = None
    token: str | None = None
    until_id: str | None = None
    newest: str | None = None
    oldest: str | None = None
    read: int = 0

    def bounds(self) -> dict[str, Any]:
        """The request's parameters for both bounds. X lets since_id beat start_time, and until_id beat end_time."""
        lower = {"since_id": self.since_id} if self.since_id else {"start_time": self.start}
        return lower | ({"until_id": self.until_id} if self.until_id else {"end_time": self.end})

    def lower(self) -> datetime | None:
        return snowflake_time(self.since_id) if self.since_id else self.start

    def upper(self) -> datetime:
        return (snowflake_time(self.oldest) if self.oldest else None) or self.end

    def after(self, ids: list[str], token: str | None) -> "Walk":
        """The walk after a page with these ids."""
        seen = sorted((one for one in (*ids, self.newest, self.oldest) if one), key=int)
        newest, oldest = (seen[-1], seen[0]) if seen else (None, None)
        return replace(self, token=token, read=self.read + len(ids), newest=newest, oldest=oldest)

    def without_token(self) -> "Walk":
        """The same way on when X no longer knows the token: everything older than the oldest post seen."""
        return replace(self, token=None, until_id=self.oldest)


@dataclass(frozen=True, slots=True)
class Place:
    """`since_id` is the highest id of all finished walks, `covered` the end of the last one."""

    since_id: str | None = None
    covered: datetime | None = None
    walk: Walk | None = None
    user_id: str | None = None

    def as_cursor(self) -> dict[str, Any]:
        return {name: value for name, value in _plain(asdict(self)).items() if value is not None}

    def arrived(self, walk: Walk) -> "Place":
        """After the last page: now, and only now, the lower bound moves."""
        ids = [one for one in (self.since_id, walk.newest) if one]
        return replace(self, since_id=max(ids, key=int) if ids else None, covered=walk.end, walk=None)


def read_place(cursor: Mapping[str, Any] | None) -> Place:
    """The place that a stored cursor means; None is the very beginning."""
    told = dict(cursor or {})
    walk = told.get("walk")
    return Place(
        since_id=told.get("since_id"),
        covered=_time(told.get("covered")),
        walk=_walk(walk) if walk else None,
        user_id=told.get("user_id"),
    )


def set_out(place: Place, now: datetime, first: timedelta, reach: timedelta | None) -> tuple[Place, list[Hole]]:
    """The place with a walk to take, and what lies too far back for the network to tell.

    `first` is how far the very first walk goes back; `reach` how far the network reaches back, None: without limit.
    """
    horizon = now - reach if reach else None
    holes: list[Hole] = []
    if place.walk is not None:
        place, lost = _shortened(place, place.walk, horizon)
        holes += lost
    if place.walk is None:
        walk, lost = _begun(place, now, first, horizon)
        place, holes = replace(place, walk=walk), holes + lost
    return place, holes


def _begun(place: Place, now: datetime, first: timedelta, horizon: datetime | None) -> tuple[Walk, list[Hole]]:
    end = (now - LAG).replace(microsecond=0)
    seen = snowflake_time(place.since_id) if place.since_id else None
    if place.since_id and (horizon is None or (seen and seen > horizon)):
        return Walk(end=end, since_id=place.since_id), []
    if place.covered is None and seen is None:
        return Walk(end=end, start=max(filter(None, (now - first, horizon))).replace(microsecond=0)), []
    covered = max(filter(None, (place.covered, seen)))
    if horizon is None or covered >= horizon:
        return Walk(end=end, start=covered.replace(microsecond=0)), []
    return Walk(end=end, start=horizon), [_hole(covered, horizon)]


def _shortened(place: Place, walk: Walk, horizon: datetime | None) -> tuple[Place, list[Hole]]:
    """A walk that was broken off so long ago that its way back has grown out of reach, in part or whole."""
    lower = walk.lower()
    if horizon is None or lower is None or lower >= horizon:
        return place, []
    if walk.upper() <= horizon:
        return place.arrived(walk), [_hole(lower, walk.upper())]
    kept = replace(walk.without_token(), since_id=None, start=horizon)
    return replace(place, walk=kept), [_hole(lower, horizon)]


def _hole(start: datetime, end: datetime) -> Hole:
    return Hole(start, end, "X search reaches back 7 days; posts of this time can no longer be found.")


def _walk(told: Mapping[str, Any]) -> Walk:
    times = {"end": _time(told["end"]), "start": _time(told.get("start"))}
    return Walk(**{**told, **times})


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Times as text, so that a cursor is JSON; nothing for nothing."""
    plain: dict[str, Any] = {}
    for name, value in values.items():
        if value is not None:
            is_time = isinstance(value, datetime)
            plain[name] = value.isoformat() if is_time else _plain(value) if isinstance(value, dict) else value
    return plain
