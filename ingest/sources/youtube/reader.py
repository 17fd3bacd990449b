"""Ask YouTube, count the units it costs, and refuse answers that are not what was asked for.

Every list costs one unit of the day's 10,000, a search none of them but one of a hundred searches
(developers.google.com/youtube/v3/determine_quota_cost). Units are counted before asking: refusals cost as well.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ingest.sources.base import Config
from ingest.sources.youtube.client import OFFICIAL, reading
from ingest.sources.youtube.failures import TROUBLES, failure, schema, used_up
from listening.handles import id_of

Told = Mapping[str, Any]
AT_ONCE = 50
"""Ids in one request, and results of one search."""
PAGE = 100
MOST_PAGES = 10
"""Pages of replies to one comment."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of an answer and the token of the next one."""

    items: list[Told]
    token: str | None


class Reader:
    """YouTube with an API key and a purse; all methods raise SourceError."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.spent = 0
        self._told = 0
        url = str(config.settings.get("api_url") or OFFICIAL)
        self._api = reading(url, config.credentials.get("api_key", ""))

    def left(self) -> int | None:
        """Units that may still be spent, None for any number."""
        return None if self.config.allowance is None else max(0, self.config.allowance - self.spent)

    def untold(self) -> int:
        """What was spent since this was asked last."""
        untold, self._told = self.spent - self._told, self.spent
        return untold

    def search(self, words: str, after: datetime, before: datetime, token: str | None) -> tuple[list[str], str | None]:
        """Ids of videos that were put up in between, newest first."""
        found = self._list(
            self._api.search(),
            0,
            part="snippet",
            type="video",
            order="date",
            q=words,
            publishedAfter=_stamp(after),
            publishedBefore=_stamp(before),
            maxResults=AT_ONCE,
            pageToken=token,
        )
        names = [item.get("id") for item in found.items]
        ids = [str(name["videoId"]) for name in names if isinstance(name, dict) and name.get("videoId")]
        return list(dict.fromkeys(ids)), found.token

    def videos(self, ids: Sequence[str]) -> list[Told]:
        """Those of at most fifty that are there."""
        return self._list(self._api.videos(), part="snippet,statistics", id=",".join(ids), maxResults=AT_ONCE).items

    def comments(self, ids: Sequence[str]) -> list[Told]:
        """Those of at most fifty that are there, comments and replies alike."""
        return self._list(self._api.comments(), part="snippet", id=",".join(ids)).items

    def threads(self, where: Mapping[str, Any], token: str | None) -> Listing:
        """A page of comments with some of their replies, newest first, below one video or all of a channel."""
        asked: dict[str, Any] = {"part": "snippet,replies", "order": "time", "maxResults": PAGE, "pageToken": token}
        return self._list(self._api.commentThreads(), **asked, **where)

    def replies(self, comment: str) -> Iterator[Told]:
        """All replies to a comment, as far as ten pages go."""
        token: str | None = None
        for _ in range(MOST_PAGES):
            page = self._list(self._api.comments(), part="snippet", parentId=comment, maxResults=PAGE, pageToken=token)
            yield from page.items
            token = page.token
            if not token:
                return

    def channel(self, name: str) -> Told | None:
        """A channel by its id or handle; None where there is none."""
        known = id_of("youtube", name)
        whose: dict[str, Any] = {"id": known} if known else {"forHandle": name}
        items = self._list(self._api.channels(), part="snippet", **whose).items
        if items and not (items[0].get("id") and isinstance(items[0].get("snippet"), dict)):
            raise schema("YouTube told a channel in an unknown way", str(items[0]))
        return items[0] if items else None

    def anything(self) -> None:
        """The cheapest question that needs a key."""
        self._list(self._api.i18nLanguages(), part="snippet")

    def _list(self, resource: Any, units: int = 1, **asked: Any) -> Listing:
        if units and (left := self.left()) is not None and left < units:
            raise used_up(self.config.now(), "units of this source's budget, or")
        self.spent += units
        return listed(lambda: resource.list(**asked).execute(num_retries=0), self.config.now())


def listed(ask: Callable[[], Any], now: datetime) -> Listing:
    """What a list answered; anything that is not shaped like one is a changed API, not an empty page."""
    try:
        body = ask()
    except TROUBLES as error:
        raise failure(error, now) from None  # the cause holds the address, and that the key
    items = body.get("items", []) if isinstance(body, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items) or "kind" not in body:
        raise schema("YouTube's answer is not the list that was asked for", str(body))
    return Listing(items, body.get("nextPageToken") or None)


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
