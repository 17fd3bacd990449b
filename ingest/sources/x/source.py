"""X as a source: what to ask for, within which budget, and what the answers mean.

Prices and limits as of 2026-08 (https://docs.x.com/x-api/getting-started/pricing): a post read costs $0.005, one that
mentions an account which owns the app $0.001, a user read $0.010. X bills a post once per UTC day however often it is
read; the budget here counts every read, so it is never exceeded.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

import requests
import tweepy

from ingest.record import Record
from ingest.sources.base import (
    Broken,
    Check,
    Config,
    Cursor,
    Field,
    Page,
    Policy,
    Source,
    SourceError,
    Status,
    Target,
    Tracked,
)
from ingest.sources.x.client import OFFICIAL, POST_FIELDS, USER_FIELDS, Client, check_address
from ingest.sources.x.failures import failure, read_json, schema, window_end
from ingest.sources.x.walk import Place, Walk, read_place, set_out
from ingest.xapi.posts import chain_of, included, read_post, read_posts, snowflake_time
from ingest.xapi.problems import deletions_of, read_problems, warnings_of
from listening.query import QueryError, coarse, parse

logger = logging.getLogger(__name__)

LONGEST_QUERY = 512
NO_ADVERTISEMENTS = " -is:nullcast"
REACH = timedelta(days=7) - timedelta(minutes=10)
MOST_MENTIONS = 800
USER_COST = 2
"""A user read costs twice as much as a post read."""

RULES = (
    "X sells access by use and ties each app to one use case: describe yours to X when you create the app, and note "
    "here what was approved. X says that asking end users to register apps for a tool's purposes may be enforced "
    "against, so register this app for your own organisation, never on behalf of others, and keep its keys to this "
    "installation. Rules: https://docs.x.com/developer-terms/policy"
)


@dataclass(frozen=True, slots=True)
class Estimate:
    """How much a query would find: posts of the last seven days, and what a month of them costs in US dollars."""

    posts_7_days: int
    posts_per_month: int
    dollars_per_month: float
    days: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One page as X gave it."""

    records: list[Record]
    broken: list[Broken]
    ids: list[str]
    errors: list[Any]
    token: str | None
    window_end: datetime | None


class X(Source):
    kind: ClassVar[str] = "x"
    label: ClassVar[str] = "X"
    network: ClassVar[str] = "x"
    summary: ClassVar[str] = "Posts of the last seven days that match your queries, and mentions of your accounts."
    every: ClassVar[timedelta] = timedelta(minutes=10)
    budget_unit: ClassVar[str | None] = "posts"
    policy: ClassVar[Policy] = Policy(
        text_days=None,
        keep_raw=True,
        sweep_days=1,
        trainable=False,
        note=RULES,
    )
    fields: ClassVar[tuple[Field, ...]] = (
        Field("bearer_token", "Bearer token", "secret", required=True, help="From your app in X's developer console."),
        Field("use_case", "Approved use case", required=True, help=RULES),
        Field("monthly_posts", "Posts to read per month at most", "int", default=10_000, help="10,000 posts cost $50."),
        Field("daily_posts", "Posts to read per day at most", "int", help="Empty: only the month's budget counts."),
        Field("search", "Search for the brands' queries", "bool", default=True),
        Field("mentions", "Read mentions of the brands' own accounts", "bool", default=True),
        Field("first_days", "Days to look back at the start", "int", default=1, help="X search reaches back 7 days."),
        Field("expand_users", "Read authors too", "bool", default=False, help=f"Names cost {USER_COST} reads each."),
        Field("expand_posts", "Read answered and quoted posts too", "bool", default=False, help="A read for each."),
        Field("price_per_post", "Price of a post in US dollars", default="0.005", advanced=True),
        Field("price_per_mention", "Price of an own mention in US dollars", default="0.001", advanced=True),
        Field(
            "field_names",
            "Names of fields",
            "choice",
            default="tweet",
            choices=(("tweet", "tweet.fields (documented)"), ("post", "post.fields (new)")),
            advanced=True,
        ),
        Field("api_url", "API address", "url", default=OFFICIAL, advanced=True, check=check_address),
    )

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.spent = 0
        self._told = 0
        self._client = Client(
            config.credentials.get("bearer_token", ""),
            str(config.settings.get("api_url") or OFFICIAL),
            str(config.settings.get("field_names") or "tweet"),
        )

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
            found = self._user_id(target)
            if isinstance(found, Page):
                yield replace(found, cursor=place.as_cursor())
                return
            place = replace(place, user_id=found)
        reach = REACH if "query" in target.params else None
        place, holes = set_out(place, self.config.now(), self._first(), reach)
        for page in self._walk(target, place):
            yield replace(page, holes=holes, spent=self._untold())
            holes = []

    def check(self) -> Check:
        """Reads no post: asks how many posts a word had, and how much of the plan is used."""
        try:
            body = self._count("earshot")
        except SourceError as error:
            return Check(False, error.sentence, {"code": error.code})
        if "data" not in body and "meta" not in body:
            return Check(False, schema("X answered something unexpected", str(body)).sentence, {"code": "schema"})
        return Check(True, "X accepts the token, and the plan allows search.", self._usage())

    def preview(self, query: str, limit: int = 50) -> Iterable[Record]:
        """The newest posts for a query that is not saved yet. They count against the budget."""
        for text in self._texts(query)[:1]:
            size = self._size(10, min(100, max(10, limit)))
            if size is None:
                raise _no_budget()
            end = Walk(end=self.config.now())
            answer = self._page(Target("preview", "Preview", params={"query": text}), end, None, size, bounded=False)
            return answer.records[:limit]
        return []

    def estimate(self, query: str) -> Estimate:
        """What a query would find and cost, before it is saved. One counting request per part ($0.005 each)."""
        days: dict[str, int] = {}
        for text in self._texts(query):
            for one in self._count(text).get("data") or ():
                days[one["start"]] = days.get(one["start"], 0) + int(one.get("tweet_count", one.get("post_count", 0)))
        week = sum(days.values())
        month = round(week / 7 * 30)
        price = float(self.config.settings.get("price_per_post") or 0.005)
        return Estimate(week, month, round(month * price, 2), tuple(sorted(days.items())))

    def parse_again(self, raw: Any) -> list[Record]:
        return [read_post(raw)]

    def hydrate(self, ids: Sequence[str]) -> Iterator[Status]:
        """Read stored posts again, a hundred per request, as far as the budget goes; `spent` tells how far."""
        for start in range(0, len(ids), 100):
            part = [one for one in ids[start : start + 100] if one.isdigit()]
            left = self._left()
            if left is not None:
                part = part[:left]
            if part:
                yield from self._lookup(part)

    def _lookup(self, ids: Sequence[str]) -> Iterator[Status]:
        body, posts = self._posts(ids)
        newer = {chain_of(post)[-1]: post for post in posts if chain_of(post)[-1] != str(post.get("id"))}
        edited: dict[str, Record] = {}
        if newer and (self._left() is None or (self._left() or 0) >= len(newer)):
            answer, later = self._posts(list(newer))
            edited = {record.external_id: record for record in read_posts(later, included(answer))[0]}
        for record in read_posts(posts, included(body))[0]:
            changed = edited.get(record.external_id)
            latest = changed or record
            yield Status(latest.external_id, "hidden" if latest.hidden else "changed" if changed else "alive", latest)
        for problem in read_problems(body.get("errors")):
            if problem.what == "post" and problem.id is not None and problem.id in ids:
                yield Status(problem.id, problem.state)

    def _posts(self, ids: Sequence[str]) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]]:
        body = self._ask(lambda: self._client.get_tweets(list(ids), **self._wanted()))
        posts: list[Mapping[str, Any]] = [
            post for post in body.get("data") or () if isinstance(post, dict) and "id" in post
        ]
        self.spent += len(posts)
        return body, posts

    def _accounts(self, brand: Tracked) -> Iterator[Target]:
        if not _yes(self.config.settings.get("mentions", True)):
            return
        for own in brand.handles:
            if own.network == "x":
                params = {"handle": own.handle} | ({"user_id": own.id} if own.id else {})
                yield Target(f"mentions:{own.handle.lower()}", f"Mentions of @{own.handle}", brand.brand_id, params)

    def _searches(self, brand: Tracked) -> Iterator[Target]:
        if not _yes(self.config.settings.get("search", True)):
            return
        for query in brand.queries:
            try:
                texts = self._texts(query.text)
            except QueryError as error:
                logger.warning("query %s is not searched for on X: %s", query.id, error.sentence)
                continue
            for text in texts:
                digest = hashlib.sha256(text.encode()).hexdigest()[:16]
                yield Target(f"search:{digest}", f"Search for {text}"[:200], brand.brand_id, {"query": text})

    def _texts(self, query: str) -> list[str]:
        """What to type into X's search so that nothing which the query matches is missed; no advertisements."""
        return [_without_advertisements(text) for text in coarse.x(parse(query))]

    def _user_id(self, target: Target) -> str | Page:
        """The numeric id that mentions are read by; asked for once and then kept in the cursor."""
        if told := target.params.get("user_id"):
            return str(told)
        left = self._left()
        if left is not None and left < USER_COST:
            return _budget_page(self.config.now())
        handle = target.params["handle"]
        body = self._ask(lambda: self._client.get_users(usernames=[handle]))
        users = body.get("data") or []
        self.spent += USER_COST * len(users)
        if not users:
            raise SourceError(
                f"X knows no account @{handle}, or it is suspended. Check the brand's handles.",
                code="not_found",
                raw=str(body.get("errors")),
            )
        return str(users[0]["id"])

    def _walk(self, target: Target, place: Place) -> Iterator[Page]:
        minimum = 10 if "query" in target.params else 5
        while place.walk is not None and not self.config.out_of_time():
            walk = place.walk
            if walk.start is not None and walk.start >= walk.end:
                yield Page(cursor=place.arrived(walk).as_cursor(), done=True)
                return
            size = self._size(minimum)
            if size is None:
                yield replace(_budget_page(self.config.now()), cursor=place.as_cursor())
                return
            try:
                answer = self._page(target, walk, place.user_id, size)
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

    def _page(self, target: Target, walk: Walk, user_id: str | None, size: int, bounded: bool = True) -> Answer:
        params = self._wanted() | (walk.bounds() if bounded else {}) | {"max_results": size}
        if "query" in target.params:
            params |= {"next_token": walk.token}
            response = self._call(lambda: self._client.search_recent_tweets(target.params["query"], **params))
        else:
            params |= {"pagination_token": walk.token}
            response = self._call(lambda: self._client.get_users_mentions(user_id, **params))
        return self._read(response)

    def _read(self, response: requests.Response) -> Answer:
        """One page; anything that is not shaped like one is a changed API, not an empty page."""
        body = read_json(response)
        data, meta = body.get("data", []), body.get("meta")
        if not isinstance(data, list) or not isinstance(meta, dict) or (not data and meta.get("result_count", 0)):
            raise schema("X's answer is not a page of posts", response.text)
        came_along = included(body)
        records, broken = read_posts(data, came_along)
        if broken and not records:
            raise schema(f"None of {len(broken)} posts in X's answer could be read ({broken[0].reason})", response.text)
        self.spent += len(data) + len(came_along.posts) + USER_COST * len(came_along.users)
        ids = [str(post["id"]) for post in data if isinstance(post, dict) and str(post.get("id")).isdigit()]
        errors = body.get("errors") or []
        return Answer(records, broken, ids, errors, meta.get("next_token"), window_end(response, self.config.now()))

    def _wanted(self) -> dict[str, str]:
        """Fields to ask for. Expansions cost money, so each is a setting."""
        wanted = {"tweet_fields": ",".join(POST_FIELDS)}
        expansions = []
        if _yes(self.config.settings.get("expand_users")):
            expansions.append("author_id")
            wanted["user_fields"] = ",".join(USER_FIELDS)
        if _yes(self.config.settings.get("expand_posts")):
            expansions.append("referenced_tweets.id")
        return wanted | ({"expansions": ",".join(expansions)} if expansions else {})

    def _size(self, minimum: int, most: int = 100) -> int | None:
        """How many posts may be asked for now, None where fewer are left than X gives at least."""
        left = self._left()
        if left is None:
            return most
        settings = self.config.settings
        per_post = 1 + 2 * _yes(settings.get("expand_posts")) + USER_COST * _yes(settings.get("expand_users"))
        size = min(most, left // per_post)
        return size if size >= minimum else None

    def _left(self) -> int | None:
        return None if self.config.allowance is None else max(0, self.config.allowance - self.spent)

    def _untold(self) -> int:
        """What was spent since a page told last."""
        untold, self._told = self.spent - self._told, self.spent
        return untold

    def _first(self) -> timedelta:
        days = float(self.config.settings.get("first_days") or 1)
        return min(timedelta(days=max(days, 0.01)), REACH)

    def _count(self, text: str) -> Mapping[str, Any]:
        """How many posts a search text had on each of the last seven days. A request costs as much as a post."""
        body = self._ask(lambda: self._client.get_recent_tweets_count(text, granularity="day"))
        self.spent += 1
        return body

    def _usage(self) -> dict[str, str]:
        """Details for the admin. X does not tell them to every token; that is no reason to fail a check."""
        try:
            told = self._ask(self._client.usage).get("data") or {}
        except SourceError as error:
            return {"usage": f"not told ({error.code})"}
        names = {"project_usage": "posts read", "project_cap": "posts allowed", "cap_reset_day": "resets on day"}
        return {label: str(told[name]) for name, label in names.items() if name in told}

    def _ask(self, call: Callable[[], requests.Response]) -> Mapping[str, Any]:
        return read_json(self._call(call))

    def _call(self, call: Callable[[], requests.Response]) -> requests.Response:
        try:
            return call()
        except (tweepy.TweepyException, requests.RequestException, AttributeError, TypeError, ValueError) as error:
            raise failure(error, self.config.now()) from error


def _without_advertisements(text: str) -> str:
    narrowed = f"({text}){NO_ADVERTISEMENTS}"
    return narrowed if len(narrowed) <= LONGEST_QUERY else text


def _budget_page(now: datetime) -> Page:
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return Page(cursor={}, retry_at=midnight, warnings=[_no_budget().sentence])


def _no_budget() -> SourceError:
    return SourceError(
        "The budget of posts for this source is used up, or less of it is left than X gives at least. Reading goes on "
        "tomorrow or next month; raise the budget in the settings of this source to go on now.",
        code="quota",
    )


def _lost_token(error: SourceError) -> bool:
    return error.code == "settings" and ("next_token" in error.raw or "pagination_token" in error.raw)


def _yes(value: Any) -> bool:
    return value in (True, "true", "True", "on", "1", 1)
