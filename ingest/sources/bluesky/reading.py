"""Reading: what the source really does; loaded on first use, because the atproto SDK weighs 70 MB.

Three kinds of targets. The stream brings everything, at once, without an account. Search and notifications, with an
account, go back in time: at the start, after a hole, and then every quarter of an hour as a net below the stream.
They never stop the stream: their errors become warnings, and they wait by themselves until they may ask again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from itertools import islice
from time import monotonic
from typing import Any

from ingest.record import Record
from ingest.sources.base import Check, Config, Cursor, Outgoing, Page, Sent, SourceError, Status, Target, Tracked
from ingest.sources.bluesky import answering, asking, walk
from ingest.sources.bluesky.client import Api
from ingest.sources.bluesky.frames import NETWORK
from ingest.sources.bluesky.handles import Known, plain, resolve
from ingest.sources.bluesky.profiles import profiles_of
from ingest.sources.bluesky.stream import Listening, drain, newest_event
from ingest.sources.bluesky.wanted import Searched, Wanted, searched
from listening.query import QueryError, parse
from listening.query.coarse.bluesky import coarse

STREAM = "stream"
NOTIFICATIONS = "notifications"
WALK_EVERY = timedelta(minutes=15)
WALKING_SECONDS = 15.0
"""Of each pull, so that a long back-fill does not keep the stream waiting."""
PREVIEW_REPLAY = timedelta(minutes=10)
PREVIEW_SECONDS = 5.0
CHECK_SECONDS = 5.0

Params = Mapping[str, Any]
Own = Mapping[str, str | None]
"""Handles of the brands' accounts, with the DID where it is known."""


class Reading:
    """One configured source; `defaults` stand in for settings that were never saved."""

    def __init__(self, config: Config, defaults: Mapping[str, Any]) -> None:
        self._config = config
        self._settings = {**defaults, **{k: v for k, v in config.settings.items() if v is not None}}
        self._walking_until: float | None = None

    def targets(self, tracked: Sequence[Tracked]) -> list[Target]:
        """Walks first: the stream takes all the time that is left."""
        if not tracked:
            return []
        own = {plain(h.handle): h.id for brand in tracked for h in brand.handles if h.network == NETWORK}
        queries = tuple((query.id, query.text) for brand in tracked for query in brand.queries)
        walks = [target for brand in tracked for target in self._searches(brand, own)]
        if self._login and own:
            walks.append(Target(NOTIFICATIONS, "Notifications of the account", params={"own": own}))
        return [*walks, Target(STREAM, "Everything on Bluesky, live", params={"queries": queries, "own": own})]

    def poll(self, target: Target, cursor: Cursor | None) -> Iterator[Page]:
        """Pages of one target."""
        if target.key == STREAM:
            return self._stream(target.params, cursor)
        if target.key == NOTIFICATIONS:
            return self._notifications(target.params, cursor)
        fetch = asking.search(self._search_api(), str(target.params["words"]), self._config.now)
        return walk.pages(self._way(fetch, target.params["own"], restart=True), cursor)

    def check(self) -> Check:
        """Waits for one event of the stream, and logs in where an app password is given."""
        try:
            newest = newest_event(self._text("jetstream_url"), CHECK_SECONDS)
            details = {"Stream": f"newest event {newest:%Y-%m-%d %H:%M:%S} UTC" if newest else "open, quiet just now"}
            if self._login:
                details["Account"] = self._search_api().did(self._config.now())
        except SourceError as error:
            return Check(False, error.sentence)
        past = "search works too" if self._login else "with an account and an app password it searches the past as well"
        return Check(True, f"Bluesky's live stream is open; {past}.", details)

    def preview(self, query: str, limit: int) -> Iterator[Record]:
        """From search where somebody is logged in, else from the last ten minutes of the stream. Raises SourceError."""
        found = self._found(query) if self._login else self._heard(query)
        return islice(found, limit)

    def hydrate(self, ids: Sequence[str]) -> Iterator[Status]:
        """From the AppView, or in the account's name where there is none."""
        return asking.statuses(self._open_api(), ids, self._config.now())

    # Answering

    def reply(self, answer: Outgoing) -> Sent:
        return answering.reply(self._search_api(), answer, self._config.now())

    def find_reply(self, answer: Outgoing) -> Sent | None:
        return answering.find(self._search_api(), answer, self._config.now())

    # The stream

    def _stream(self, params: Params, cursor: Cursor | None) -> Iterator[Page]:
        ready = searched(tuple((int(key), str(text)) for key, text in params["queries"]))
        listening, warnings = self._listening(params["own"], ready, (cursor or {}).get("dids"))
        for page in drain(listening, cursor):
            yield replace(page, warnings=[*warnings, *page.warnings])
            warnings = []

    def _listening(self, own: Own, ready: Searched, stored: object) -> tuple[Listening, Sequence[str]]:
        """What the stream listens for, and sentences about what it cannot. DIDs once found travel in the cursor."""
        remembered = {str(k): str(v) for k, v in stored.items()} if isinstance(stored, dict) else {}
        known = self._resolved(own, ready.authors, remembered)
        names = _names(known, own)
        authors = {known.dids[handle]: handle for handle in map(plain, ready.authors) if handle in known.dids}
        listening = Listening(
            url=self._text("jetstream_url"),
            wants=Wanted(ready.matcher, names, authors),
            profiles=profiles_of(self._text("appview_url")),
            now=self._config.now,
            out_of_time=self._config.out_of_time,
            names=names,
            replay=timedelta(hours=self._number("replay_hours")),
            searchable=bool(self._login),
            extra={"dids": dict(known.dids)},
        )
        return listening, [*ready.complaints, *known.warnings]

    def _resolved(self, own: Own, authors: Iterable[str], remembered: Mapping[str, str]) -> Known:
        told = {handle: did for handle, did in own.items() if did}
        return resolve([*own, *authors], {**remembered, **told}, self._open_api(), self._config.now())

    # Back in time

    def _searches(self, brand: Tracked, own: Own) -> Iterator[Target]:
        """One target for each thing to search; a changed query has a new key, and so a back-fill of its own."""
        if not self._login and not self._text("appview_url"):
            return
        for query in brand.queries:
            for words in _words(query.text):
                digest = sha256(words.encode()).hexdigest()[:12]
                params = {"words": words, "own": own}
                yield Target(f"search:{query.id}:{digest}", f"Search for {words}", brand.brand_id, params)

    def _notifications(self, params: Params, cursor: Cursor | None) -> Iterator[Page]:
        """Only of an account that a brand calls its own: others' notifications are nobody's business."""
        if not self._is_own(params["own"]):
            yield Page(cursor=cursor or {}, done=True)
            return
        fetch = asking.notifications(self._search_api(), self._config.now)
        yield from walk.pages(self._way(fetch, params["own"], restart=False), cursor)

    def _is_own(self, own: Own) -> bool:
        if plain(self._text("identifier")) in own:
            return True
        try:
            return self._search_api().did(self._config.now()) in own.values()
        except SourceError:
            return False

    def _way(self, fetch: asking.Fetch, own: Own, restart: bool) -> walk.Way:
        if self._walking_until is None:
            self._walking_until = monotonic() + WALKING_SECONDS
        until = self._walking_until
        return walk.Way(
            fetch=fetch,
            restart=restart,
            logged_in=self._login is not None,
            every=WALK_EVERY,
            first=timedelta(days=self._number("backfill_days")),
            now=self._config.now,
            out_of_time=lambda: monotonic() >= until or self._config.out_of_time(),
            names=lambda: _names(self._resolved(own, (), {}), own),
        )

    # Preview

    def _found(self, query: str) -> Iterator[Record]:
        now = self._config.now()
        floor = now - timedelta(days=self._number("backfill_days"))
        for words in _words(query):
            views, _ = asking.search(self._search_api(), words, self._config.now)(walk.Walk(now, floor, now))
            yield from asking.records(views, now)

    def _heard(self, query: str) -> Iterator[Record]:
        until = monotonic() + PREVIEW_SECONDS
        listening, _ = self._listening({}, searched(((0, query),)), None)
        short = replace(listening, replay=PREVIEW_REPLAY, out_of_time=lambda: monotonic() >= until)
        for page in drain(short, None):
            yield from (record for record in page.records if record.edited_at is None)  # edits pass unjudged

    # Settings

    @property
    def _login(self) -> tuple[str, str] | None:
        who, password = self._text("identifier").removeprefix("@"), self._config.credentials.get("app_password", "")
        return (who, password) if who and password else None

    def _search_api(self) -> Api:
        return Api(self._text("api_url"), self._login) if self._login else self._open_api()

    def _open_api(self) -> Api:
        return Api(self._text("appview_url") or self._text("api_url"))

    def _text(self, name: str) -> str:
        return str(self._settings.get(name) or "").strip()

    def _number(self, name: str) -> float:
        return float(self._settings.get(name) or 0)


def _names(known: Known, own: Own) -> Mapping[str, str]:
    return {did: handle for handle, did in known.dids.items() if handle in own}


def _words(query: str) -> Sequence[str]:
    try:
        return coarse(parse(query)).searches
    except QueryError:
        return ()
