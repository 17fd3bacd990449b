"""YouTube as a source: comments on channels and on followed videos, within the units that a day allows."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar

from ingest.record import Record
from ingest.sources.base import (
    Budget,
    Check,
    Config,
    Cursor,
    Field,
    Outgoing,
    Page,
    Policy,
    Sent,
    Shown,
    Source,
    SourceError,
    Status,
    Target,
    Tracked,
)
from ingest.sources.youtube.answering import Writer
from ingest.sources.youtube.client import KEYS
from ingest.sources.youtube.failures import PACIFIC
from ingest.sources.youtube.following import Following, Wanted
from ingest.sources.youtube.form import (
    FIELDS,
    MOST_VIDEOS,
    POLICY,
    SEARCHES,
    UNITS,
    is_on,
    lines_of,
    number,
    video_id,
)
from ingest.sources.youtube.gone import statuses
from ingest.sources.youtube.places import read_place
from ingest.sources.youtube.reader import AT_ONCE, Reader
from ingest.sources.youtube.resources import UNREADABLE, of_video
from ingest.sources.youtube.threads import again, walk
from listening.handles import id_of, normal
from listening.query import Matcher, Query, QueryError, parse
from listening.query.coarse.youtube import coarse

logger = logging.getLogger(__name__)


class YouTube(Source):
    kind = "youtube"
    label = "YouTube"
    network = "youtube"
    summary = "Comments on your channel and on videos that your queries find; titles and descriptions of videos."
    every = timedelta(minutes=10)
    budget_unit = "units"
    budget_zone = PACIFIC
    shows_profiles = True
    finds_accounts = True
    remembers = True
    leaves_out = True
    writes = True
    write_needs = KEYS
    policy: ClassVar[Policy] = POLICY
    fields: ClassVar[tuple[Field, ...]] = FIELDS

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._reader = Reader(config)
        self._writer = Writer(config)
        self._own: dict[str, str | None] = {}
        self._names: list[str] = []
        self._queries: dict[int, Query] = {}

    @classmethod
    def budget(cls, settings: Mapping[str, Any]) -> Budget:
        return Budget(daily=number(settings, "daily_units", UNITS), zone=cls.budget_zone)

    @property
    def spent(self) -> int:  # type: ignore[override]
        return self._reader.spent + self._writer.spent

    def reply(self, answer: Outgoing) -> Sent:
        return self._writer.reply(answer)

    def find_reply(self, answer: Outgoing, since: Any) -> Sent | None:
        return self._writer.find(answer, since)

    def hydrate(self, ids: Sequence[str]) -> Iterator[Status]:
        return statuses(self._reader, ids, self.stored)

    def targets(self, tracked: Sequence[Tracked]) -> list[Target]:
        """Channels first, the brands' own before others: whose they are decides what the rest means.

        Raises SourceError when there are brands, but nothing to read: that must not look like silence.
        """
        self._queries = {one.id: query for brand in tracked for one in brand.queries if (query := _parsed(one.text))}
        self._names = [own.handle for brand in tracked for own in brand.handles if own.network == "youtube"]
        found = {target.key: target for target in self._channels(tracked)}
        if self._words() or self._listed():
            found["videos"] = Target("videos", "Videos that were found or named, with their comments")
        if tracked and not found:
            raise SourceError(
                "There is nothing to read on YouTube: no channel or video is named, and no query can be searched for. "
                "Name your channel in the settings of the brand, or add a query with a word.",
                code="settings",
            )
        return list(found.values())

    def poll(self, target: Target, cursor: Cursor | None) -> Iterator[Page]:
        if "channel" in target.params:
            return self._channel(str(target.params["channel"]), bool(target.params["own"]), cursor)
        return Following(self._reader, self._wanted(), self._own, cursor).pages()

    def check(self) -> Check:
        """Asks for what is named, and who signs where answers may be sent."""
        details: dict[str, str] = {}
        try:
            for name in self._others():
                told = self._reader.channel(name)
                details[f"Channel {name}"] = str(told["snippet"]["title"]) if told else "not there"
            listed = self._listed()
            parts = (listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE))
            there = {str(one["id"]): one for part in parts for one in self._reader.videos(part)}
            details |= {one: str(there[one]["snippet"]["title"]) if one in there else "not there" for one in listed}
            if not details:
                self._reader.anything()
            if self.may_write(self.config.settings, self.config.credentials):
                me = self._writer.account()
                details["Answers as"] = f"{me['title']} (@{me['handle']})"
        except SourceError as error:
            return Check(False, error.sentence, {"code": error.code})
        except UNREADABLE:
            return Check(False, "The address answers, but not as YouTube does. Check the API address.")
        missing = [name for name, told in details.items() if told == "not there"]
        if missing:
            return Check(False, f"YouTube accepts the key, but does not know {missing[0]}. Correct it.", details)
        return Check(True, "YouTube accepts the key.", details)

    def forecast(self, query: str) -> str:
        """What a query costs here is told without asking: searches are few, and a preview would use one up."""
        told = coarse(parse(query))
        if not told.searches:
            return " ".join(told.notes) or "No video of YouTube can match this query."
        daily = number(self.config.settings, "daily_searches", SEARCHES)
        return f"Looked for among new videos, in turn with your other queries: {daily} searches a day in all. " + (
            " ".join(told.notes)
        )

    def parse_again(self, raw: Any) -> list[Record]:
        return [of_video(raw["video"], {}) if "video" in raw else again(raw, {})]

    def shown(self, handle: str) -> Shown | None:
        """What a channel says about itself (channels.list, snippet.description)."""
        told = self._reader.channel(handle)
        if told is None:
            return None
        return Shown(str(told["id"]), (str(told["snippet"].get("description") or ""),))

    def _channels(self, tracked: Sequence[Tracked]) -> Iterator[Target]:
        brands: dict[str, set[int]] = {}
        for brand in tracked:
            for own in brand.handles:
                if own.network == "youtube":
                    brands.setdefault(own.handle, set()).add(brand.brand_id)
        for name, whose in brands.items():
            only = next(iter(whose)) if len(whose) == 1 else None
            yield Target(f"channel:{name}", f"Comments on the channel {name}", only, {"channel": name, "own": True})
        for name in self._others():
            if name not in brands:
                params = {"channel": name, "own": False}
                yield Target(f"channel:{name}", f"Comments on the channel {name}", None, params)

    def _channel(self, name: str, own: bool, cursor: Cursor | None) -> Iterator[Page]:
        told = dict(cursor or {})
        channel = told.get("id") or self._channel_id(name)
        if own:
            self._own[channel] = None if id_of("youtube", name) else name
        place = read_place(told, self.config.now() - self._first())
        if place.rest and self.config.now() < place.rest:
            yield Page(cursor=told, done=True, warnings=[place.why])
            return
        where = {"allThreadsRelatedToChannelId": channel}
        for there, heard in walk(self._reader, where, place, f"Channel {name}", self._own, channel):
            yield Page(
                records=heard.records,
                broken=heard.broken,
                cursor={"id": channel, **there.as_cursor()},
                done=there.token is None,
                spent=self._reader.untold(),
                warnings=heard.warnings,
                newest=heard.newest,
            )
            if self.config.out_of_time():
                return

    def _channel_id(self, name: str) -> str:
        if known := id_of("youtube", name):
            return known
        told = self._reader.channel(name)
        if told is None:
            raise SourceError(f"YouTube knows no channel @{name}. Check the handle.", code="not_found")
        return str(told["id"])

    def _wanted(self) -> Wanted:
        settings = self.config.settings
        return Wanted(
            words=self._words(),
            listed=self._listed(),
            may_match=self._may_match(),
            most=number(settings, "most_videos", MOST_VIDEOS),
            daily=number(settings, "daily_searches", SEARCHES),
            first=self._first(),
        )

    def _may_match(self) -> Any:
        """Whether a video is worth following: it may match a query, or names one of the brands' channels."""
        matcher, names = Matcher(self._queries), [f"@{name.lower()}" for name in self._names]

        def may(record: Record) -> bool:
            text = f"{record.title}\n{record.text}"
            return bool(matcher.candidates(text)) or any(name in text.lower() for name in names)

        return may

    def _words(self) -> list[str]:
        """What to search for, of all brands."""
        if not is_on(self.config.settings.get("search", True)):
            return []
        return sorted({words for query in self._queries.values() for words in coarse(query).searches})

    def _listed(self) -> list[str]:
        found = (video_id(line) for line in lines_of(self.config.settings, "videos"))
        return list(dict.fromkeys(one for one in found if one))

    def _others(self) -> list[str]:
        return list(dict.fromkeys(normal("youtube", line) for line in lines_of(self.config.settings, "channels")))

    def _first(self) -> timedelta:
        return timedelta(days=number(self.config.settings, "back_fill_days", 7))


def _parsed(text: str) -> Query | None:
    try:
        return parse(text)
    except QueryError as error:
        logger.warning("a query is not searched for on YouTube: %s", error.sentence)
        return None
