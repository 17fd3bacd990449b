"""Spikes: what stood out, how much, and what drove it; and how far the judge of each measure has come."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dashboard.reports import mentions as lists
from dashboard.reports.mentions import Row
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import HOUR, Period, instants
from dashboard.spikes.drivers import narrow_of
from dashboard.templatetags.earshot import times
from listening.models import Brand, Measure, Mention, Spike, SpikeWatch, Theme
from listening.spikes.detector import LEARN_BUCKETS

SHOWN = 50
NEAR = timedelta(hours=6)
LEAST_USUAL = 0.5
"""A ratio to less than that many mentions an hour says little."""
WORDS = ((10.0, "Exceptional"), (6.5, "Strong"), (0.0, "Clear"))
"""By the score in standard deviations; an alert takes 3.25 or more."""


@dataclass(frozen=True, slots=True)
class Part:
    """One network's or theme's part of a spike; `usual` is its usual share, None where nothing is known of it."""

    name: str
    value: str
    count: int
    share: float
    usual: float | None
    of_largest: float


@dataclass(frozen=True, slots=True)
class Shown:
    """One spike. `period` spans it whole, `peak` its highest hour; `narrow` says which mentions it counts; `theme` is
    the name of the theme that it is about. `inside` are spikes of single networks and themes at the same time."""

    spike: Spike
    word: str
    period: Period
    peak: Period
    narrow: Narrow
    total: int
    length: timedelta
    parts: list[Part]
    themes: list[Part]
    posts: list[Row]
    theme: str = ""
    inside: "tuple[Shown, ...]" = ()

    @property
    def running(self) -> bool:
        return self.spike.ended_at is None

    @property
    def of_complaints(self) -> bool:
        return self.spike.measure == Measure.COMPLAINTS

    @property
    def height(self) -> str:
        """ "6.2 times the usual", or, where next to nothing is usual, the count itself."""
        if self.spike.expected >= LEAST_USUAL:
            return f"{times(self.spike.strength)} times the usual"
        return f"{self.spike.peak:,} in one hour, usually next to none"

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
    whole = list(Spike.objects.whole().filter(brand=brand)[: most + 1])
    parts = Spike.objects.filter(brand=brand).exclude(network="", theme="")
    if len(whole) > most:
        parts = parts.filter(began_at__gte=whole[most - 1].began_at)
    inside, alone = _placed(whole[:most], list(parts[: most * 4]))
    listed = sorted([*whole[:most], *alone], key=lambda spike: spike.began_at, reverse=True)
    posts, names = _posts(brand, listed[:most]), _names(brand)
    shown = [_shown(brand, spike, posts, names, now, inside.get(spike.pk, ())) for spike in listed[:most]]
    return Spikes(shown, _watching(brand), len(whole) > most or len(listed) > most)


def _placed(whole: Sequence[Spike], parts: Sequence[Spike]) -> tuple[dict[int, list[Spike]], list[Spike]]:
    """Spikes of parts by the spike of the whole in whose time they fall, of the same measure if there is one; and those
    that stood out alone."""
    inside: dict[int, list[Spike]] = defaultdict(list)
    alone = []
    for part in parts:
        around = [one for one in whole if _together(one, part)]
        same = [one for one in around if one.measure == part.measure]
        if around:
            inside[(same or around)[0].pk].append(part)
        else:
            alone.append(part)
    return inside, alone


def _together(one: Spike, other: Spike) -> bool:
    """Whether both ran at the same time, or nearly."""
    far = datetime.max.replace(tzinfo=UTC)
    end, other_end = (spike.ended_at + NEAR if spike.ended_at else far for spike in (one, other))
    return one.began_at < other_end and other.began_at < end


def _names(brand: Brand) -> dict[str, str]:
    return {str(theme.pk): theme.title for theme in Theme.objects.filter(brand=brand)}


def within(brand: Brand, period: Period) -> list[Spike]:
    """The spikes of the brand as a whole that began in a period."""
    return list(Spike.objects.whole().filter(brand=brand, began_at__gte=period.start, began_at__lt=period.end))


def word(rare: float) -> str:
    return next(name for least, name in WORDS if rare >= least)


def _posts(brand: Brand, found: Iterable[Spike]) -> dict[int, Row]:
    wanted = {pk for spike in found for pk in spike.drivers.get("mentions", ())}
    mentions = Mention.objects.filter(brand=brand, pk__in=wanted).counted()
    whole = mentions.select_related("author").defer(*lists.DEFERRED)
    return {row.mention.pk: row for row in lists.rows(brand, whole)}


def _shown(
    brand: Brand,
    spike: Spike,
    posts: dict[int, Row],
    names: dict[str, str],
    now: datetime,
    inside: Iterable[Spike] = (),
) -> Shown:
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
        parts=[] if spike.network else _parts(spike, "networks"),
        themes=_parts(spike, "themes", names),
        posts=[posts[pk] for pk in spike.drivers.get("mentions", ()) if pk in posts],
        theme=names.get(spike.theme, "a theme that is gone") if spike.theme else "",
        inside=tuple(_shown(brand, one, {}, names, now) for one in inside),
    )


def _parts(spike: Spike, which: str, names: Mapping[str, str] | None = None) -> list[Part]:
    """Those that have a name, where they need one."""
    told = [(str(value), count, usual) for value, count, usual in spike.drivers.get(which, [])]
    largest = max((count for _, count, _ in told), default=0)
    total = spike.drivers.get("total", 0)
    return [
        Part(value if names is None else names[value], value, n, n / total if total else 0.0, usual, n / largest)
        for value, n, usual in told
        if names is None or value in names
    ]


def _watching(brand: Brand) -> list[Watching]:
    whole = SpikeWatch.objects.filter(brand=brand, network="", theme="").defer("state")
    watches = {watch.measure: watch for watch in whole}
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
