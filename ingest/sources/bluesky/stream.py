"""Stream: Jetstream from a cursor until the caller's time is over, as small pages of what is wanted.

A page is handed over as soon as the line is quiet or its oldest post has waited a moment, so that a quiet stream is
stored at once and one that is far behind in large batches. The server replays inclusively and at least once: what
lies at or before the cursor is dropped here, the rest is left to unique keys.
"""

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from ingest.sources.base import Broken, Cursor, Hole, Page, SourceError
from ingest.sources.bluesky.batch import Batch
from ingest.sources.bluesky.frames import BadFrame, ErrorFrame, Event, decode
from ingest.sources.bluesky.place import Place
from ingest.sources.bluesky.profiles import Profiles
from ingest.sources.bluesky.tail import Frames, Lost, Refused, Tail, TooOld, is_version_1
from ingest.sources.bluesky.trouble import interrupted, refused
from listening.http import ForbiddenAddress

LOOK_BACK = timedelta(hours=36)
BEHIND = timedelta(minutes=1)
QUIET = 0.03
IDLE = 0.25


@dataclass(frozen=True, slots=True)
class Listening:
    """What is listened for, as plain values and functions.

    `wants` picks posts; `names` maps the DIDs of own accounts to handles; `replay` is how far to go back at the first
    start; `extra` travels in the cursor; `searchable` says that somebody is logged in who can search.
    """

    url: str
    wants: Callable[[Event], bool]
    profiles: Profiles
    now: Callable[[], datetime]
    out_of_time: Callable[[], bool]
    names: Mapping[str, str] = field(default_factory=dict)
    replay: timedelta = timedelta(0)
    searchable: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)


def drain(listening: Listening, cursor: Cursor | None) -> Iterator[Page]:
    """Pages until out of time, or until the server closes. Raises SourceError after the pages that were read."""
    return _Reader(listening, Place.stored(cursor)).pages()


class _Reader:
    def __init__(self, listening: Listening, stored: Place | None) -> None:
        self._listening = listening
        beginning = Place.beginning(listening.url, listening.now() - listening.replay)
        self._place = (stored or beginning).on(listening.url)
        self._resumed = stored is not None
        self._missing_from = self._silently_missing() if stored else None
        self._holes: list[Hole] = []
        self._warnings: list[str] = []
        self._batch = Batch()
        self._newest: datetime | None = None
        self._moved = False

    def pages(self) -> Iterator[Page]:
        """Reconnects only after progress: a server that closes at once is an error, not a loop."""
        progress = True
        while progress:
            trouble = yield from self._connection()
            if trouble is None:
                break
            if self._batch.frames:
                yield self._page()
            progress, self._moved = self._moved, False
            if not progress:
                raise trouble
        yield self._final()

    def _connection(self) -> Generator[Page, None, SourceError | None]:
        """Reads one connection to its end; returns None when out of time, else what went wrong."""
        try:
            with Tail(self._listening.url, self._place.start).connected() as frames:
                yield from self._read(frames)
        except TooOld as error:
            return self._too_old(error)
        except (Refused, ForbiddenAddress) as error:
            raise refused(self._listening.url, error) from error
        except Lost as error:
            return self._error("closed the connection", "network", error)
        except ErrorFrame as error:
            return self._error("ended the stream", "server", error)
        return None

    def _read(self, frames: Frames) -> Iterator[Page]:
        while not self._listening.out_of_time():
            frame = None
            try:
                frame = frames.next(QUIET if self._batch.posts else IDLE)
                if frame is not None:
                    self._take(decode(frame))
            except BadFrame as error:
                reason = f"Jetstream sent a frame that cannot be read: {error}."
                self._batch.broken.append(Broken(str(frame)[:2000], reason))
            if self._batch.ready(quiet=frame is None, behind=self._behind()):
                yield self._page()

    def _take(self, event: Event) -> None:
        if event.kind == "info":
            self._informed(event)
            return
        if self._seen(event):
            return
        self._close_hole(event)
        self._notice_new_name(event)
        self._batch.frames += 1
        self._batch.add(event, self._listening.wants)
        self._place, self._moved = self._place.after(event), True
        self._newest = event.at or self._newest

    def _seen(self, event: Event) -> bool:
        """Only a seq is unique; two v1 events may share a microsecond, so that those are all read again."""
        position = self._place.position
        return event.seq is not None and position is not None and event.seq <= position

    def _page(self, done: bool = False) -> Page:
        batch, self._batch = self._batch, Batch()
        profiles = self._listening.profiles.of({event.did for event in batch.posts.values()}, self._listening.now())
        records = batch.records(profiles, self._listening.names)
        holes, self._holes = self._holes, []
        warnings, self._warnings = self._warnings, []
        return Page(
            records=records,
            deletions=batch.deletions,
            broken=batch.broken,
            cursor={**self._listening.extra, **self._place.cursor()},
            holes=holes,
            warnings=warnings,
            newest=self._newest,
            done=done,
        )

    def _behind(self) -> bool:
        return self._newest is not None and self._listening.now() - self._newest > BEHIND

    def _final(self) -> Page:
        if self._listening.profiles.trouble:
            self._warnings.append(
                "Some authors' profiles could not be read, so their posts stay out of letters and exports: "
                + self._listening.profiles.trouble
            )
        return self._page(done=not self._behind())

    def _too_old(self, error: TooOld) -> SourceError:
        """Start again by time, which a server clamps to the oldest event that it still holds."""
        self._moved = self._place.position is not None
        self._missing_from = self._place.at
        self._place = self._place.by_time()
        return self._error("no longer holds events from where Earshot stopped", "server", error)

    def _silently_missing(self) -> datetime | None:
        """A v1 server says nothing when the cursor lies before all that it holds."""
        old = self._listening.now() - self._place.at > LOOK_BACK
        return self._place.at if old and is_version_1(self._listening.url) else None

    def _informed(self, event: Event) -> None:
        if event.body.get("name") == "OutdatedCursor" and self._resumed:
            self._missing_from = self._missing_from or self._place.at

    def _close_hole(self, event: Event) -> None:
        if self._missing_from is None or event.at is None:
            return
        start, self._missing_from = self._missing_from, None
        if event.at <= start:
            return
        remedy = (
            "Search fills in what it finds; deletions of that time are not known."
            if self._listening.searchable
            else "Add an account and an app password, and search will fill in what it finds next time."
        )
        self._holes.append(
            Hole(start, event.at, f"Bluesky's stream keeps about 36 hours, and Earshot was away longer. {remedy}")
        )

    def _notice_new_name(self, event: Event) -> None:
        if event.kind not in ("identity", "account"):
            return
        self._listening.profiles.forget(event.did)
        known, told = self._listening.names.get(event.did), event.body.get("handle")
        if known and isinstance(told, str) and known not in (told.lower(), event.did):
            self._warnings.append(f"@{known} is now @{told} on Bluesky. Change the handle in the brand's settings.")

    def _error(self, what: str, code: str, cause: Exception) -> SourceError:
        return interrupted(self._listening.url, what, code, cause)


def newest_event(url: str, seconds: float) -> datetime | None:
    """When the newest event of a live stream happened; None where none came in time. Raises SourceError."""
    until = monotonic() + seconds
    try:
        with Tail(url, None).connected() as frames:
            while (left := until - monotonic()) > 0:
                frame = frames.next(left)
                if frame is not None and (moment := decode(frame).at):
                    return moment
    except (Refused, ForbiddenAddress) as error:
        raise refused(url, error) from error
    except (Lost, ErrorFrame, TooOld, BadFrame) as error:
        raise interrupted(url, "ended the stream at once", "server", error) from error
    return None
