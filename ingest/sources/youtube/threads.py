"""Threads: the comments below one video or one channel, page by page, with their replies."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from ingest.record import Record
from ingest.sources.base import Broken
from ingest.sources.youtube.failures import CLOSED, LOST_PLACE, Refused, schema
from ingest.sources.youtube.places import Place
from ingest.sources.youtube.reader import Listing, Reader
from ingest.sources.youtube.resources import UNREADABLE, Own, Stands, Told, of_comment, stands, writer

CLOSED_FOR = timedelta(days=7)
GONE_FOR = timedelta(days=1)
ODD_FOR = timedelta(hours=1)
MOST_EMPTY = 3
"""Pages in a row that may hold nothing: YouTube takes out what it does not show after it has made the page."""
GONE = "it is not there any more."


@dataclass(slots=True)
class Heard:
    """What one page held. `oldest` and `newest` are times of comments, `counted` as in `Place`."""

    records: list[Record] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    newest: datetime | None = None
    oldest: datetime | None = None
    counted: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def walk(
    reader: Reader, where: Mapping[str, str], place: Place, name: str, own: Own, channel: str | None
) -> Iterator[tuple[Place, Heard]]:
    """Pages from the newest down, each with the place that it leads to; the last one has no token.

    `where` as `Reader.threads` takes it, `name` for warnings, `channel` whose page it is. A refusal of this place alone
    makes it rest, so that it never stands before others; all other refusals are raised.
    """
    now, resumed, empty = reader.config.now(), place.token is not None, 0
    while True:
        try:
            listing = _asked(reader, where, place, resumed)
        except Refused as error:
            rest = _rest(error)
            if rest is None:
                raise
            told = f"{name}: {_why(error)}"
            yield place.resting(now + rest, told, now), Heard(warnings=[told] if place.why != told else [])
            return
        heard = hear(reader, listing, place, own, channel)
        empty = 0 if heard.oldest else empty + 1
        far = empty >= MOST_EMPTY or (heard.oldest is not None and heard.oldest <= place.floor)
        done = listing.token is None or far
        place = place.below(heard.newest, listing.token, heard.counted)
        place = place.arrived(now) if done else place
        yield place, heard
        if done:
            return
        resumed = False


def _rest(error: Refused) -> timedelta | None:
    """How long to leave a place alone, None where the refusal is not of this place alone."""
    if error.says(CLOSED):
        return CLOSED_FOR
    if error.permanent or error.retry_at:
        return None
    return {400: ODD_FOR, 403: GONE_FOR, 404: GONE_FOR}.get(error.status)


def _why(error: Refused) -> str:
    if error.says(CLOSED):
        return "comments are switched off."
    return GONE if error.status == 404 else f"YouTube refuses it ({error.words})."


def hear(reader: Reader, listing: Listing, place: Place, own: Own, channel: str | None) -> Heard:
    """Sort out a page. Raises SourceError where not one comment can be read: then the format has changed."""
    heard = Heard()
    for thread in listing.items:
        try:
            first = thread["snippet"]["topLevelComment"]
            published = datetime.fromisoformat(first["snippet"]["publishedAt"])
            video = thread["snippet"].get("videoId") or first["snippet"].get("videoId")
            page = thread["snippet"].get("channelId") or channel
            above, replies = writer(first), int(thread["snippet"].get("totalReplyCount") or 0)
        except UNREADABLE as error:
            heard.broken.append(Broken({"item": thread}, f"YouTube told this in an unknown way: {error!r}"))
            continue
        heard.newest = max(filter(None, (heard.newest, published)))
        heard.oldest = min(filter(None, (heard.oldest, published)))
        below = Stands(video, page if page in own else None, above if above in own else None)
        _take(heard, first, replace(below, above=None), own, place, replies)
        for reply in _replies(reader, thread, replies, place, heard):
            _take(heard, reply, below, own, place)
    if heard.broken and not heard.records and len(heard.broken) >= len(listing.items):
        raise schema("YouTube told comments in an unknown way", str(heard.broken[0].raw))
    return heard


def again(raw: Any, own: Own) -> Record:
    """A comment that was set aside, read once more. Raises as `of_comment` does."""
    item = raw["item"]
    return of_comment(item.get("snippet", {}).get("topLevelComment") or item, stands(raw.get("where") or {}), own)


def _asked(reader: Reader, where: Mapping[str, str], place: Place, resumed: bool) -> Listing:
    try:
        return reader.threads(where, place.token)
    except Refused as error:
        if not resumed or not (error.status == 400 or error.says(*LOST_PLACE)):
            raise
        return reader.threads(where, None)  # a lost token: from the top again, which stores nothing twice


def _replies(reader: Reader, thread: Told, replies: int, place: Place, heard: Heard) -> Iterator[Told]:
    """Those that came along; all of them, where more were written since we asked last and YouTube shows them."""
    shown = list((thread.get("replies") or {}).get("comments") or ())
    number = str(thread.get("id") or thread["snippet"]["topLevelComment"]["id"])
    if replies <= len(shown):
        yield from shown
        return
    heard.counted[number] = replies
    if place.counted.get(number) == replies:
        yield from shown
        return
    try:
        yield from reader.replies(number)
    except Refused as error:
        if _rest(error) is None:
            raise
        yield from shown  # the comment went meanwhile, or nobody may read on below it


def _take(heard: Heard, item: Told, where: Stands, own: Own, place: Place, replies: int | None = None) -> None:
    try:
        record = of_comment(item, where, own, replies)
    except UNREADABLE as error:
        raw = {"item": item, "where": asdict(where)}
        heard.broken.append(Broken(raw, f"YouTube told this comment in an unknown way: {error!r}"))
        return
    if record.published_at >= place.since:
        heard.records.append(record)
