"""Gone: what became of stored comments and videos, fifty in one request. What YouTube shows no more is gone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from ingest.record import Record
from ingest.sources.base import Status
from ingest.sources.youtube.failures import schema
from ingest.sources.youtube.form import video_id
from ingest.sources.youtube.reader import AT_ONCE, Reader
from ingest.sources.youtube.resources import UNREADABLE, Told, of_comment, of_video, stands

Ask = Callable[[Sequence[str]], list[Told]]


def statuses(reader: Reader, ids: Sequence[str], stored: Mapping[str, Any]) -> Iterator[Status]:
    """`stored` as in `Source.stored`. Ends early where the units or the time are used up."""
    videos = [one for one in ids if video_id(one)]
    comments = [one for one in ids if not video_id(one)]
    for ask, wanted in ((reader.videos, videos), (reader.comments, comments)):
        for start in range(0, len(wanted), AT_ONCE):
            if reader.left() == 0 or reader.config.out_of_time():
                return
            yield from _part(ask, wanted[start : start + AT_ONCE], stored, reader.config.now())


def _part(ask: Ask, ids: Sequence[str], stored: Mapping[str, Any], now: datetime) -> Iterator[Status]:
    there = _shown(ask(ids))
    missing = [one for one in ids if one not in there]
    if missing:  # to be sure: nothing is erased because an answer was short
        there |= _shown(ask(missing))
    for number in ids:
        yield _status(number, there.get(number), stored.get(number) or {}, now)


def _shown(items: Sequence[Told]) -> dict[str, Told]:
    if not all(item.get("id") for item in items):
        raise schema("YouTube told a post without its id", str(items))
    return {str(item["id"]): item for item in items}


def _status(number: str, item: Told | None, kept: Mapping[str, Any], at: datetime) -> Status:
    """YouTube does not tell when the words of a video were changed: by now they were."""
    if item is None:
        return Status(number, "gone")
    try:
        record = _record(item, kept)
    except UNREADABLE:  # it is there, whatever it says
        return Status(number, "alive")
    now: Mapping[str, Any] = record.raw or {}
    same = now.get("updated") == kept.get("updated") and now.get("said") == kept.get("said")
    if same or not kept:
        return Status(number, "alive")
    return Status(number, "changed", replace(record, edited_at=record.edited_at or at))


def _record(item: Told, kept: Mapping[str, Any]) -> Record:
    """As it stands now, at the place that was kept with it."""
    own = kept.get("own") or {}
    return of_video(item, own) if video_id(str(item["id"])) else of_comment(item, stands(kept), own)
