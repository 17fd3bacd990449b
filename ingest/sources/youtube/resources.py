"""Resources: a video or a comment as YouTube's API tells it becomes a Record.

https://developers.google.com/youtube/v3/docs/comments and .../videos. A comment on a video answers that video; a reply
answers the comment above it. YouTube does not tell beside a comment whose video it stands below, so what was known when
it was found (`Stands`) is kept beside it, for the day on which it is read again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from ingest.record import Account, Author, PostRef, Record

SITE = "https://www.youtube.com"
UNREADABLE = (LookupError, TypeError, ValueError, AttributeError)
Told = Mapping[str, Any]
Own = Mapping[str, str | None]
"""The brands' own channels: {channel id: handle as the brand wrote it, None where it wrote the id}."""

_HANDLE = re.compile(r"(?:.*/)?@([\w.·-]{3,30})")


@dataclass(frozen=True, slots=True)
class Stands:
    """Where a comment stands: the video, the channel whose `page` it is, and the channel that wrote the comment
    `above`; both channels only where they are the brand's own: of others nothing is kept."""

    video: str | None = None
    page: str | None = None
    above: str | None = None


def stands(kept: Told) -> Stands:
    """The place that was kept with a post."""
    return Stands(kept.get("video"), kept.get("page"), kept.get("above"))


def of_own(own: Own, channel: str | None) -> Account | None:
    """The brand's account behind a channel id, None where it is nobody's."""
    return Account(channel, own[channel]) if channel and channel in own else None


def of_video(item: Told, own: Own) -> Record:
    """Raises KeyError, TypeError, AttributeError or ValueError where it is none."""
    number, told, counts = str(item["id"]), item["snippet"], item.get("statistics") or {}
    channel = str(told["channelId"])
    title, text = str(told["title"]), str(told.get("description") or "")
    return Record(
        network="youtube",
        external_id=number,
        title=title,
        text=text,
        published_at=datetime.fromisoformat(told["publishedAt"]),
        url=f"{SITE}/watch?v={number}",
        author=Author(channel, own.get(channel), told.get("channelTitle"), f"{SITE}/channel/{channel}"),
        language=told.get("defaultAudioLanguage") or told.get("defaultLanguage"),
        media=1,
        views=_count(counts.get("viewCount")),
        likes=_count(counts.get("likeCount")),
        replies=_count(counts.get("commentCount")),
        raw={"said": said(title, text), **_kept(Stands(), channel, own)},
    )


def of_comment(item: Told, where: Stands, own: Own, replies: int | None = None) -> Record:
    """A comment or a reply. Raises as `of_video` does."""
    number, told = str(item["id"]), item["snippet"]
    published, updated = (datetime.fromisoformat(told[name]) for name in ("publishedAt", "updatedAt"))
    parent, author, page = told.get("parentId"), _author(told, own), of_own(own, where.page)
    on_video = PostRef(where.video, page) if where.video else None
    return Record(
        network="youtube",
        external_id=number,
        text=told["textDisplay"],
        html=True,
        published_at=published,
        edited_at=updated if updated != published else None,
        url=f"{SITE}/watch?v={where.video}&lc={number}" if where.video else f"{SITE}/channel/{told.get('channelId')}",
        author=author,
        in_reply_to=PostRef(parent, of_own(own, where.above)) if parent else on_video,
        thread_root=on_video if parent else None,
        page_owner=page,
        likes=told.get("likeCount"),
        replies=replies,
        raw={"updated": told["updatedAt"], **_kept(where, author.id if author else None, own)},
    )


def said(title: str, text: str) -> str:
    """Tells whether a video's words changed, for YouTube does not."""
    return sha256(f"{title}\n{text}".encode()).hexdigest()[:16]


def writer(comment: Told) -> str | None:
    """The channel that wrote a comment; none where the account is gone."""
    told = comment["snippet"].get("authorChannelId")
    return str(told["value"]) if told else None


def handle_in(told: Told) -> str | None:
    """The author's handle: since 2023 it is what YouTube shows as the name, and what the address ends with."""
    for text in (told.get("authorDisplayName"), told.get("authorChannelUrl")):
        if found := _HANDLE.fullmatch(str(text or "")):
            return found[1]
    return None


def _kept(where: Stands, author: str | None, own: Own) -> dict[str, Any]:
    """What is kept beside a post; `own` are those of the brand's channels that it has to do with."""
    told = {"video": where.video, "page": where.page, "above": where.above}
    mine = {channel: own[channel] for channel in (where.page, where.above, author) if channel and channel in own}
    return {name: value for name, value in {**told, "own": mine}.items() if value}


def _author(told: Told, own: Own) -> Author | None:
    channel = told.get("authorChannelId")
    if not channel:
        return None
    number = str(channel["value"])
    handle = own.get(number) or handle_in(told)
    return Author(number, handle, told.get("authorDisplayName"), f"{SITE}/channel/{number}")


def _count(told: Any) -> int | None:
    return None if told is None else int(told)
