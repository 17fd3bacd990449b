"""Sample: a fictional market that goes on as time passes, for looking around before any network is connected.

Time and a seed decide everything: polling once an hour or once a month gives the same posts. Every id begins with
"sample:", so that nothing here is ever taken for a real post.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

from ingest.record import Author, Deletion, Record
from ingest.sources.base import Check, Config, Cursor, Field, Page, Policy, Source, SourceError, Target, Tracked
from ingest.sources.sample.market import MARKET, Market, SampleBrand, SampleHandle
from ingest.sources.sample.people import leaving, left_at
from ingest.sources.sample.posts import LINGERS, Post, hour_posts

__all__ = ["MARKET", "Market", "Sample", "SampleBrand", "SampleHandle"]

PAGE = 1000
HISTORY_DAYS = 90
OPENED = "2026-01-01"
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a poll may see: a record that appeared or changed, or a deletion."""

    at: datetime
    what: Record | Deletion


def _a_date(value: object) -> None:
    try:
        date.fromisoformat(str(value))
    except ValueError as error:
        raise ValueError(f"{value!r} is no date. Write it as 2026-01-31.") from error


class Sample(Source):
    """The sample market as a source like any other."""

    kind: ClassVar[str] = "sample"
    label: ClassVar[str] = "Sample market"
    network: ClassVar[str] = "sample"
    summary: ClassVar[str] = "Invented posts about an invented maker of coffee machines, to look around with."
    fields: ClassVar[tuple[Field, ...]] = (
        Field("seed", "Seed", default="earshot", help="Another word gives another market.", advanced=True),
        Field("days", "Days of history", "int", default=HISTORY_DAYS, help="Read on the first pull.", advanced=True),
        Field(
            "opened", "Opened on", default=OPENED, check=_a_date, advanced=True,
            help="Outages and launches are counted from this day: the last outage was nine days before it.",
        ),
    )  # fmt: skip
    policy: ClassVar[Policy] = Policy(keep_raw=False, sweep_days=None, note="Nobody wrote these posts.")
    every: ClassVar[timedelta] = timedelta(minutes=1)
    needs_account: ClassVar[bool] = False

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.seed = str(config.settings.get("seed") or "earshot")
        self.days = int(config.settings.get("days") or HISTORY_DAYS)
        self.opened = _opened(str(config.settings.get("opened") or OPENED))

    def targets(self, tracked: Sequence[Tracked]) -> list[Target]:
        """One: the whole market, whoever is tracked."""
        return [Target("market", "the sample market")]

    def poll(self, target: Target, cursor: Cursor | None) -> Iterator[Page]:
        """Pages of about 1,000 events, oldest first, from the cursor to now."""
        now = self.config.now().astimezone(UTC)
        after = datetime.fromisoformat(cursor["until"]) if cursor else now - timedelta(days=self.days)
        waiting: list[Event] = []
        for event in self._events(after, now):
            if len(waiting) >= PAGE and event.at > waiting[-1].at:
                yield _page(waiting, waiting[-1].at)
                waiting = []
                if self.config.out_of_time():
                    return
            waiting.append(event)
        yield _page(waiting, max(now, after), done=True)

    def check(self) -> Check:
        """Always well: nothing is asked of anybody."""
        return Check(True, "The sample market needs no connection.", {"seed": self.seed, "opened": str(self.opened)})

    def _events(self, after: datetime, now: datetime) -> Iterator[Event]:
        """What happened in (after, now], in order. A post already deleted by `now` is never shown."""
        pending: list[Event] = []
        hour = (after - LINGERS).replace(minute=0, second=0, microsecond=0)
        while hour <= now:
            for post in hour_posts(self.seed, self.opened, hour):
                pending += [event for event in _life(post, now, self.opened) if after < event.at <= now]
            pending += [
                _account_closed(at, who) for at, who in leaving(max(after, hour), min(now, hour + HOUR), self.opened)
            ]
            hour += HOUR
            pending.sort(key=lambda event: event.at)
            ready = sum(event.at < hour for event in pending)
            yield from pending[:ready]
            pending = pending[ready:]
        yield from pending


def _account_closed(at: datetime, author: Author) -> Event:
    network = author.id.split(":")[2]
    return Event(at, Deletion(network, "author", author.id, at=at))


def _life(post: Post, now: datetime, opened: date) -> Iterator[Event]:
    record = post.record
    left = left_at(record.author, opened)
    if left is not None and left <= record.published_at:
        return
    gone = (post.deleted_at is not None and post.deleted_at <= now) or (left is not None and left <= now)
    if not gone:
        changed = post.edited is not None and post.edited.edited_at is not None and post.edited.edited_at <= now
        yield Event(record.published_at, post.edited if changed and post.edited else record)
    if not gone and post.edited is not None and post.edited.edited_at is not None:
        yield Event(post.edited.edited_at, post.edited)
    if post.deleted_at is not None:
        deletion = Deletion(record.network, "post", record.external_id, at=post.deleted_at)
        yield Event(post.deleted_at, deletion)


def _page(events: Sequence[Event], until: datetime, done: bool = False) -> Page:
    records = [event.what for event in events if isinstance(event.what, Record)]
    return Page(
        records=records,
        deletions=[event.what for event in events if isinstance(event.what, Deletion)],
        cursor={"until": until.isoformat()},
        done=done,
        newest=max((record.published_at for record in records), default=None),
    )


def _opened(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise SourceError(
            f"The sample market can't open on {value!r}. Write the day as 2026-01-31.", code="settings", permanent=True
        ) from error
