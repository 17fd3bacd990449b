"""Gone: what became of stored comments and videos, fifty in one request. What YouTube shows no more is gone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from ingest.record import Record
from ingest.sources.base import Status
from ingest.sources.youtube.failures import Refused, schema
from ingest.sources.youtube.form import video_id
from ingest.sources.youtube.reader import AT_ONCE, Reader
from ingest.sources.youtube.resources import UNREADABLE, Told, of_comment, of_video, stands

MOST_REFUSED = 5
"""Posts that may be refused one by one before anything is seen."""
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
    there, refused = _asked(ask, ids)
    missing = [one for one in ids if one not in there and one not in refused]
    if missing:  # to be sure: nothing is erased because an answer was short
        more, no = _asked(ask, missing)
        there, refused = there | more, refused | no
    for number in ids:
        if number in refused:
            yield Status(number, "gone" if refused[number].status == 404 else "hidden")
        else:
            yield _status(number, there.get(number), stored.get(number) or {}, now)


def _asked(ask: Ask, ids: Sequence[str]) -> tuple[dict[str, Told], dict[str, Refused]]:
    """What is there, and what alone is refused: where one post makes YouTube refuse a whole list, halves of it are
    asked for. Raises Refused where nothing at all may be seen, for that is the key's trouble."""
    there: dict[str, Told] = {}
    refused: dict[str, Refused] = {}
    waiting, answered = [ids], False
    while waiting:
        part = waiting.pop()
        try:
            there |= _shown(ask(part))
            answered = True
        except Refused as error:
            if not _of_one(error):
                raise
            if len(part) > 1:
                waiting += [part[len(part) // 2 :], part[: len(part) // 2]]
                continue
            refused[part[0]] = error
            answered = answered or error.status == 404
            if not answered and (not waiting or len(refused) >= MOST_REFUSED):
                raise
    return there, refused


def _of_one(error: Refused) -> bool:
    """Whether a refusal may mean one post of a list (developers.google.com/youtube/v3/docs/comments/list#errors); a
    404 that names no reason is no answer of YouTube."""
    if error.permanent or error.retry_at:
        return False
    return error.status == 403 or (error.status == 404 and bool(error.reasons))


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
