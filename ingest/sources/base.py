"""The contract that every source keeps: targets to poll, pages of records, one family of errors.

A source is a stranger to the database, to Celery and to the other sources. It is built from plain values, asked for
its targets, and polled target by target. It yields pages; whoever called it stores a page and its cursor in one
transaction, so a source may be killed after any page and goes on from there. It never sleeps for a rate limit: it
raises `SourceError(retry_after=...)` or ends with `Page(retry_at=...)`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, ClassVar, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from ingest.record import Deletion, Record
from listening import faults

Cursor = Mapping[str, Any]


class SourceError(Exception):
    """A source could not be read.

    `sentence`    for people: what happened, why, what to do next
    `code`        "rate_limit", "quota", "auth", "plan", "not_found", "schema", "network", "server", "settings"
    `permanent`   True: do not try again before somebody changed something
    `retry_at`    aware UTC time before which trying again is useless, None where the caller may choose
    `raw`         the network's own words, shortened; of an answer of an unknown shape only the shape, for it may hold
                  posts of people whom nobody asked yet whether they may be heard
    """

    def __init__(
        self,
        sentence: str,
        *,
        code: str,
        permanent: bool = False,
        retry_at: datetime | None = None,
        raw: str = "",
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
        self.permanent = permanent
        self.retry_at = retry_at
        self.raw = (faults.shape_of(raw) if code == "schema" else raw)[:2000]


@dataclass(frozen=True, slots=True)
class Hole:
    """A stretch of time that could not be read, with the reason as a sentence; becomes a Gap row."""

    start: datetime
    end: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Broken:
    """One post that could not be read: its raw form and why. It is set aside with a Retry button."""

    raw: Any
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one answer of the network held.

    `cursor`   where to go on, JSON-compatible; stored in the same transaction as the records
    `done`     True on the last page of this poll: caught up with the network
    `spent`    units of the source's budget that this page cost (X: posts read), 0 where nothing is counted
    `retry_at` the network asks to be left alone until then (aware UTC)
    `warnings` sentences for the admin; `skipped` counts per reason of posts left out on purpose
    `newest`   time of the newest post that the network has shown, for lag; None keeps the former value
    """

    records: Sequence[Record] = ()
    deletions: Sequence[Deletion] = ()
    cursor: Cursor
    done: bool = False
    spent: int = 0
    retry_at: datetime | None = None
    warnings: Sequence[str] = ()
    skipped: Mapping[str, int] = field(default_factory=dict)
    holes: Sequence[Hole] = ()
    broken: Sequence[Broken] = ()
    newest: datetime | None = None


@dataclass(frozen=True, slots=True)
class OwnHandle:
    """One of a brand's own accounts: handle without "@", stable id where known."""

    network: str
    handle: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class TrackedQuery:
    id: int
    text: str
    version: int = 1


@dataclass(frozen=True, slots=True)
class Tracked:
    """One brand as sources see it; the last two are what it decided about complaints (`ingest.match.Rules`)."""

    brand_id: int
    slug: str
    name: str
    queries: tuple[TrackedQuery, ...] = ()
    handles: tuple[OwnHandle, ...] = ()
    engine: str = ""
    """The sentiment engine that the brand chose; empty for the installation's."""
    threshold: float | None = None
    kind_phrases: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to poll with a cursor of its own: a search, a feed, a hashtag, a stream.

    `key` is stable between runs and names the cursor row (at most 200 characters). `label` is for people.
    `brand_id` is set where only one brand caused the target. `params` are the source's own.
    """

    key: str
    label: str
    brand_id: int | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Field:
    """One setting or credential that an admin fills in; forms are made from these.

    `type`: "text", "url", "int", "bool", "list" (one value a line), "choice", "secret" (always a credential).
    `advanced` fields are folded away. `check` may raise ValueError with a sentence.
    """

    name: str
    label: str
    type: Literal["text", "url", "int", "bool", "list", "choice", "secret"] = "text"
    required: bool = False
    default: Any = None
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    advanced: bool = False
    check: Callable[[Any], None] | None = None


SWEEP_MINUTES = Field(
    "sweep_minutes",
    "Look new posts up again every (minutes)",
    "int",
    default=10,
    help="So that what is deleted there goes here too. Fewer minutes cost the network more requests.",
    advanced=True,
)


@dataclass(frozen=True, slots=True)
class Band:
    """Posts up to this age (None: all that are kept) are looked up again so often."""

    age: timedelta | None
    every: timedelta


@dataclass(frozen=True, slots=True)
class Policy:
    """What the network's terms oblige us to; each with its source in the module that sets it.

    `text_days`      days after which text must be dropped or read again, None = as long as the brand keeps it
    `keep_raw`       may the raw answer be stored
    `sentiment`      may text be scored ("yes", "attested": only after the admin attested an agreement)
    `reply_to`       verdicts that may be answered at all; the line keeps to them (listening.line.terms)
    `sweep_days`     how often stored posts must be read again to follow deletions, None = never; where there are no
    `bands`          how often by the age of a post, the youngest first, each with its source in the module that sets it
    `trainable`      may text train a model (`NOT_TRAINABLE` says it by network, for posts that came another way)
    `note`           one sentence for the admin with the link to the terms
    """

    text_days: int | None = None
    keep_raw: bool = True
    sentiment: Literal["yes", "attested"] = "yes"
    reply_to: tuple[str, ...] = ("mentioned", "replied", "quoted")
    sweep_days: int | None = 1
    bands: tuple[Band, ...] = ()
    trainable: bool = True
    note: str = ""


SWEPT = timedelta(days=30)
"""How long posts are looked up again where the network's policy says nothing else."""

NOT_TRAINABLE: Mapping[str, str] = {
    "x": "X allows no training on its content (docs.x.com/developer-terms/restricted-use-cases).",
    "reddit": "Reddit allows no training on its content without an agreement (redditinc.com/policies/data-api-terms).",
    "youtube": "YouTube allows no data derived from its content without an agreement "
    "(developers.google.com/youtube/terms/derived-metrics-policy).",
}
"""Networks whose posts teach no model, however they came here (a file holds posts of a network too), and why."""

ATTESTED: Mapping[str, str] = {"youtube": "attested_on"}
"""Networks whose posts are judged by no engine before an admin attested an agreement, and the setting of their source
that says on which day (`Policy.sentiment`)."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Units that may be spent in a day and in a month, None: no limit."""

    daily: int | None = None
    monthly: int | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """Answer of "test connection": `ok`, a sentence, and details such as the plan, quota or newest post."""

    ok: bool
    sentence: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Status:
    """What `hydrate` found out about a stored post; "unwilling": its author has asked since not to be listened to."""

    external_id: str
    state: Literal["alive", "gone", "hidden", "changed", "unwilling"]
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What an account shows of itself: the texts of its profile, and its stable id as in `ingest.record.Account`."""

    id: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReplyTo:
    """The post that is answered: its id as in `Record.external_id`, and its address for people."""

    external_id: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One answer on its way out. `key` and `written_at` stay the same however often it is tried: by them a network
    that can recognises it. `own` are the brand's accounts on this network: nobody answers as anybody else.
    """

    to: ReplyTo
    text: str
    key: UUID
    written_at: datetime
    own: tuple[OwnHandle, ...]
    language: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer that stands at the network: its id there and its address."""

    external_id: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything a source needs, as plain values.

    `settings` and `credentials` hold the values of the source's fields; `now` gives aware UTC time;
    `out_of_time` answers True when the caller's time budget is spent (a stream looks after each frame);
    `allowance` is how many budget units may still be spent in this pull, None = no limit.
    """

    settings: Mapping[str, Any]
    credentials: Mapping[str, str]
    now: Callable[[], datetime]
    out_of_time: Callable[[], bool] = lambda: False
    allowance: int | None = None


class Source(ABC):
    """One network.

    `fields` must hold "api_url" (advanced; default: the official host) where the source talks to a host, so that a
    proxy, another instance or a loopback server can stand in.
    """

    kind: ClassVar[str]
    label: ClassVar[str]
    network: ClassVar[str]
    summary: ClassVar[str]
    fields: ClassVar[tuple[Field, ...]] = ()
    policy: ClassVar[Policy] = Policy()
    every: ClassVar[timedelta] = timedelta(minutes=5)
    stream: ClassVar[bool] = False
    needs_account: ClassVar[bool] = True
    budget_unit: ClassVar[str | None] = None
    budget_zone: ClassVar[str] = "UTC"
    """Where the network's days begin, for budgets of a day."""
    shows_profiles: ClassVar[bool] = False
    """Whether `shown` can be asked, so that people can prove an account by putting a code into its profile."""
    remembers: ClassVar[bool] = False
    """Whether `hydrate` wants to see in `stored` what was kept beside each post: {external id: raw}."""
    stored: Mapping[str, Any] = MappingProxyType({})
    writes: ClassVar[bool] = False
    """Whether Earshot can answer there; if so, the fields of `write_needs` must be filled in for it."""
    write_needs: ClassVar[tuple[str, ...]] = ()
    spent: int = 0
    """Units of the budget that this connection has used so far; for callers of anything but `poll`."""

    def __init__(self, config: Config) -> None:
        self.config = config

    @classmethod
    def sweeps(cls, settings: Mapping[str, Any]) -> tuple[Band, ...]:
        """How often stored posts are looked up again, by age; empty where they are not.

        "sweep_minutes" is the admin's word on the youngest, "sweep_days" on all others.
        """
        policy = cls.policy
        if not policy.bands and policy.sweep_days is None:
            return ()
        usual = (Band(timedelta(days=1), timedelta(hours=1)), Band(SWEPT, timedelta(days=policy.sweep_days or 1)))
        first, *others = policy.bands or usual
        if settings.get("sweep_minutes"):
            first = replace(first, every=timedelta(minutes=int(settings["sweep_minutes"])))
        if settings.get("sweep_days"):
            days = timedelta(days=int(settings["sweep_days"]))
            others = [replace(band, every=days) for band in others]
            first = first if others else replace(first, every=days)
        return (first, *(replace(band, every=max(band.every, first.every)) for band in others))

    @abstractmethod
    def targets(self, tracked: Sequence[Tracked]) -> list[Target]:
        """What to poll for these brands; the same brands give the same keys."""

    @abstractmethod
    def poll(self, target: Target, cursor: Cursor | None) -> Iterator[Page]:
        """Pages from `cursor` (None: first time, a modest back-fill) until caught up or out of time.

        Raises SourceError. Pages yielded before the error count.
        """

    @abstractmethod
    def check(self) -> Check:
        """Try the connection as the admin's "test connection" does; never raises SourceError."""

    def preview(self, query: str, limit: int = 50) -> Iterable[Record]:
        """Freshly fetched posts for a query that is not saved yet; empty where the network cannot."""
        return ()

    def forecast(self, query: str) -> str:
        """What following a query would cost, in a sentence; empty where reading is free. Raises SourceError."""
        return ""

    def parse_again(self, raw: Any) -> list[Record]:
        """Read a post that was set aside once more, after an upgrade perhaps; empty where it still cannot be read."""
        return []

    def shown(self, handle: str) -> Shown | None:
        """What an account shows of itself; None where there is no such account. Raises SourceError."""
        return None

    def hydrate(self, ids: Sequence[str]) -> Iterator[Status]:
        """What became of stored posts; sources whose stream tells deletions answer nothing."""
        return iter(())

    @classmethod
    def budget(cls, settings: Mapping[str, Any]) -> Budget:
        """How many units may be spent."""
        told = (settings.get(name) for name in ("daily_posts", "monthly_posts"))
        return Budget(*(None if value in (None, "") else int(str(value)) for value in told))

    @classmethod
    def may_write(cls, settings: Mapping[str, Any], credentials: Mapping[str, str]) -> bool:
        """Whether a source that is set up like this can send answers."""
        told = {**settings, **credentials}
        return cls.writes and all(told.get(name) not in (None, "", False, "false") for name in cls.write_needs)

    def reply(self, answer: Outgoing) -> Sent:
        """Send an answer. Raises SourceError: `permanent` or with `retry_at` when it certainly was not sent; anything
        else means that nobody knows, and whoever called asks `find_reply` before it tries again."""
        raise SourceError("Earshot can't answer on this network.", code="settings", permanent=True)

    def find_reply(self, answer: Outgoing, since: datetime) -> Sent | None:
        """The answer as it stands at the network, if an earlier attempt (after `since`) has sent it."""
        return None


def next_day(now: datetime, zone: str = "UTC") -> datetime:
    """The first moment of the next day in a time zone, aware UTC."""
    there = now.astimezone(ZoneInfo(zone))
    tomorrow = (there + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return tomorrow.astimezone(UTC)


def not_yours(account: str, own: Sequence[OwnHandle]) -> SourceError:
    """The account that a source signs in with is none of the brand's."""
    whose = ", ".join(f"@{handle.handle}" for handle in own) or "none is named"
    return SourceError(
        f"This source signs in as @{account}, which is none of the brand's own accounts ({whose}). Name it in the "
        "brand's settings, or enter the credentials of the brand's account in the source's settings.",
        code="settings",
        permanent=True,
    )


def too_long(used: int, most: int) -> SourceError:
    return SourceError(
        f"The answer is too long for this network: {used:,} of {most:,}. Write it anew, shorter.",
        code="settings",
        permanent=True,
    )
