"""Reddit as a source: what is said to the brand's account, named subreddits, and search.

Reddit's search finds submissions only; comments are read in the subreddits that the admin names. Everything public is
read as the app alone; the account is asked for nothing but its own messages, and answers.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import quote

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
from ingest.sources.reddit import answering
from ingest.sources.reddit.client import Client, suspended
from ingest.sources.reddit.failures import Closed, left_out, schema
from ingest.sources.reddit.form import FIELDS, MOST_KEPT, POLICY, has_account, is_on, not_approved
from ingest.sources.reddit.gone import statuses
from ingest.sources.reddit.hearing import hear
from ingest.sources.reddit.naming import groups, names
from ingest.sources.reddit.posts import of_thing
from ingest.sources.reddit.reading import Listing, as_shown, from_inbox, pages
from ingest.sources.reddit.subreddits import look, shelf_of
from ingest.sources.reddit.walk import walked
from listening.query import QueryError, parse
from listening.query.coarse.reddit import coarse

SEARCH_LAG = timedelta(hours=1)
"""Search finds a submission some time after it was made."""
ORDER = timedelta(minutes=2)
"""How much two comments of one listing may stand in the wrong order."""
INBOX = {
    "mentions": ("message/mentions", "What names your account"),
    "comments": ("message/comments/", "Answers to your account's comments"),
    "submissions": ("message/selfreply/", "Answers to your account's submissions"),
}
SUBREDDITS = {"comments": "Comments", "new": "Submissions"}


class Reddit(Source):
    kind = "reddit"
    label = "Reddit"
    network = "reddit"
    summary = "Submissions that your queries find, comments in subreddits that you name. Reddit must approve it first."
    shows_profiles = True
    finds_accounts = True
    remembers = True
    leaves_out = True
    writes = True
    write_needs = ("answers",)
    every = timedelta(minutes=2)
    fields: ClassVar[tuple[Field, ...]] = FIELDS
    policy: ClassVar[Policy] = POLICY

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._own: frozenset[str] = frozenset()
        self._notes: list[str] = []
        self._alone = False

    @cached_property
    def public(self) -> Client:
        """Reddit as the app alone sees it."""
        return Client(self.config)

    @cached_property
    def signed_in(self) -> Client:
        """Reddit in the account's name. Raises SourceError where none is entered."""
        if not self._has_account:
            raise SourceError(
                "No Reddit account is entered. Enter its name and password, or a refresh token, in the settings of "
                "this source.",
                code="settings",
                permanent=True,
            )
        return Client(self.config, as_account=True)

    @classmethod
    def may_write(cls, settings: Mapping[str, Any], credentials: Mapping[str, str]) -> bool:
        wanted = super().may_write(settings, credentials) and has_account(settings, credentials)
        return wanted and not_approved(settings) is None

    def targets(self, tracked: Sequence[Tracked]) -> list[Target]:
        """The account's messages first, then the subreddits, then one per search text.

        Raises SourceError when Reddit has not approved, or when there are brands, but nothing to read.
        """
        if refused := not_approved(self.config.settings):
            raise refused
        handles = (handle for brand in tracked for handle in brand.handles if handle.network == "reddit")
        self._own = frozenset(handle.handle.lower() for handle in handles)
        inbox = list(self._inbox())
        found = [*inbox, *self._subreddits(), *self._searches(tracked)]
        self._alone = found == inbox
        if tracked and not found:
            raise SourceError(
                "There is nothing to read on Reddit: no subreddit is named, and no query names a word that its search "
                "knows. Name subreddits, or change a query.",
                code="settings",
                raw="; ".join(self._notes),
            )
        return found

    def poll(self, target: Target, cursor: Cursor | None) -> Iterator[Page]:
        what = target.params["what"]
        polled = self._poll_inbox if what in INBOX else self._poll_public
        for page in polled(target, cursor):
            notes, self._notes = self._notes, []
            yield replace(page, warnings=[*notes, *page.warnings])

    def check(self) -> Check:
        """Asks for each subreddit, and whose account it is."""
        details: dict[str, str] = {}
        try:
            shelf = look(self.public, self._named, self.config.now())
            if not self._named:
                self.public.get("r/all/new", limit=1)
            details |= {f"r/{name}": shelf.closed.get(name, "can be read") for name in self._named}
            if self._has_account:
                me = self.signed_in.me()
                details["Account"] = f"u/{me['name']}"
                if refused := suspended(me):
                    return Check(False, refused.sentence, details)
        except SourceError as error:
            return Check(False, error.sentence, details)
        left = self.public.limits.left
        details |= {"Requests left": f"{left:,.0f}"} if left is not None else {}
        if shelf.closed:
            return Check(False, " ".join(left_out(*one) for one in shelf.closed.items()), details)
        return Check(True, "Reddit accepts the app.", details)

    def preview(self, query: str, limit: int = 50) -> Iterable[Record]:
        """The newest submissions for a query that is not saved yet. Raises QueryError, SourceError."""
        for text in coarse(parse(query)).searches[:1]:
            listing = self._search(text, self._places()[0])
            things, _ = self.public.listing(listing.path, **listing.params)
            yield from hear(things, {}).records[:limit]

    def parse_again(self, raw: Any) -> list[Record]:
        return [of_thing(raw, {})]

    def shown(self, handle: str) -> Shown | None:
        """What stands below a name on its profile; Reddit tells nothing of a suspended account but the name."""
        data = self._about(handle)
        if "id" not in data:
            return None
        profile = data.get("subreddit") or {}
        texts = (profile.get("public_description"), profile.get("title"))
        return Shown(f"t2_{data['id']}", tuple(str(text or "") for text in texts))

    def account(self, handle: str) -> Found:
        if refused := not_approved(self.config.settings):
            raise refused
        data = self._about(handle)
        if data.get("is_suspended"):
            return Found("suspended")
        return Found("there", f"t2_{data['id']}") if "id" in data else Found("not_found")

    def _about(self, handle: str) -> Mapping[str, Any]:
        """What Reddit tells of an account, nothing where there is none."""
        try:
            told = self.public.get(f"user/{quote(handle, safe='')}/about/")
        except SourceError as error:
            if error.code == "not_found":
                return {}
            raise
        data = told.get("data") if isinstance(told, dict) else None
        if not isinstance(data, dict) or not isinstance(data.get("subreddit") or {}, dict):
            raise schema("Reddit's answer is no account", repr(told))
        return data

    def hydrate(self, ids: Sequence[str]) -> Iterator[Status]:
        return statuses(self.public, ids, self.stored, self.config)

    def reply(self, answer: Outgoing) -> Sent:
        return answering.reply(self.signed_in, answer, self.config.now())

    def find_reply(self, answer: Outgoing, since: Any) -> Sent | None:
        return answering.find(self.signed_in, answer, since)

    @property
    def _has_account(self) -> bool:
        return has_account(self.config.settings, self.config.credentials)

    @cached_property
    def _named(self) -> list[str]:
        told = self.config.settings.get("subreddits") or ()
        return names(told.splitlines() if isinstance(told, str) else told)

    def _inbox(self) -> Iterator[Target]:
        for what, (_, label) in INBOX.items() if self._has_account else ():
            yield Target(f"inbox:{what}", label, params={"what": what})

    def _subreddits(self) -> Iterator[Target]:
        for number, group in enumerate(groups(self._named), 1):
            for what, label in SUBREDDITS.items():
                params = {"what": f"subreddits:{what}", "subreddits": list(group)}
                yield Target(f"{what}:{number}", f"{label} in r/{'+'.join(group)}"[:200], None, params)

    def _searches(self, tracked: Sequence[Tracked]) -> Iterator[Target]:
        """Brands that ask for the same words share a search."""
        wanted: dict[str, set[int]] = {}
        for brand in tracked:
            for query in brand.queries:
                for text in self._texts(query.text):
                    wanted.setdefault(text, set()).add(brand.brand_id)
        for text, brands in sorted(wanted.items()):
            only = next(iter(brands)) if len(brands) == 1 else None
            for number, place in enumerate(self._places()):
                digest = hashlib.sha256(f"{text}\n{number}".encode()).hexdigest()[:16]
                params = {"what": "search", "query": text, "subreddits": place}
                yield Target(f"search:{digest}", f"Search for {text}"[:200], only, params)

    def _texts(self, query: str) -> Sequence[str]:
        try:
            return coarse(parse(query)).searches
        except QueryError as error:
            self._notes.append(f"The query {query[:80]} is not searched for on Reddit: {error.sentence}")
            return ()

    def _places(self) -> list[list[str]]:
        """Where to search: an empty list is all of Reddit."""
        everywhere = is_on(self.config.settings.get("everywhere", True)) or not self._named
        return [[]] if everywhere else [list(group) for group in groups(self._named)]

    def _search(self, text: str, place: Sequence[str]) -> Listing:
        params = {"q": text, "sort": "new", "t": "all", "type": "link"}
        path = f"r/{'+'.join(place) or 'all'}/search/"
        return Listing(path, params | ({"restrict_sr": "on"} if place else {}), SEARCH_LAG)

    @property
    def _first(self) -> timedelta:
        days = float(self.config.settings.get("first_days") or 1)
        return min(timedelta(days=max(days, 0.01)), MOST_KEPT)

    def _poll_inbox(self, target: Target, cursor: Cursor | None) -> Iterator[Page]:
        """What is wrong with the account is told, and all else is read."""
        path, _ = INBOX[target.params["what"]]
        try:
            me = self._me
            listing = Listing(path, {"mark": "false"}, ORDER)
            heard = from_inbox(self.public, str(me["name"]))
            yield from pages(self.signed_in, listing, walked(cursor), self.config, self._first, heard)
        except SourceError as error:
            if error.code != "auth" or self._alone:
                raise
            yield Page(cursor=cursor or {}, done=True, warnings=[error.sentence])

    @cached_property
    def _me(self) -> Mapping[str, Any]:
        """Who is signed in. Raises SourceError for a suspended account."""
        me = self.signed_in.me()
        if refused := suspended(me):
            raise refused
        return me

    def _poll_public(self, target: Target, cursor: Cursor | None) -> Iterator[Page]:
        place = target.params["subreddits"]
        if not place:
            yield from self._walk(target, cursor, place, {})
            return
        shelf, now = shelf_of(cursor), self.config.now()
        if shelf.is_due(place, now):
            shelf = look(self.public, place, now)
        try:
            yield from self._open(target, cursor, shelf.closed, shelf.as_cursor())
        except Closed:
            shelf = look(self.public, place, now)
            if not shelf.closed:
                raise
            yield from self._open(target, cursor, shelf.closed, shelf.as_cursor())

    def _open(
        self, target: Target, cursor: Cursor | None, closed: Mapping[str, str], keep: Mapping[str, Any]
    ) -> Iterator[Page]:
        """Those that can be read; the others are named."""
        warnings = [left_out(*one) for one in closed.items()]
        readable = [name for name in target.params["subreddits"] if name not in closed]
        if not readable:
            yield Page(cursor={**walked(cursor).as_cursor(), **keep}, done=True, warnings=warnings)
            return
        for page in self._walk(target, cursor, readable, keep):
            yield replace(page, warnings=warnings)

    def _walk(
        self, target: Target, cursor: Cursor | None, place: Sequence[str], keep: Mapping[str, Any]
    ) -> Iterator[Page]:
        what = target.params["what"]
        if what == "search":
            listing = replace(self._search(target.params["query"], place), keep=keep)
        else:
            path = f"r/{'+'.join(place)}/{'comments/' if what == 'subreddits:comments' else 'new'}"
            listing = Listing(path, {}, ORDER, keep)
        heard = as_shown(self.public, self._own)
        yield from pages(self.public, listing, walked(cursor), self.config, self._first, heard)
