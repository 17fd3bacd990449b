"""Asking: the questions for walks, search and notifications, and for single posts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from atproto_client import models

from ingest.record import Record
from ingest.sources.base import SourceError, Status
from ingest.sources.bluesky.client import Api
from ingest.sources.bluesky.posts import Unreadable, read_view
from ingest.sources.bluesky.walk import Walk

PER_PAGE = 100
PER_HYDRATION = 25
ADDRESSED = ("mention", "reply", "quote")

Json = Mapping[str, Any]
Fetch = Callable[[Walk], tuple[Sequence[Json], str | None]]


def search(api: Api, words: str, now: Callable[[], datetime]) -> Fetch:
    """Posts that the AppView finds for `words`, newest first (app.bsky.feed.searchPosts)."""

    def fetch(walk: Walk) -> tuple[Sequence[Json], str | None]:
        params = models.AppBskyFeedSearchPosts.Params(
            q=words,
            sort="latest",
            since=_iso(walk.floor),
            until=_iso(walk.until),
            limit=PER_PAGE,
            cursor=walk.page,
        )
        answer = api.ask("app.bsky.feed.searchPosts", params, now())
        return _objects(answer.get("posts")), _page(answer)

    return fetch


def notifications(api: Api, now: Callable[[], datetime]) -> Fetch:
    """Posts that speak to the account that is logged in, newest first (app.bsky.notification.listNotifications)."""

    def fetch(walk: Walk) -> tuple[Sequence[Json], str | None]:
        params = models.AppBskyNotificationListNotifications.Params(
            reasons=list(ADDRESSED), limit=PER_PAGE, cursor=walk.page
        )
        answer = api.ask("app.bsky.notification.listNotifications", params, now())
        told = _objects(answer.get("notifications"))
        return [view for view in told if view.get("reason") in ADDRESSED], _page(answer)

    return fetch


def statuses(api: Api, ids: Sequence[str], now: datetime) -> Iterator[Status]:
    """What became of posts (app.bsky.feed.getPosts); a post that is not answered is gone. Raises SourceError."""
    for start in range(0, len(ids), PER_HYDRATION):
        asked = ids[start : start + PER_HYDRATION]
        answer = api.ask("app.bsky.feed.getPosts", models.AppBskyFeedGetPosts.Params(uris=list(asked)), now)
        if not isinstance(answer.get("posts"), list):
            raise SourceError("Bluesky's answer about posts could not be read; none is taken for gone.", code="schema")
        views = {view.get("uri"): view for view in _objects(answer.get("posts"))}
        yield from (_status(uri, views.get(uri), now) for uri in asked)


def records(views: Sequence[Json], now: datetime) -> Iterator[Record]:
    """Those of the views that can be read."""
    for view in views:
        with suppress(Unreadable):
            yield read_view(view, now)


def _status(uri: str, view: Json | None, now: datetime) -> Status:
    if view is None:
        return Status(uri, "gone")
    try:
        record = read_view(view, now)
    except Unreadable:
        return Status(uri, "alive")
    return Status(uri, "hidden" if record.hidden else "alive", record)


def _objects(value: object) -> list[Json]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _page(answer: Json) -> str | None:
    page = answer.get("cursor")
    return page if isinstance(page, str) and page else None


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
