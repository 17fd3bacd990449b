"""Following: videos that searches find or an admin names become known, and what is said below them is read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from ingest.record import Record
from ingest.sources.base import Broken, Page, SourceError, next_day
from ingest.sources.youtube.failures import LOST_PLACE, PACIFIC, Refused
from ingest.sources.youtube.places import Place, read_place
from ingest.sources.youtube.reader import AT_ONCE, Reader
from ingest.sources.youtube.resources import UNREADABLE, Own, of_video
from ingest.sources.youtube.searches import Search, Searches
from ingest.sources.youtube.threads import GONE, GONE_FOR, ODD_FOR, Heard, walk

NO_MORE = "YouTube allows no more searches today; comments are read on, and searching goes on tomorrow."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to follow: `words` to search for, videos that are `listed`, which found ones to keep (`may_match`, `most`),
    and how far back to look at the start."""

    words: Sequence[str]
    listed: Sequence[str]
    may_match: Callable[[Record], bool]
    most: int
    daily: int
    first: timedelta


@dataclass(frozen=True, slots=True)
class Known:
    """A video: when it was put up, on whose channel, and how far its comments were read."""

    born: datetime
    channel: str
    place: Place

    @property
    def last(self) -> datetime:
        """When something was said there last."""
        return max(self.born, self.place.newest or self.born)


class Following:
    """One poll. Every page holds the whole state, so that it may be killed after any."""

    def __init__(self, reader: Reader, wanted: Wanted, own: Own, cursor: Mapping[str, Any] | None) -> None:
        self._reader, self._wanted, self._own = reader, wanted, own
        self._now = reader.config.now()
        told = cursor or {}
        self._searches = Searches(told.get("searches"), wanted.daily)
        self._searches.keep(wanted.words)
        self._videos = {number: self._known(one) for number, one in (told.get("videos") or {}).items()}

    def pages(self) -> Iterator[Page]:
        yield from self._search()
        yield from self._look_at_listed()
        self._trim()
        yield from self._comments()
        if not self._reader.config.out_of_time():
            yield self._page(Heard(warnings=self._resting()), done=True)

    def _search(self) -> Iterator[Page]:
        """As many as may be asked now. A refusal for the day stops searching, and nothing else; one of these words
        alone lets the other words have their turn."""
        while not self._reader.config.out_of_time():
            search = self._searches.next(self._wanted.words, self._now, self._wanted.first)
            if search is None:
                return
            try:
                ids, token = self._found(search)
            except Refused as error:
                if error.code == "quota":
                    self._searches.rest = next_day(self._now, PACIFIC)
                    yield self._page(Heard(warnings=[NO_MORE]))
                    return
                if error.permanent or error.retry_at:
                    raise
                self._searches.leave(search, self._now)
                yield self._page(Heard(warnings=[f"The search for {search.words[:80]} rests: {error.sentence}"]))
                continue
            self._searches.done(search, token, self._now)
            yield self._page(self._look_at(ids))

    def _found(self, search: Search) -> tuple[list[str], str | None]:
        try:
            return self._reader.search(search.words, search.after, search.before, search.token)
        except Refused as error:
            if search.token is None or not (error.status == 400 or error.says(*LOST_PLACE)):
                raise
            self._searches.forget_place(search)
            return self._reader.search(search.words, search.after, search.before, None)

    def _look_at_listed(self) -> Iterator[Page]:
        """Videos that were named and are not known yet, or rest because they were not there, or are the brand's own."""
        fresh = [one for one in self._wanted.listed if one not in self._videos or self._is_missing(one)]
        for start in range(0, len(fresh), AT_ONCE):
            part = fresh[start : start + AT_ONCE]
            heard = self._look_at(part)
            own = {record.external_id for record in heard.records}
            for number in part:
                if number not in self._videos or self._is_missing(number):
                    why = "" if number in own else f"Video {number}: it is not there, or is private."
                    place = Place(self._now).resting(self._now + GONE_FOR, why, self._now)
                    self._videos[number] = Known(self._now, "", place)
            yield self._page(heard)

    def _is_missing(self, number: str) -> bool:
        known = self._videos[number]
        return not known.channel and known.place.rest is not None and known.place.rest <= self._now

    def _look_at(self, ids: Sequence[str]) -> Heard:
        """Read these videos, and begin to follow those that are not the brand's own: their channel is read anyway."""
        heard = Heard()
        for item in self._reader.videos(ids) if ids else ():
            try:
                record = of_video(item, self._own)
            except UNREADABLE as error:
                heard.broken.append(Broken({"video": item}, f"YouTube told this video in an unknown way: {error!r}"))
                continue
            heard.records.append(record)
            heard.newest = max(filter(None, (heard.newest, record.published_at)))
            self._follow(record)
        return heard

    def _follow(self, record: Record) -> None:
        number, channel = record.external_id, record.author.id if record.author else ""
        listed = number in self._wanted.listed
        known = self._videos.get(number)
        if (known and known.channel) or channel in self._own or not (listed or self._wanted.may_match(record)):
            return
        self._videos[number] = Known(record.published_at, channel, Place(self._now - self._wanted.first))

    def _trim(self) -> None:
        """No more than are wanted: the quietest go, and those that were taken off the list."""
        found = [number for number in self._videos if number not in self._wanted.listed]
        found.sort(key=lambda number: self._videos[number].last, reverse=True)
        for number in found[self._wanted.most :]:
            del self._videos[number]

    def _comments(self) -> Iterator[Page]:
        """Videos that are due, those that wait longest first."""
        due = {number: known.place.due(known.born) for number, known in self._videos.items() if known.channel}
        for number in sorted((one for one in due if due[one] <= self._now), key=lambda one: due[one]):
            if self._reader.config.out_of_time():
                return
            yield from self._comments_of(number, self._videos[number])

    def _comments_of(self, number: str, known: Known) -> Iterator[Page]:
        pages = walk(self._reader, {"videoId": number}, known.place, f"Video {number}", self._own, known.channel)
        try:
            for place, heard in pages:
                self._videos[number] = replace(known, place=place)
                if place.rest and place.why.endswith(GONE) and number not in self._wanted.listed:
                    del self._videos[number]
                    heard.warnings.clear()
                yield self._page(heard)
                if self._reader.config.out_of_time():
                    return
        except SourceError as error:
            if not (error.permanent or error.retry_at):
                yield self._behind(number)
            raise

    def _behind(self, number: str) -> Page:
        """A video whose comments could not be read: the others come first at the next pull."""
        known = self._videos[number]
        self._videos[number] = replace(known, place=replace(known.place, rest=self._now + ODD_FOR))
        return self._page(Heard())

    def _resting(self) -> list[str]:
        """Why videos that somebody named are not read: said at each pull, for else they would look silent."""
        named = [self._videos[one].place for one in self._wanted.listed if one in self._videos]
        return [place.why for place in named if place.rest and place.why]

    def _page(self, heard: Heard, done: bool = False) -> Page:
        return Page(
            records=heard.records,
            broken=heard.broken,
            cursor=self._cursor(),
            done=done,
            spent=self._reader.untold(),
            warnings=heard.warnings,
            newest=heard.newest,
        )

    def _cursor(self) -> dict[str, Any]:
        videos = {
            number: {"born": known.born.isoformat(), "channel": known.channel, **known.place.as_cursor()}
            for number, known in self._videos.items()
        }
        return {"searches": self._searches.as_cursor(), "videos": videos}

    def _known(self, told: Mapping[str, Any]) -> Known:
        return Known(datetime.fromisoformat(told["born"]), told["channel"], read_place(told, self._now))
