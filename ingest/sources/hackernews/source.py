"""Hacker News: Algolia's index tells what is new, Firebase what has been removed."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, ClassVar
from urllib.parse import quote

from ingest.door import told_as_source_error
from ingest.record import Record
from ingest.sources.base import (
    SWEEP_MINUTES,
    Band,
    Broken,
    Check,
    Config,
    Cursor,
    Field,
    Hole,
    Page,
    Policy,
    Shown,
    Source,
    SourceError,
    Status,
    Target,
    Tracked,
)
from ingest.sources.hackernews.items import of_hit, of_item
from ingest.sources.hackernews.window import Window, opened
from ingest.sources.hackernews.words import MOST, Search, searches
from listening.http import Door
from listening.query import QueryError, parse

HITS = 1000  # Algolia shows no more for one search, whatever the page
OVERLAP = timedelta(hours=1)


class HackerNews(Source):
    kind = "hackernews"
    label = "Hacker News"
    network = "hackernews"
    summary = "Stories and comments that your queries name. Needs no account."
    needs_account = False
    shows_profiles = True
    finds_accounts = True
    every = timedelta(minutes=5)
    fields: ClassVar[tuple[Field, ...]] = (
        Field("back_fill_days", "Days to read at the start", "int", default=30, help="Up to 365."),
        SWEEP_MINUTES,
        Field("api_url", "Search address", "url", default="https://hn.algolia.com", advanced=True),
        Field("items_url", "Item address", "url", default="https://hacker-news.firebaseio.com", advanced=True),
    )
    policy = Policy(
        reply_to=(),
        bands=(  # authors can delete for two hours, moderators longer (news.ycombinator.com/newsfaq.html)
            Band(timedelta(hours=2), timedelta(minutes=10)),
            Band(timedelta(days=1), timedelta(hours=1)),
            Band(timedelta(days=30), timedelta(days=1)),
            Band(None, timedelta(days=30)),
        ),
        note="Posts are read again to follow deletions. Terms: https://hn.algolia.com/api, "
        "https://github.com/HackerNews/API.",
    )

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.door = Door(now=config.now)
        self._notes: list[str] = []

    def targets(self, tracked: Sequence[Tracked]) -> list[Target]:
        """One per search; brands that ask for the same words share it.

        Raises SourceError when there are brands, but nothing to search for: no search must not look like no posts.
        """
        wanted: dict[Search, set[int]] = {}
        for brand in tracked:
            for query in brand.queries:
                for search in self._searches(query.text):
                    wanted.setdefault(search, set()).add(brand.brand_id)
        if tracked and not wanted:
            raise SourceError(
                "Hacker News can only be searched for words, and no query of these brands names any. Add one.",
                code="settings",
                raw="; ".join(self._notes),
            )
        return [_target(search, brands) for search, brands in sorted(wanted.items())]

    def poll(self, target: Target, cursor: Cursor | None) -> Iterator[Page]:
        """Newest first within a window whose end is pinned; the window is part of the cursor."""
        now = _seconds(self.config.now())
        window = self._opened(cursor, now)
        while True:
            page, rest = self._page(target.params, window, now)
            yield page
            if page.done or self.config.out_of_time():
                return
            window = rest or self._opened(page.cursor, now)

    def check(self) -> Check:
        try:
            hits = self._search({}, Window(0, _seconds(self.config.now()), _seconds(self.config.now())), 1)["hits"]
            newest = of_hit(hits[0]).published_at
        except SourceError as error:
            return Check(False, error.sentence)
        except (LookupError, TypeError, ValueError):
            return Check(False, "The search answers, but not as Hacker News does. Check the search address.")
        return Check(True, "Hacker News answers.", {"Newest post": f"{newest:%Y-%m-%d %H:%M} UTC"})

    def preview(self, query: str, limit: int = 50) -> Iterable[Record]:
        """The newest posts per search. Raises QueryError, SourceError."""
        now = _seconds(self.config.now())
        for search in searches(parse(query)):
            hits = self._search(_params(search), Window(0, now, now), limit)["hits"]
            yield from islice(_records(hits)[0], limit)

    def shown(self, handle: str) -> Shown | None:
        """The line "about" of a user, as https://github.com/HackerNews/API tells it."""
        base = _url(self.config, "items_url", "https://hacker-news.firebaseio.com")
        with told_as_source_error():
            user = self.door.get(f"{base}/v0/user/{quote(handle, safe='')}.json").expect().json()
        return Shown(str(user["id"]).lower(), (str(user.get("about") or ""),)) if isinstance(user, dict) else None

    def hydrate(self, ids: Sequence[str]) -> Iterator[Status]:
        """Deleted is gone; dead (flagged or moderated) is hidden, because it may come back."""
        base = _url(self.config, "items_url", "https://hacker-news.firebaseio.com")
        for number in ids:
            if self.config.out_of_time():
                return
            with told_as_source_error():
                item = self.door.get(f"{base}/v0/item/{number}.json").expect().json()
            if item is None or item.get("deleted"):
                yield Status(number, "gone")
            elif item.get("dead"):
                yield Status(number, "hidden")
            else:
                yield Status(number, "alive", of_item(item))

    def _searches(self, text: str) -> Sequence[Search]:
        """The searches of a query; a note for the admin where there are none."""
        try:
            found = searches(parse(text))
        except QueryError as error:
            self._notes.append(f"The query {text[:80]} is not searched for: {error.sentence}")
            return ()
        if not found:
            self._notes.append(
                f"The query {text[:80]} is not searched for: it names no words, or more than {MOST} alternatives."
            )
        return found

    def _opened(self, cursor: Cursor | None, now: int) -> Window:
        days = min(int(self.config.settings.get("back_fill_days") or 30), 365)
        return opened(cursor, now, days * 86_400, int(OVERLAP.total_seconds()))

    def _page(self, params: Mapping[str, Any], window: Window, now: int) -> tuple[Page, Window | None]:
        """What one search shows, and what is missing of the window after it."""
        answer = self._search(params, window, HITS)
        records, broken = _records(answer["hits"])
        seconds = [_seconds(record.published_at) for record in records]
        rest = window.below(seconds) if seconds and _is_cut(answer) else None
        cut_off = rest is not None and window.overflows(seconds)
        holes = [_hole(window.upto)] if cut_off else []
        cursor = {"until": window.last} if rest is None else {"window": rest.as_cursor()}
        newest = max((record.published_at for record in records), default=None)
        done = rest is None and window.last >= now
        notes, self._notes = self._notes, []
        page = Page(
            records=records, cursor=cursor, done=done, newest=newest, holes=holes, broken=broken, warnings=notes
        )
        return page, rest

    def _search(self, params: Mapping[str, Any], window: Window, hits: int) -> dict[str, Any]:
        """Algolia's answer, its shape looked at."""
        base = _url(self.config, "api_url", "https://hn.algolia.com")
        asked = {
            "query": params.get("query", ""),
            "tags": ",".join(filter(None, ("(story,comment,poll)", params.get("author_tag")))),
            "numericFilters": f"created_at_i>={window.first},created_at_i<={window.upto}",
            "hitsPerPage": hits,
            "typoTolerance": "false",
        }
        with told_as_source_error():
            answer = self.door.get(f"{base}/api/v1/search_by_date", params=asked).expect().json()
        if not isinstance(answer, dict) or not isinstance(answer.get("hits"), list):
            raise _unknown_shape(answer)
        return answer


def _records(hits: Sequence[Any]) -> tuple[list[Record], list[Broken]]:
    """Records, and the hits that are none; where not one can be read, the service has changed."""
    records, broken = [], []
    for hit in hits:
        try:
            records.append(of_hit(hit))
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            broken.append(Broken(hit, f"Hacker News told this post in an unknown way: {error!r}"))
    if broken and not records:
        raise _unknown_shape(hits[0])
    return records, broken


def _is_cut(answer: Mapping[str, Any]) -> bool:
    """Were hits left out? Either count may be rounded, so that either is enough."""
    shown = len(answer["hits"])
    return shown >= HITS or shown < int(answer.get("nbHits") or 0)


def _unknown_shape(answer: Any) -> SourceError:
    return SourceError(
        "Hacker News' search answered in an unknown way; nothing was stored and the place is kept. "
        "It may have changed: look for an update of Earshot.",
        code="schema",
        raw=repr(answer),
    )


def _hole(second: int) -> Hole:
    at = datetime.fromtimestamp(second, UTC)
    return Hole(at, at + timedelta(seconds=1), "Hacker News showed only a part of the posts of one second.")


def _params(search: Search) -> dict[str, str]:
    return {"query": search.words} | ({"author_tag": f"author_{search.author}"} if search.author else {})


def _target(search: Search, brands: set[int]) -> Target:
    digest = hashlib.sha256(f"{search.words}\n{search.author}".encode()).hexdigest()[:20]
    only = next(iter(brands)) if len(brands) == 1 else None
    return Target(f"search:{digest}", f"Search for {search.label}"[:200], only, _params(search))


def _url(config: Config, name: str, default: str) -> str:
    return str(config.settings.get(name) or default).rstrip("/")


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
