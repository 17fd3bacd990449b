"""Health of a source: is it collecting, since when not, why, and what should be done."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Sum

from ingest.sources import CATALOGUE, load
from ingest.sources.base import Source as Kind
from listening.budget import day_of
from listening.models import Source, Spend

SLACK = timedelta(minutes=10)
TODO = {
    "auth": "Enter new credentials below: the network no longer accepts the stored ones.",
    "plan": "Choose a plan at the network that includes this, or pause the source.",
    "quota": "Nothing, it goes on by itself; raise the budget below if that is too late.",
    "rate_limit": "Nothing: it goes on by itself.",
    "not_found": "Check the address: it worked before, or never did.",
    "schema": "The network changed its answers. Look for a newer Earshot; nothing is lost until then.",
    "network": "Nothing if it is short. Else check that this machine reaches the network.",
    "server": "Nothing: the network has trouble, and is tried again by itself.",
    "settings": "Correct the setting that the sentence names, then test the connection.",
    "internal": "Nothing yet: it is tried again by itself. If it stays, report it with the raw message.",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`mood` is the badge's class: good, waiting, danger, or plain for paused; `word` is what it says."""

    mood: str
    word: str
    sentence: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """Units spent and allowed (None: no limit); `forecast` is units a month at the pace of the last seven days."""

    unit: str
    today: int
    daily: int | None
    month: int
    monthly: int | None
    forecast: int

    @property
    def short(self) -> bool:
        """Whether the month's budget will not last at the present pace."""
        return self.monthly is not None and self.forecast > self.monthly


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    source: Source
    label: str
    network: str
    verdict: Verdict
    every: timedelta
    stream: bool
    lag: timedelta | None
    budget: Budget | None
    set_aside: int
    skipped: dict[str, int] = field(default_factory=dict)

    @property
    def expected(self) -> str:
        return "all the time" if self.stream else f"every {span(self.every)}"


def judge(source: Source, every: timedelta, stream: bool, now: datetime) -> Verdict:
    """The verdict of one source from its row. Pure."""
    if source.state == Source.State.PAUSED:
        return Verdict("plain", "Paused", "It was paused by hand.", "Resume it when you want it to collect again.")
    todo = TODO.get(source.error_code, "")
    if source.state == Source.State.BROKEN:
        return Verdict("danger", "Needs attention", source.error_sentence or "It stopped.", todo)
    if source.error_code in ("rate_limit", "quota"):
        return Verdict("waiting", "Waiting for the network", source.error_sentence, todo)
    if source.error_code:
        return Verdict("danger", "Trying again", source.error_sentence, todo)
    if source.last_success_at is None:
        return _before_the_first(source, now)
    if now - source.last_success_at > max(3 * every, every + SLACK):
        return Verdict(
            "danger",
            "Not collecting",
            f"Last success {span(now - source.last_success_at)} ago (expected every {span(every)}).",
            "Check that worker and beat are running: the address /healthz says which part is not.",
        )
    return Verdict("good", "Collecting", f"Last success {span(now - source.last_success_at)} ago.")


def _before_the_first(source: Source, now: datetime) -> Verdict:
    if source.last_started_at is None and now - source.created_at > SLACK:
        sentence = f"It waits since {span(now - source.created_at)} for its first pull."
        return Verdict("danger", "Not started", sentence, "Check that worker and beat are running: see /healthz.")
    return Verdict("waiting", "Starting", "The first pull is on its way.")


def health_of(sources: Iterable[Source], now: datetime) -> list[Health]:
    """One Health a source, in their order."""
    rows = list(sources)
    aside = dict(Source.objects.filter(pk__in=[s.pk for s in rows]).values_list("pk").annotate(n=Count("quarantine")))
    return [
        _health(source, load(source.kind), aside.get(source.pk, 0), now) for source in rows if source.kind in CATALOGUE
    ]


def _health(source: Source, kind: type[Kind], aside: int, now: datetime) -> Health:
    every = every_of(source, kind)
    last = source.pulls.first()
    newest = source.newest_post_at
    return Health(
        source=source,
        label=kind.label,
        network=kind.network,
        verdict=judge(source, every, kind.stream, now),
        every=every,
        stream=kind.stream,
        lag=now - newest if newest else None,
        budget=_budget(source, kind, now) if kind.budget_unit else None,
        set_aside=aside,
        skipped=dict(last.counts.get("skipped") or {}) if last else {},
    )


def every_of(source: Source, kind: type[Kind]) -> timedelta:
    """How often it is pulled: its own setting, else the network's default."""
    return timedelta(minutes=int(source.settings.get("every_minutes") or 0)) or kind.every


def _budget(source: Source, kind: type[Kind], now: datetime) -> Budget:
    today = day_of(now, kind.budget_zone)
    week, allowed = _units(source, day__gt=today - timedelta(days=7)), kind.budget(source.settings)
    return Budget(
        unit=kind.budget_unit or "",
        today=_units(source, day=today),
        daily=allowed.daily,
        month=_units(source, day__year=today.year, day__month=today.month),
        monthly=allowed.monthly,
        forecast=round(week / min(7, max(1, (now - source.created_at).days + 1)) * 30),
    )


def _units(source: Source, **when: Any) -> int:
    return Spend.objects.filter(source=source, **when).aggregate(n=Sum("units"))["n"] or 0


def span(length: timedelta) -> str:
    """A length of time in its largest unit: "5 min", "9 h", "3 d"."""
    seconds = max(0, int(length.total_seconds()))
    for size, name in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {name}"
    return f"{seconds} s"
