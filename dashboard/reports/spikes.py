"""Spikes: what stood out, how much, and what drove it; and how far the judge of each measure has come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dashboard.reports import mentions as lists
from dashboard.reports.mentions import Row
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import HOUR, Period, instants
from dashboard.spikes.drivers import narrow_of
from listening.models import Brand, Measure, Mention, Spike, SpikeWatch
from listening.spikes.detector import LEARN_BUCKETS

SHOWN = 50
WORDS = ((10.0, "Exceptional"), (6.5, "Strong"), (0.0, "Clear"))
"""By the score in standard deviations; an alert takes 3.25 or more."""


@dataclass(frozen=True, slots=True)
class Part:
    """One network's part of a spike; `usual` is its usual share, None where nothing is known of it."""

    network: str
    count: int
    share: float
    usual: float | None
    of_largest: float


@dataclass(frozen=True, slots=True)
class Shown:
    """One spike. `period` spans it whole, `peak` its highest hour; `narrow` says which mentions it counts."""

    spike: Spike
    word: str
    period: Period
    peak: Period
    narrow: Narrow
    total: int
    length: timedelta
    parts: list[Part]
    posts: list[Row]

    @property
    def running(self) -> bool:
        return self.spike.ended_at is None

    @property
    def of_complaints(self) -> bool:
        return self.spike.measure == Measure.COMPLAINTS

    @property
    def share(self) -> float:
        """Of the peak hour's mentions, those that are complaints."""
        return self.spike.peak / self.spike.peak_of if self.spike.peak_of else 0.0

    @property
    def usual_share(self) -> float:
        return self.spike.expected / self.spike.peak_of if self.spike.peak_of else 0.0


@dataclass(frozen=True, slots=True)
class Watching:
    """One measure's judge. `days` of `needed` are known; less is not enough to tell what is usual."""

    label: str
    days: int
    needed: int
    judged_until: datetime | None

    @property
    def learning(self) -> bool:
        return self.days < self.needed


@dataclass(frozen=True, slots=True)
class Spikes:
    """The latest first; `more` when older ones are not shown."""

    shown: list[Shown]
    watching: list[Watching]
    more: bool


def spikes(brand: Brand, now: datetime, most: int = SHOWN) -> Spikes:
    """What the page of spikes shows."""
    found = list(Spike.objects.filter(brand=brand)[: most + 1])
    posts = _posts(brand, found[:most])
    return Spikes([_shown(brand, spike, posts, now) for spike in found[:most]], _watching(brand), len(found) > most)


def within(brand: Brand, period: Period) -> list[Spike]:
    """The spikes that began in a period."""
    return list(Spike.objects.filter(brand=brand, began_at__gte=period.start, began_at__lt=period.end))


def word(rare: float) -> str:
    return next(name for least, name in WORDS if rare >= least)


def _posts(brand: Brand, found: Iterable[Spike]) -> dict[int, Row]:
    wanted = {pk for spike in found for pk in spike.drivers.get("mentions", ())}
    mentions = Mention.objects.filter(brand=brand, pk__in=wanted).counted()
    whole = mentions.select_related("author").defer(*lists.DEFERRED)
    return {row.mention.pk: row for row in lists.rows(brand, whole)}


def _shown(brand: Brand, spike: Spike, posts: dict[int, Row], now: datetime) -> Shown:
    zone = ZoneInfo(brand.time_zone)
    until = spike.ended_at or max(spike.began_at + HOUR, now.replace(minute=0, second=0, microsecond=0))
    return Shown(
        spike=spike,
        word=word(spike.rare),
        period=instants(spike.began_at, until, zone, now),
        peak=instants(spike.peak_at, spike.peak_at + HOUR, zone, now),
        narrow=narrow_of(spike),
        total=spike.drivers.get("total", 0),
        length=until - spike.began_at,
        parts=_parts(spike),
        posts=[posts[pk] for pk in spike.drivers.get("mentions", ()) if pk in posts],
    )


def _parts(spike: Spike) -> list[Part]:
    networks = spike.drivers.get("networks", [])
    largest = max((count for _, count, _ in networks), default=0)
    total = sum(count for _, count, _ in networks)
    return [
        Part(network, count, count / total if total else 0.0, usual, count / largest if largest else 0.0)
        for network, count, usual in networks
    ]


def _watching(brand: Brand) -> list[Watching]:
    watches = {watch.measure: watch for watch in SpikeWatch.objects.filter(brand=brand).defer("state")}
    needed = LEARN_BUCKETS // 24
    return [
        Watching(
            label=measure.label,
            days=min(needed, watches[measure].hours // 24) if measure in watches else 0,
            needed=needed,
            judged_until=watches[measure].judged_until if measure in watches else None,
        )
        for measure in Measure
    ]
