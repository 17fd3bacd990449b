"""Mastodon as a source: hashtags on chosen instances, mentions of the brand's account, search where it is allowed."""

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from ingest.door import told_as_source_error
from ingest.record import Record
from ingest.sources.base import (
    Check,
    Config,
    Cursor,
    Field,
    Found,
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
from ingest.sources.mastodon import answering
from ingest.sources.mastodon.client import Instance, unknown_shape
from ingest.sources.mastodon.form import FIELDS, POLICY
from ingest.sources.mastodon.gone import statuses
from ingest.sources.mastodon.pages import ADDRESSED, UNREADABLE, Row, hear, rows_of
from ingest.sources.mastodon.tags import as_tag, hashtags
from ingest.sources.mastodon.walk import Walk, later, walked
from ingest.sources.mastodon.words import search_words
from listening.http import Answer, Door
from listening.query import Query, QueryError, parse

logger = logging.getLogger(__name__)

LIMIT = 40  # the most that Mastodon shows at once
MOST_TAGS = 20

Reader = Callable[[Walk], Any]


class Mastodon(Source):
    kind = "mastodon"
    label = "Mastodon"
    network = "mastodon"
    summary = (
        "Hashtags on instances that you choose; with an account, its mentions too. Who does not want it is left out."
    )
    needs_account = False
    shows_profiles = True
    finds_accounts = True
    remembers = True
    writes = True
    write_needs = ("write_token",)
    every = timedelta(minutes=3)
    fields: ClassVar[tuple[Field, ...]] = FIELDS
    policy: ClassVar[Policy] = POLICY

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        token = config.credentials.get("token") or None
        self.instances = {
            url: Instance(url, None if place else token)
            for place, url in enumerate(_urls(config.settings.get("api_url")))
        }
        self._own: frozenset[str] = frozenset()
        self._notes: list[str] = []

    def targets(self, tracked: Sequence[Tracked]) -> list[Target]:
        """Mentions first, then searches and hashtags, instance by instance.

        Raises SourceError when there are brands, but nothing to read: that must not look like silence.
        """
        self._own = frozenset(
            handle.handle.lower().removeprefix("@")
            for brand in tracked
            for handle in brand.handles
            if handle.network == "mastodon"
        )
        queries = [query for brand in tracked for text in brand.queries if (query := _parsed(text.text))]
        found = [*self._mentions(), *self._searches(queries), *self._tags(queries)]
        if tracked and not found:
            raise SourceError(
                "There is nothing to read on Mastodon: the queries name no words for a hashtag. Add hashtags by hand, "
                "or a token for mentions.",
                code="settings",
            )
        return found

    def poll(self, target: Target, cursor: Cursor | None) -> Iterator[Page]:
        """Pages of statuses; the instance's rate limit ends the poll early, never the source."""
        instance = self.instances[str(target.params["instance"])]
        walk, reader = walked(cursor), self._reader(instance, target)
        pages = self._up if walk.goes_up and target.params["what"] != "search" else self._down
        try:
            yield from pages(instance, target, walk, reader)
        except SourceError as error:
            if error.code != "rate_limit" or self._alone:
                raise
            # Only this instance wants rest: the others go on.
            yield Page(cursor=self._place, retry_at=error.retry_at, warnings=[error.sentence])

    def check(self) -> Check:
        """Asks each instance who it is and whether it shows hashtags; the first one whose token this is."""
        details: dict[str, str] = {}
        failed = ""
        for instance in self.instances.values():
            try:
                details[instance.host] = self._described(instance)
            except SourceError as error:
                details[instance.host] = error.sentence
                failed = failed or error.sentence
        if not details:
            return Check(False, "No instance is named yet. Enter one, such as https://mastodon.social.")
        return Check(not failed, failed or "All instances answer.", details)

    def preview(self, query: str, limit: int = 50) -> Iterable[Record]:
        """The newest posts under the query's hashtags on the first instance. Raises QueryError, SourceError."""
        tags = hashtags(parse(query))
        for instance in list(self.instances.values())[:1]:
            for tag in tags[:5]:
                with instance.told(self.config.now(), self._alone):
                    page = instance.client.timeline_hashtag(tag, limit=LIMIT)
                yield from hear(instance, rows_of(instance, page), ()).records[:limit]

    def shown(self, handle: str) -> Shown | None:
        """Bio and fields of a profile, asked at the account's own server, which needs no token (accounts/lookup)."""
        with told_as_source_error():
            answer = self._profile(handle)
            if answer.status == 404:
                return None
            told = answer.expect().json()
        texts = (told.get("note"), *(field.get("value") for field in told.get("fields") or ()))
        return Shown(str(told.get("uri") or told["url"]), tuple(str(text or "") for text in texts))

    def account(self, handle: str) -> Found:
        """At the account's own server: the profile says "suspended", and the status 410 that it is so for good."""
        with told_as_source_error():
            answer = self._profile(handle)
            if answer.status in (404, 410):
                return Found("suspended" if answer.status == 410 else "not_found")
            told = answer.expect().json()
        return Found("suspended" if told.get("suspended") else "there", str(told.get("uri") or told["url"]))

    def _profile(self, handle: str) -> Answer:
        name, _, host = handle.rpartition("@")
        url = next((one for one in _urls(self.config.settings.get("api_url")) if urlsplit(one).netloc == host), "")
        door = Door(now=self.config.now)
        return door.get(f"{url or f'https://{host}'}/api/v1/accounts/lookup", params={"acct": name})

    def hydrate(self, ids: Sequence[str]) -> Iterator[Status]:
        """Twenty at a time at the configured instance that told of them, else one by one at their own address."""
        return statuses(self.instances, ids, self.stored, self.config)

    def reply(self, answer: Outgoing) -> Sent:
        return answering.reply(self._writer(), answer, self.config.now())

    def find_reply(self, answer: Outgoing, since: datetime) -> Sent | None:
        return answering.find(self._writer(), answer, since, self.config.now())

    def _writer(self) -> Instance:
        """The first instance, where the brand's own account lives, with the token that may write."""
        token = self.config.credentials.get("write_token") or None
        first = next(iter(self.instances), "")
        if not token or not first:
            raise SourceError("This source has no access token for answers.", code="settings", permanent=True)
        return Instance(first, token)

    @property
    def _alone(self) -> bool:
        return len(self.instances) <= 1

    def _mentions(self) -> Iterator[Target]:
        for url, instance in self.instances.items():
            if instance.token:
                yield Target(
                    f"mentions:{instance.host}",
                    f"Mentions of your account on {instance.host}",
                    params={"instance": url, "what": "mentions"},
                )

    def _searches(self, queries: Sequence[Query]) -> Iterator[Target]:
        wanted = sorted({words for query in queries for words in search_words(query)})
        for url, instance in self.instances.items():
            if not instance.token or not _yes(self.config.settings.get("search", True)):
                continue
            for words in wanted:
                digest = hashlib.sha256(words.encode()).hexdigest()[:16]
                params = {"instance": url, "what": "search", "words": words}
                yield Target(
                    f"search:{instance.host}:{digest}", f"Search {instance.host} for {words}"[:200], None, params
                )

    def _tags(self, queries: Sequence[Query]) -> Iterator[Target]:
        listed = [tag for line in _lines(self.config.settings.get("hashtags")) if (tag := as_tag(line))]
        wanted = list(dict.fromkeys([*listed, *(tag for query in queries for tag in hashtags(query))]))
        if len(wanted) > MOST_TAGS:
            self._notes = [f"Your queries name {len(wanted)} hashtags; the first {MOST_TAGS} are read: "]
            self._notes[0] += ", ".join(f"#{tag}" for tag in wanted[:MOST_TAGS]) + "."
        for url, instance in self.instances.items():
            for tag in wanted[:MOST_TAGS]:
                params = {"instance": url, "what": "tag", "tag": tag}
                yield Target(f"tag:{instance.host}:{tag}"[:200], f"#{tag} on {instance.host}"[:200], None, params)

    def _reader(self, instance: Instance, target: Target) -> Reader:
        """How to ask for one page at a place of a walk."""
        told, client = target.params, instance.client
        if told["what"] == "tag":
            return lambda walk: client.timeline_hashtag(
                told["tag"], min_id=(walk.at or walk.floor) if walk.goes_up else None, max_id=walk.below, limit=LIMIT
            )
        if told["what"] == "mentions":
            return lambda walk: client.notifications(
                types=list(ADDRESSED),
                min_id=(walk.at or walk.newest) if walk.goes_up else None,
                max_id=walk.below,
                limit=LIMIT,
            )
        return lambda walk: _found(
            client.search_v2(
                told["words"], result_type="statuses", resolve=False, min_id=walk.floor, max_id=walk.below, limit=LIMIT
            )
        )

    def _up(self, instance: Instance, target: Target, walk: Walk, reader: Reader) -> Iterator[Page]:
        """Forward from the newest known post, following the instance's own links, until it shows nothing more."""
        self._place = walk.as_cursor()
        with instance.told(self.config.now(), self._alone):
            shown = reader(walk)
        while rows := rows_of(instance, shown):
            first = str(rows[0]["id"])
            if walk.at and later(walk.at, first) == walk.at:
                break  # a server that does not know min_id would show the same for ever
            walk = walk.up(first)
            page = self._page(instance, rows, walk)
            yield page
            if page.retry_at or self.config.out_of_time():
                return
            with instance.told(self.config.now(), self._alone):
                shown = instance.client.fetch_previous(shown) if hasattr(shown, "_pagination_prev") else reader(walk)
        yield self._page(instance, [], Walk(newest=walk.newest), done=True)

    def _down(self, instance: Instance, target: Target, walk: Walk, reader: Reader) -> Iterator[Page]:
        """Backward from now to what is known, or to the start of the back-fill."""
        self._place = walk.as_cursor()
        start = self.config.now() - timedelta(days=int(self.config.settings.get("back_fill_days") or 7))
        while True:
            with instance.told(self.config.now(), self._alone):
                rows = rows_of(instance, reader(walk))
            if not rows:
                yield self._page(instance, [], walk.arrived(), done=True)
                return
            first, last = str(rows[0]["id"]), str(rows[-1]["id"])
            walk = walk.down(first, last)
            done = later(walk.floor, last) == walk.floor if walk.floor else _is_before(rows[-1], start)
            page = self._page(instance, rows, walk.arrived() if done else walk, done)
            yield page
            if done or page.retry_at or self.config.out_of_time():
                return

    def _page(self, instance: Instance, rows: Sequence[Row], walk: Walk, done: bool = False) -> Page:
        heard = hear(instance, rows, self._own)
        self._place = walk.as_cursor()
        notes, self._notes = self._notes, []
        return Page(
            records=heard.records,
            cursor=self._place,
            done=done,
            skipped=heard.skipped,
            broken=heard.broken,
            newest=heard.newest,
            warnings=notes,
            retry_at=instance.rest_until(),
        )

    def _described(self, instance: Instance) -> str:
        with instance.told(self.config.now(), self._alone):
            about = instance.client.instance_v2()
            signed_in = instance.client.account_verify_credentials() if instance.token else None
        try:
            most = ((about.get("configuration") or {}).get("statuses") or {}).get("max_characters")
            access = ((about.get("configuration") or {}).get("timelines_access") or {}).get("hashtag_feeds") or {}
            told = f"{about['title']}, Mastodon {about['version']}"
        except UNREADABLE as error:
            raise unknown_shape(instance.host, repr(about)) from error
        if not instance.token and "authenticated" in (access.get("local"), access.get("remote")):
            raise SourceError(
                f"{instance.host} shows hashtags only to its members. Enter a token, or choose another instance.",
                code="auth",
            )
        told += f", signed in as @{signed_in['acct']}" if signed_in else ""
        return f"{told}, posts of up to {int(most):,} characters" if most else told


def _parsed(text: str) -> Query | None:
    try:
        return parse(text)
    except QueryError as error:
        logger.warning("a query is not looked for on Mastodon: %s", error.sentence)
        return None


def _lines(told: Any) -> list[str]:
    lines = told.splitlines() if isinstance(told, str) else told or ()
    return list(dict.fromkeys(line.strip() for line in lines if line.strip()))


def _urls(told: Any) -> list[str]:
    """Instances as addresses: "mastodon.social" is enough."""
    lines = _lines(told) or ["https://mastodon.social"]
    return [(line if "://" in line else f"https://{line}").rstrip("/") for line in lines]


def _yes(value: Any) -> bool:
    return str(value).lower() not in ("", "0", "false", "no", "off", "none")


def _is_before(row: Row, start: datetime) -> bool:
    told = row.get("created_at")
    return isinstance(told, datetime) and told < start


def _found(answer: Any) -> Any:
    """The posts of a search's answer; anything else as it is, for `rows_of` to refuse."""
    found = answer.get("statuses") if isinstance(answer, dict) else None
    return answer if found is None else found
