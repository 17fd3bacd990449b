"""The contract that every source keeps: targets to poll, pages of records, one family of errors.

A source is a stranger to the database, to Celery and to the other sources. It is built from plain values, asked for
its targets, and polled target by target. It yields pages; whoever called it stores a page and its cursor in one
transaction, so a source may be killed after any page and goes on from there. It never sleeps for a rate limit: it
raises `SourceError(retry_after=...)` or ends with `Page(retry_at=...)`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, ClassVar, Literal

from ingest.answers import Outgoing, ReplyTo, Sent, not_yours, too_long
from ingest.bands import SWEPT, Band, bands_of
from ingest.record import Deletion, OwnHandle, Record
from ingest.trouble import SourceError
from listening.budget import Budget, next_day, units

__all__ = [
    "SWEPT",
    "Band",
    "Budget",
    "OwnHandle",
    "Outgoing",
    "ReplyTo",
    "Sent",
    "SourceError",
    "next_day",
    "not_yours",
    "too_long",
]
"""What belongs to the contract and lives elsewhere; what stands below is named without this list."""

Cursor = Mapping[str, Any]


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
class Policy:
    """What the network's terms oblige us to; each with its source in the module that sets it.

    How long a text may be kept stands in `listening.retention`, by network, because posts come by file, too.

    `keep_raw`       may the raw answer be stored
    `sentiment`      may text be scored ("yes", "attested": only after the admin attested an agreement)
    `reply_to`       verdicts that may be answered at all; the line keeps to them (listening.line.terms)
    `sweep_days`     how often stored posts must be read again to follow deletions, None = never; where there are no
    `bands`          how often by the age of a post, the youngest first, each with its source in the module that sets it
    `trainable`      may text train a model (`NOT_TRAINABLE` says it by network, for posts that came another way)
    `note`           one sentence for the admin with the link to the terms
    """

    keep_raw: bool = True
    sentiment: Literal["yes", "attested"] = "yes"
    reply_to: tuple[str, ...] = ("mentioned", "replied", "quoted")
    sweep_days: int | None = 1
    bands: tuple[Band, ...] = ()
    trainable: bool = True
    note: str = ""


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
class Declared:
    """What the author of a post declared about reuse: `bulk`, may the posts go into exports; None: nobody answered."""

    external_id: str
    bulk: bool | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What an account shows of itself: the texts of its profile, and its stable id as in `ingest.record.Account`."""

    id: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a look for an account found: `id` is its stable id as in `ingest.record.Account`, "" where not told; `why`
    says, where it is "unknown", why nobody could tell."""

    state: Literal["there", "suspended", "not_found", "unknown"]
    id: str = ""
    why: str = ""


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
    declares: ClassVar[bool] = False
    """Whether `declared` can be asked: people say there whether their posts may go into bulk data sets."""
    finds_accounts: ClassVar[bool] = False
    """Whether `look_up` can tell which accounts there are."""
    remembers: ClassVar[bool] = False
    """Whether `hydrate` wants to see in `stored` what was kept beside each post: {external id: raw}."""
    leaves_out: ClassVar[bool] = False
    """Whether `hydrate` calls gone what the network leaves out of its answer, without a word."""
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
        return bands_of(cls.policy.bands, cls.policy.sweep_days, settings)

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

    def account(self, handle: str) -> Found:
        """Whether there is this account, at a network that shows profiles. Raises SourceError."""
        shown = self.shown(handle)
        return Found("there", shown.id) if shown else Found("not_found")

    def look_up(self, handles: Sequence[str]) -> Iterator[tuple[str, Found]]:
        """Which of these accounts there are, each as soon as it is known; those for which no time is left come not."""
        for handle in handles:
            if self.config.out_of_time():
                return
            try:
                yield handle, self.account(handle)
            except SourceError as error:
                yield handle, Found("unknown", why=error.sentence)

    def hydrate(self, ids: Sequence[str]) -> Iterator[Status]:
        """What became of stored posts; sources whose stream tells deletions answer nothing."""
        return iter(())

    def declared(self, ids: Sequence[str]) -> Iterator[Declared]:
        """What the authors of these posts declared; posts that nobody came to before the time was over are left out."""
        return iter(())

    @classmethod
    def budget(cls, settings: Mapping[str, Any]) -> Budget:
        """How many units may be spent."""
        daily, monthly = (settings.get(name) for name in ("daily_posts", "monthly_posts"))
        return Budget(units(daily), units(monthly), cls.budget_zone)

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
