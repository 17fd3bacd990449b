"""Forgetting: how soon after its deletion at a network a post was gone from here, measured, and what is promised."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet, Sum

from ingest.sources import CATALOGUE, load
from ingest.sources.base import Band
from listening.models import Brand, PurgeDelay, Source
from listening.models.purge_delay import longest_in

DAYS = 30


@dataclass(frozen=True, slots=True)
class Delay:
    """Of `n` deleted posts half were gone within `p50` and 95 % within `p95`.

    `told`: the networks said when each was deleted. Else some are counted from when the post was last seen alive, so
    that the true delay is at most this.
    """

    n: int
    p50: timedelta
    p95: timedelta
    told: bool

    @property
    def sentence(self) -> str:
        most = "" if self.told else "at most "
        posts = "1 deleted post was" if self.n == 1 else f"{self.n:,} deleted posts were"
        return f"{posts} gone from here: half within {most}{up(self.p50)}, 95 % within {most}{up(self.p95)}."


@dataclass(frozen=True, slots=True)
class Forgetting:
    """One source: the delay of the last 30 days, None where nothing was deleted, and how deletions are followed."""

    label: str
    delay: Delay | None
    followed: str

    @property
    def half(self) -> str:
        return up(self.delay.p50) if self.delay else ""

    @property
    def most(self) -> str:
        return up(self.delay.p95) if self.delay else ""


def of_source(source: Source, now: datetime) -> Forgetting:
    kind = load(source.kind)
    rows = PurgeDelay.objects.filter(source=source)
    return Forgetting(kind.label, _delay(rows, now), _followed(kind.stream, kind.sweeps(source.settings)))


def of_brand(brand: Brand, now: datetime) -> list[Forgetting]:
    """Each source that reads for this brand now, but for files and the sample."""
    rows = brand.sources.filter(state=Source.State.ON, kind__in=CATALOGUE).exclude(kind__in=("file", "sample"))
    return sorted((of_source(source, now) for source in rows), key=lambda one: one.label)


def _delay(rows: QuerySet[PurgeDelay], now: datetime) -> Delay | None:
    recent = rows.filter(day__gt=(now - timedelta(days=DAYS)).date())
    counts: Counter[int] = Counter()
    told = True
    for bucket, exact, n in recent.values_list("bucket", "told").annotate(n=Sum("n")):
        counts[bucket] += n
        told = told and exact
    if not counts:
        return None
    return Delay(counts.total(), _within(counts, 0.5), _within(counts, 0.95), told)


def _within(counts: Mapping[int, int], share: float) -> timedelta:
    """The upper end of the bucket in which the share is reached."""
    wanted, so_far = share * sum(counts.values()), 0
    for bucket in sorted(counts):
        so_far += counts[bucket]
        if so_far >= wanted:
            return longest_in(bucket)
    raise AssertionError


def up(length: timedelta) -> str:
    """A length of time in words that is never rounded down: "90 seconds", "12 minutes", "3 hours", "4 days"."""
    seconds = math.ceil(length.total_seconds())
    for size, name, above in ((86_400, "day", 48 * 3600), (3600, "hour", 7200), (60, "minute", 120)):
        if seconds > above:
            return _counted(math.ceil(seconds / size), name)
    return _counted(seconds, "second")


def _counted(n: int, name: str) -> str:
    return f"{n:,} {name}" if n == 1 else f"{n:,} {name}s"


def _followed(stream: bool, bands: tuple[Band, ...]) -> str:
    """How deletions at the network are noticed, in a sentence."""
    if not bands:
        return "Nothing tells what is deleted there, and it can't be looked up again: step out to have it erased here."
    looked = ", ".join(_band(band) for band in bands)
    if stream:
        return (
            f"The network tells deletions as they happen. In case one is missed, posts are looked up again: {looked}."
        )
    return f"Posts are looked up again: {looked}."


def _band(band: Band) -> str:
    age = f"those up to {_exact(band.age)} old" if band.age else "older ones"
    return f"{age} every {_exact(band.every).removeprefix('1 ')}"


def _exact(length: timedelta) -> str:
    """Of a setting, which is a whole number of something."""
    minutes = round(length.total_seconds() / 60)
    for size, name in ((1440, "day"), (60, "hour")):
        if minutes >= size and minutes % size == 0:
            return _counted(minutes // size, name)
    return _counted(minutes, "minute")
