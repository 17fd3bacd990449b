"""X as a source: what to ask for, in which order, within which budget.

Prices and limits as of 2026-08 (https://docs.x.com/x-api/getting-started/pricing): a post read costs $0.005, one that
mentions an account which owns the app $0.001, a user read $0.010. X bills a post once per UTC day however often it is
read; the budget here counts every read, so it is never exceeded.
"""

import hashlib
import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

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
    Source,
    SourceError,
    Status,
    Target,
    Tracked,
)
from ingest.sources.x.answering import KEYS, Writer
from ingest.sources.x.form import FIELDS, POLICY, USER_COST, is_on
from ingest.sources.x.reader import Answer, Reader
from ingest.sources.x.searching import notes, search_texts
from ingest.sources.x.walk import Place, Walk, read_place, set_out
from ingest.xapi.posts import chain_of, included, is_id, read_post, read_posts, snowflake_time
from ingest.xapi.problems import deletions_of, read_problems, warnings_of
from listening.query import QueryError, parse

logger = logging.getLogger(__name__)

REACH = timedelta(days=7) - timedelta(minutes=10)
MOST_MENTIONS = 800
MOST_NAMES = 100
NO_BUDGET = "The budget for X does not reach for it today."


@dataclass(frozen=True, slots=True)
class Estimate:
    """How much a query would find: posts of the last seven days, and what a month of them costs in US dollars."""

    posts_7_days: int
    posts_per_month: int
    dollars_per_month: float
    days: tuple[tuple[str, int], ...] = ()


class X(Source):
    kind: ClassVar[str] = "x"
    label: ClassVar[str] = "X"
    network: ClassVar[str] = "x"
    summary: ClassVar[str] = "Posts of the last seven days that match your queries, and mentions of your accounts."
    every: ClassVar[timedelta] = timedelta(minutes=10)
    budget_unit: ClassVar[str | None] = "posts"
    policy: ClassVar[Policy] = POLICY
    fields: ClassVar[tuple[Field, ...]] = FIELDS
    finds_accounts: ClassVar[bool] = True
    writes: ClassVar[bool] = True
    write_needs: ClassVar[tuple[str, ...]] = KEYS

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._reader = Reader(config)
        self._writer = Writer(config)

    @property
    def spent(self) -> int:  # type: ignore[override]
        """What this connection has used so far, in post reads, for callers of anything but `poll`."""
        return self._reader.spent + self._writer.spent

    def look_up(self, handles: Sequence[str]) -> Iterator[tuple[str, Found]]:
        """A hundred at a time (GET /2/users/by), as far as the budget reaches: each account that there is costs."""
        for start in range(0, len(handles), MOST_NAMES):
            some, left = handles[start : start + MOST_NAMES], self._reader.left()
            if self.config.out_of_time():
                return
            if left is not None and left < USER_COST * len(some):
                yield from ((handle, Found("unknown", why=NO_BUDGET)) for handle in some)
                continue
            try:
                yield from self._reader.accounts(some).items()
            except SourceError as error:
                yield from ((handle, Found("unknown", why=error.sentence)) for handle in some)

    def reply(self, answer: Outgoing) -> Sent:
        return self._writer.reply(answer)

    def find_reply(self, answer: Outgoing, since: datetime) -> Sent | None:
        return self._writer.find(answer, since)

    def targets(self, tracked: Sequence[Tracked]) -> list[Target]:
        """One target per account, and one per search text, which brands with the same text share."""
        found: dict[str, Target] = {}
        for brand in tracked:
            for target in (*self._accounts(brand), *self._searches(brand)):
                known = found.get(target.key, target)
                shared = known.brand_id != brand.brand_id
                found[target.key] = replace(known, brand_id=None) if shared else known
        return list(found.values())

    def poll(self, target: Target, cursor: Cursor | None) -> Iterator[Page]:
        place = read_place(cursor)
        if "handle" in target.params and place.user_id is None:
            user_id = self._user_id(target.params)
            if user_id is None:
                yield self._no_budget_page(place)
                return
            place = replace(place, user_id=user_id)
        reach = REACH if "query" in target.params else None
        place, holes = set_out(place, self.config.now(), self._first(), reach)
        for page in self._walk(target, place):
            yield replace(page, holes=holes, spent=self._reader.untold())
            holes = []

    def check(self) -> Check:
        """Reads no post: asks how many posts a word had, and how much of the plan is used."""
        try:
            self._reader.count("earshot")
        except SourceError as error:
            return Check(False, error.sentence, {"code": error.code})
        return Check(True, "X accepts the token, and the plan allows search.", self._reader.usage())

    def preview(self, query: str, limit: int = 50) -> Iterable[Record]:
        """The newest posts for a query that is not saved yet. They count against the budget."""
        for text in self._texts(query)[:1]:
            size = self._reader.size(10, min(100, max(10, limit)))
            if size is None:
                raise _no_budget()
            answer = self._reader.page(Target("preview", "Preview", params={"query": text}), {}, None, None, size)
            return answer.records[:limit]
        return []

    def estimate(self, query: str) -> Estimate:
        """How much a query would find, before it is saved. One counting request per part, which costs as one post."""
        days: Counter[str] = Counter()
        for text in self._texts(query):
            days.update(self._reader.count(text))
        week = days.total()
        month = round(week / 7 * 30)
        price = float(self.config.settings.get("price_per_post") or 0.005)
        return Estimate(week, month, round(month * price, 2), tuple(sorted(days.items())))

    def forecast(self, query: str) -> str:
        """The estimate against the month's budget, and what X's search cannot say."""
        if not self._texts(query):
            return " ".join(notes(parse(query)))
        found = self.estimate(query)
        told = (
            f"X had {found.posts_7_days:,} such posts in the last seven days: about {found.posts_per_month:,} and "
            f"${found.dollars_per_month:,.2f} a month."
        )
        budget = int(self.config.settings.get("monthly_posts") or 0)
        if budget:
            fits = "fits into" if found.posts_per_month <= budget else "is more than"
            told += f" That {fits} the budget of {budget:,} posts a month, which all queries share."
        return " ".join([told, *notes(parse(query))])

    def parse_again(self, raw: Any) -> list[Record]:
        return [read_post(raw)]

    def hydrate(self, ids: Sequence[str]) -> Iterator[Status]:
        """Read stored posts again, a hundred per request, as far as the budget goes; each id that was read is told."""
        for start in range(0, len(ids), 100):
            part = [one for one in ids[start : start + 100] if is_id(one)]
            size = self._reader.size(1)
            if size is None:
                return
            if part[:size]:
                yield from self._lookup(part[:size])

    def _lookup(self, ids: Sequence[str]) -> Iterator[Status]:
        """Statuses by the id of a chain's first version; edited posts are read in their newest version."""
        body, posts = self._reader.posts(ids)
        newer = [chain_of(post)[-1] for post in posts if chain_of(post)[-1] != str(post["id"])]
        edited: dict[str, Record] = {}
        if newer and self._reader.size(len(newer)) is not None:
            answer, later = self._reader.posts(newer)
            edited = {record.external_id: record for record in read_posts(later, included(answer))[0]}
        told: set[str] = set()
        for record in read_posts(posts, included(body))[0]:
            changed = edited.get(record.external_id)
            latest = changed or record
            yield Status(latest.external_id, "hidden" if latest.hidden else "changed" if changed else "alive", latest)
            told.add(latest.external_id)
        for problem in read_problems(body.get("errors")):
            if problem.what == "post" and problem.id is not None and problem.id in ids:
                yield Status(problem.id, problem.state)
                told.add(problem.id)
        yield from (Status(one, "alive") for one in ids if one not in told)  # X said nothing: no reason to delete

    def _accounts(self, brand: Tracked) -> Iterator[Target]:
        if not is_on(self.config.settings.get("mentions", True)):
            return
        for own in brand.handles:
            if own.network == "x":
                params = {"handle": own.handle} | ({"user_id": own.id} if own.id else {})
                yield Target(f"mentions:{own.handle.lower()}", f"Mentions of @{own.handle}", brand.brand_id, params)

    def _searches(self, brand: Tracked) -> Iterator[Target]:
        if not is_on(self.config.settings.get("search", True)):
            return
        own = sorted(handle.handle for handle in brand.handles if handle.network == "x")
        for query in brand.queries:
            try:
                texts = search_texts(parse(query.text), own)
            except QueryError as error:
                logger.warning("query %s is not searched for on X: %s", query.id, error.sentence)
                continue
            for text in texts:
                digest = hashlib.sha256(text.encode()).hexdigest()[:16]
                yield Target(f"search:{digest}", f"Search for {text}"[:200], brand.brand_id, {"query": text})

    def _texts(self, query: str) -> list[str]:
        return search_texts(parse(query))

    def _user_id(self, params: Mapping[str, Any]) -> str | None:
        """The numeric id that mentions are read by; asked for once and then kept in the cursor. None: no budget."""
        if told := params.get("user_id"):
            return str(told)
        left = self._reader.left()
        return self._reader.user_id(params["handle"]) if left is None or left >= USER_COST else None

    def _walk(self, target: Target, place: Place) -> Iterator[Page]:
        minimum = 10 if "query" in target.params else 5
        while place.walk is not None and not self.config.out_of_time():
            walk = place.walk
            if walk.start is not None and walk.start >= walk.end:
                yield Page(cursor=place.arrived(walk).as_cursor(), done=True)
                return
            size = self._reader.size(minimum)
            if size is None:
                yield self._no_budget_page(place)
                return
            try:
                answer = self._reader.page(target, walk.bounds(), walk.token, place.user_id, size)
            except SourceError as error:
                if walk.token is None or not _lost_token(error):
                    raise
                place = replace(place, walk=walk.without_token())
                continue
            place, page = self._advance(target, place, walk, answer)
            yield page
            if page.retry_at is not None:
                return

    def _advance(self, target: Target, place: Place, walk: Walk, answer: Answer) -> tuple[Place, Page]:
        walk = walk.after(answer.ids, answer.token)
        done = answer.token is None
        place = place.arrived(walk) if done else replace(place, walk=walk)
        warnings = warnings_of(answer.errors)
        if done and "handle" in target.params and walk.read >= MOST_MENTIONS:
            warnings.append(f"X gives the last {MOST_MENTIONS} mentions of an account; older ones may be missing.")
        page = Page(
            records=answer.records,
            broken=answer.broken,
            deletions=deletions_of(read_problems(answer.errors)),
            cursor=place.as_cursor(),
            done=done,
            retry_at=None if done else answer.window_end,
            warnings=warnings,
            newest=snowflake_time(walk.newest) if walk.newest else None,
        )
        return place, page

    def _first(self) -> timedelta:
        days = float(self.config.settings.get("first_days") or 1)
        return min(timedelta(days=max(days, 0.01)), REACH)

    def _no_budget_page(self, place: Place) -> Page:
        """Stop here and look again when the UTC day is over, when a day's or a month's budget may be new."""
        return Page(cursor=place.as_cursor(), retry_at=_midnight(self.config.now()), warnings=[_no_budget().sentence])


def _midnight(now: datetime) -> datetime:
    return (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def _no_budget() -> SourceError:
    return SourceError(
        "The budget of posts for this source is used up, or less of it is left than X gives at least. Reading goes on "
        "tomorrow or next month; raise the budget in the settings of this source to go on now.",
        code="quota",
    )


def _lost_token(error: SourceError) -> bool:
    return error.code == "settings" and ("next_token" in error.raw or "pagination_token" in error.raw)
