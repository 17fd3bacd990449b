"""Feeds as a source: asked politely, followed when they move, left alone when they say so."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

from ingest.door import as_source_error, told_as_source_error
from ingest.record import Record
from ingest.sources.base import (
    Check,
    Config,
    Cursor,
    Field,
    Hole,
    Page,
    Policy,
    Source,
    SourceError,
    Target,
    Tracked,
)
from ingest.sources.rss.document import read
from ingest.sources.rss.parsed import Feed, NotAFeed
from ingest.sources.rss.place import Place, remembered
from ingest.sources.rss.records import of_feed, oldest
from listening.http import Answer, Door, ForbiddenAddress, NetworkError, shown
from listening.query import parse

LARGEST = 5_000_000
SHORT = 5  # a feed of fewer entries is replaced whole all the time
ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"


def _check_feeds(value: Any) -> None:
    lines = value if isinstance(value, list | tuple) else str(value).splitlines()
    for line in lines:
        if line.strip() and not line.strip().lower().startswith(("http://", "https://")):
            raise ValueError(f"{line.strip()} is no address. Write one a line, each with https:// at its start.")


class Rss(Source):
    kind = "rss"
    label = "Feeds"
    network = "web"
    summary = "News, blogs, forums and Google Alerts through RSS, Atom or JSON feeds. Needs no account."
    needs_account = False
    every = timedelta(minutes=15)
    fields: ClassVar[tuple[Field, ...]] = (
        Field(
            "feeds",
            "Addresses of the feeds",
            "list",
            required=True,
            help="One a line. For Google Alerts, choose delivery to “RSS feed” and paste its address.",
            check=_check_feeds,
        ),
    )
    policy = Policy(
        reply_to=(),
        sweep_days=None,
        note="An entry that leaves its feed is not deleted: feeds only show what is new.",
    )

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.door = Door(max_bytes=LARGEST, total=30, now=config.now, headers={"accept": ACCEPT})

    @property
    def feeds(self) -> list[str]:
        told = self.config.settings.get("feeds") or ()
        lines = told.splitlines() if isinstance(told, str) else told
        return list(dict.fromkeys(line.strip() for line in lines if line.strip()))

    def targets(self, tracked: Sequence[Tracked]) -> list[Target]:
        """One per feed; whom an entry is about is the matcher's business. Raises SourceError where none is named."""
        if not self.feeds:
            raise SourceError("No feed is named yet. Paste the address of one.", code="settings")
        return [_target(url) for url in self.feeds]

    def poll(self, target: Target, cursor: Cursor | None) -> Iterator[Page]:
        """One page: a feed has no more than it shows."""
        url, place, now = str(target.params["url"]), remembered(cursor), self.config.now()
        if place.gone and not self._alone:
            yield Page(cursor=place.as_cursor(), done=True, warnings=[_gone(url)])
        elif place.not_before and now < place.not_before:
            yield self._page(place, url)
        else:
            yield self._read(url, place, now)

    def check(self) -> Check:
        """Reads every feed, at most twenty."""
        details: dict[str, str] = {}
        failed = ""
        for url in self.feeds[:20]:
            try:
                details[shown(url)] = _described(self._feed(url, self._get(url, Place())))
            except (NetworkError, ForbiddenAddress, NotAFeed) as error:
                details[shown(url)] = _sentence(url, error)
                failed = failed or details[shown(url)]
        if not self.feeds:
            return Check(False, "No feed is named yet. Paste the address of one.")
        return Check(not failed, failed or f"{len(details)} of {len(self.feeds)} feeds answer.", details)

    def preview(self, query: str, limit: int = 50) -> Iterable[Record]:
        """What the feeds show now; the matcher chooses. Raises QueryError, SourceError."""
        parse(query)
        for url in self.feeds:
            with told_as_source_error():
                feed = self._feed(url, self._get(url, Place()))
            yield from of_feed(feed, url, {}, self.config.now())[0][:limit]

    @property
    def _alone(self) -> bool:
        """The only feed may stop the source; one of many only warns, so that the others go on."""
        return len(self.feeds) <= 1

    def _page(self, place: Place, url: str, **more: Any) -> Page:
        """A page at this place. Only the single feed of a source may ask to put off the whole source."""
        warnings = [*more.pop("warnings", ()), *([_moved(url, place.url)] if place.url else [])]
        retry_at = place.not_before if self._alone else None
        return Page(cursor=place.as_cursor(), done=True, warnings=warnings, retry_at=retry_at, **more)

    def _read(self, url: str, place: Place, now: datetime) -> Page:
        try:
            answer = self._get(url, place)
        except ForbiddenAddress as error:
            raise SourceError(_sentence(url, error), code="settings", permanent=self._alone) from error
        except NetworkError as error:
            return self._failed(url, place, error)
        if answer.status == 304:
            return self._page(_resting(replace(place, read_at=now), url, now), url)
        try:
            feed = self._feed(url, answer)
        except NotAFeed as error:
            raise SourceError(_sentence(url, error), code="schema", raw=answer.text) from error
        return self._filled(url, place, answer, feed, now)

    def _filled(self, url: str, place: Place, answer: Answer, feed: Feed, now: datetime) -> Page:
        records, seen = of_feed(feed, url, place.known, now)
        after = replace(
            place,
            url=_address(url, answer.moved_to or place.url),
            etag=answer.headers.get("etag"),
            modified=answer.headers.get("last-modified"),
            pause=int(feed.pause.total_seconds()) if feed.pause else None,
            read_at=now,
            gone=False,
        )
        newest = max((record.published_at for record in records if record.published_at <= now), default=None)
        holes = _holes(place, seen.keys(), records)
        return self._page(_resting(after.remembering(seen), url, now), url, records=records, newest=newest, holes=holes)

    def _failed(self, url: str, place: Place, error: NetworkError) -> Page:
        """One of many feeds that asks for patience or is gone is a warning; everything else is an error."""
        told = as_source_error(error)
        told.sentence = _sentence(url, error)
        told.permanent = error.status == 410 and self._alone
        if place.url and error.code in ("not_found", "network"):
            # The new address fails: ask the old one again next time, it may know a newer one.
            return self._page(replace(place, url=None, etag=None, modified=None), url, warnings=[told.sentence])
        if self._alone or (error.status != 410 and error.retry_at is None):
            raise told from error
        if error.status == 410:
            return Page(cursor=replace(place, gone=True).as_cursor(), done=True, warnings=[_gone(url)])
        return self._page(replace(place, not_before=error.retry_at), url, warnings=[told.sentence])

    def _get(self, url: str, place: Place) -> Answer:
        """Raises NetworkError for everything but a feed's answer and 304."""
        answer = self.door.get(place.url or url, headers=place.conditions())
        return answer if answer.status == 304 and place.conditions() else answer.expect()

    def _feed(self, url: str, answer: Answer) -> Feed:
        return read(answer.content, answer.headers, answer.url)


def _target(url: str) -> Target:
    digest = hashlib.sha256(url.encode()).hexdigest()[:20]
    return Target(f"feed:{digest}", shown(url), params={"url": url})


def _resting(place: Place, url: str, now: datetime) -> Place:
    """The place with the time before which the publisher wants no further question.

    Up to a tenth later, always the same for one feed, so that the feeds of one publisher don't come all at once.
    """
    share = int(hashlib.sha256(url.encode()).hexdigest()[:4], 16) / 0xFFFF
    return replace(place, not_before=now + timedelta(seconds=place.pause * (1 + share / 10)) if place.pause else None)


def _address(url: str, target: str | None) -> str | None:
    """Where to read from now on, None where that is what the admin typed."""
    return target if target != url else None


def _holes(place: Place, seen: Iterable[str], records: Sequence[Record]) -> list[Hole]:
    """Where a feed shows nothing that it showed last time, entries between may have come and gone unseen."""
    first = oldest(records) if len(records) >= SHORT else None
    if not place.known or not place.read_at or not first or first <= place.read_at or set(seen) & set(place.known):
        return []
    return [Hole(place.read_at, first, "The feed was replaced whole between two readings, so entries may be missing.")]


def _described(feed: Feed) -> str:
    times = [entry.published for entry in feed.entries if entry.published]
    newest = f", newest {max(times):%Y-%m-%d %H:%M} UTC" if times else ""
    return f"{feed.title or 'Without a title'}: {len(feed.entries)} entries{newest}"


def _sentence(url: str, error: NetworkError | ForbiddenAddress | NotAFeed) -> str:
    if isinstance(error, NotAFeed):
        return f"{shown(url)} {error.sentence}"
    if isinstance(error, NetworkError) and error.status in (401, 403):
        return f"{shown(url)} refuses to be read ({error.status}). Open it in a browser; it may need a subscription."
    return _gone(url) if isinstance(error, NetworkError) and error.status == 410 else error.sentence


def _moved(url: str, target: str | None) -> str:
    return f"{shown(url)} has moved for good to {shown(target or '')}, where it is read now. Change its address."


def _gone(url: str) -> str:
    return f"{shown(url)} is gone for good, says its publisher (410), and is not asked again. Remove it from the list."
