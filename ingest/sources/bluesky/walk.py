"""Walk: from now back to where the last walk began, page by page, through answers that are sorted newest first.

The walk's state is the cursor, so a walk that was cut off goes on where it stood. Both ends are pinned at its start:
what is posted meanwhile belongs to the next walk. Search stops near 10,000 posts, so a long walk begins anew at the
oldest post that it has seen. The next walk reads an hour of the last one again, for posts that were indexed late.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from ingest.record import Record
from ingest.sources.base import Broken, Cursor, Hole, Page, SourceError
from ingest.sources.bluesky.posts import Unreadable, read_time, read_view

OVERLAP = timedelta(hours=1)
TICK = timedelta(milliseconds=1)
CAPPED_FROM = 1000
"""A window that ends after this many posts may have ended because of the cap; a shorter one has simply ended."""
WINDOW = 9500
PAUSE = timedelta(minutes=2)
PAUSE_REFUSED = timedelta(hours=1)

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Walk:
    """One walk: from `top` down to `floor`; at present at page `page` of the window that ends at `until`.

    `read` counts posts of this window, `reached` is the oldest time seen so far. All times aware UTC.
    """

    top: datetime
    floor: datetime
    until: datetime
    page: str | None = None
    read: int = 0
    reached: datetime | None = None

    def cursor(self) -> dict[str, Any]:
        """JSON-compatible."""
        times = {name: _iso(getattr(self, name)) for name in ("top", "floor", "until", "reached")}
        return {**times, "page": self.page, "read": self.read}


@dataclass(frozen=True, slots=True)
class State:
    """The whole cursor: `covered` is the top of the last complete walk, `again` when there is something to do next,
    `trouble` why the last attempt failed, said again until it does not."""

    covered: datetime | None = None
    again: datetime | None = None
    walk: Walk | None = None
    trouble: str = ""

    @classmethod
    def stored(cls, cursor: Cursor | None) -> "State":
        """From a stored cursor; whatever makes no sense counts as absent."""
        cursor = cursor or {}
        trouble = str(cursor.get("trouble") or "")
        times = read_time(cursor.get("covered")), read_time(cursor.get("again"))
        return cls(*times, _stored_walk(cursor.get("walk")), trouble)

    def cursor(self) -> dict[str, Any]:
        """JSON-compatible."""
        walk = self.walk.cursor() if self.walk else None
        return {"covered": _iso(self.covered), "again": _iso(self.again), "walk": walk, "trouble": self.trouble}


@dataclass(frozen=True, slots=True)
class Way:
    """How to walk: `fetch` answers (views, next page) for a walk; `restart` says whether `until` is understood.

    `logged_in`: a refusal is a fault; `names` finds own accounts' handles by DID; `every` is the pause between walks,
    `first` how far the first one goes back.
    """

    fetch: Callable[[Walk], tuple[Sequence[Json], str | None]]
    restart: bool
    logged_in: bool
    every: timedelta
    first: timedelta
    now: Callable[[], datetime]
    out_of_time: Callable[[], bool]
    names: Callable[[], Mapping[str, str]] = dict


def pages(way: Way, cursor: Cursor | None) -> Iterator[Page]:
    """Pages of one walk, or a single empty one when none is due. Never raises: a stream flows beside the walks."""
    state = State.stored(cursor)
    now = way.now()
    if state.again is not None and now < state.again:
        yield Page(cursor=state.cursor(), done=True, warnings=[state.trouble] if state.trouble else [])
        return
    if state.walk is None:
        floor = state.covered - OVERLAP if state.covered else now - way.first
        state = replace(state, walk=Walk(top=now, floor=floor, until=now))
    yield from _walk(way, replace(state, again=None, trouble=""))


def _walk(way: Way, state: State) -> Iterator[Page]:
    seen: set[str] = set()
    names = way.names()
    while (walk := state.walk) is not None:
        try:
            views, following = way.fetch(walk)
        except SourceError as error:
            state, page = _stopped(way, state, walk, error)
            yield page
            if page.done:
                return
            continue
        fresh = [view for view in views if view.get("uri") not in seen]
        seen.update(str(view.get("uri")) for view in fresh)
        onward = _onward(way, walk, views, following if fresh else None)
        state = _finished(way, walk, way.every) if onward is None else replace(state, walk=onward)
        yield _page(way, state, fresh, walk.floor, names)
        if way.out_of_time():
            return


def _onward(way: Way, walk: Walk, views: Sequence[Json], following: str | None) -> Walk | None:
    """The next step of a walk, None at its end."""
    times = [sort_time(view, walk.until) for view in views]
    if not times or max(times) < walk.floor:
        return None
    reached = min(times)
    here = replace(walk, read=walk.read + len(views), reached=min(reached, walk.reached or reached))
    if following and here.read < WINDOW:
        return replace(here, page=following)
    return _restarted(way, here)


def _restarted(way: Way, walk: Walk) -> Walk | None:
    """The same walk from the oldest post that it has seen, None where that makes no headway."""
    if not way.restart or walk.reached is None or walk.read < CAPPED_FROM or walk.reached + TICK >= walk.until:
        return None
    return replace(walk, until=walk.reached + TICK, page=None, read=0)


def _stopped(way: Way, state: State, walk: Walk, error: SourceError) -> tuple[State, Page]:
    """What an error in mid-walk means: the cap, the lack of a login, or that the walk has to wait."""
    if error.code == "auth" and not way.logged_in:
        return _not_allowed(way, walk, error)
    onward = _restarted(way, walk) if walk.page and error.code in ("schema", "server") else None
    if onward is not None:
        state = replace(state, walk=onward)
        return state, Page(cursor=state.cursor())
    pause = PAUSE_REFUSED if error.permanent else PAUSE
    state = replace(state, again=error.retry_at or way.now() + pause, trouble=error.sentence)
    return state, Page(cursor=state.cursor(), done=True, warnings=[error.sentence])


def _not_allowed(way: Way, walk: Walk, error: SourceError) -> tuple[State, Page]:
    """Search without login: what was not reached is a hole once the first page was there (atproto#3583)."""
    state = _finished(way, walk, timedelta(days=1))
    holes = [Hole(walk.floor, walk.reached, error.sentence)] if walk.reached and walk.reached > walk.floor else []
    return state, Page(cursor=state.cursor(), done=True, holes=holes, warnings=[error.sentence])


def _finished(way: Way, walk: Walk, pause: timedelta) -> State:
    return State(covered=walk.top, again=way.now() + pause)


def _page(way: Way, state: State, views: Sequence[Json], floor: datetime, names: Mapping[str, str]) -> Page:
    records: list[Record] = []
    broken: list[Broken] = []
    for view in views:
        try:
            record = read_view(view, way.now(), names)
        except Unreadable as error:
            broken.append(Broken(view, f"A post could not be read: {error}."))
            continue
        if sort_time(view, record.published_at) >= floor:
            records.append(record)
    newest = max((record.published_at for record in records), default=None)
    return Page(records=records, broken=broken, cursor=state.cursor(), newest=newest, done=state.walk is None)


def sort_time(view: Json, default: datetime) -> datetime:
    """The time that the AppView sorts and filters by: the earlier of what the author says and what it saw itself."""
    record = view.get("record")
    told = read_time(record.get("createdAt")) if isinstance(record, dict) else None
    seen = read_time(view.get("indexedAt"))
    return min((moment for moment in (told, seen) if moment), default=default)


def _stored_walk(value: object) -> Walk | None:
    match value:
        case {"top": top, "floor": floor, "until": until, "page": str() | None as page, "read": int(read), **rest}:
            ends = read_time(top), read_time(floor), read_time(until)
            if ends[0] and ends[1] and ends[2]:
                return Walk(ends[0], ends[1], ends[2], page, read, read_time(rest.get("reached")))
    return None


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
