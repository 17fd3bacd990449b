"""Trend: mentions per hour or day by sentiment, with what was not collected told apart from silence."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from dashboard.reports.cells import sums
from dashboard.reports.coverage import Coverage
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import Bucket, Period
from dashboard.reports.volume import Totals, of_cell
from listening.models import Brand

READ = ("mood", "is_unsure", "engine")


@dataclass(frozen=True, slots=True)
class Point:
    """One bucket. `totals` is None where nothing was collected and nothing came in later: unknown, not zero.

    `unsure` of its mentions are too close to call; `engines` is how many of them each engine's version read.
    """

    bucket: Bucket
    totals: Totals | None
    collected: str
    why: str = ""
    unsure: int = 0
    engines: Mapping[str, int] = field(default_factory=dict)


def trend(brand: Brand, period: Period, coverage: Coverage, narrow: Narrow = Narrow()) -> list[Point]:  # noqa: B008
    """One point per bucket of the period, in order."""
    buckets = period.buckets()
    by_day = not period.hourly and brand.time_zone == period.zone.key
    starts = [datetime.fromisoformat(b.label).date() if by_day else b.start for b in buckets]
    found: dict[int, Totals] = defaultdict(Totals)
    unsure: Counter[int] = Counter()
    engines: dict[int, Counter[str]] = defaultdict(Counter)
    for start, mood, close, engine, n in sums([brand], period, narrow, "day" if by_day else "hour", *READ):
        place = bisect_right(starts, start) - 1
        found[place] += of_cell(mood, False, False, n)
        unsure[place] += n * close
        engines[place][engine] += n
    points = [_point(bucket, found.get(i), coverage) for i, bucket in enumerate(buckets)]
    return [replace(point, unsure=unsure[i], engines=dict(engines[i])) for i, point in enumerate(points)]


def _point(bucket: Bucket, totals: Totals | None, coverage: Coverage) -> Point:
    collected = coverage.of(bucket)
    if collected == "full":
        return Point(bucket, totals or Totals(), collected)
    if collected == "part":
        return Point(bucket, totals or Totals(), collected, coverage.why(bucket))
    return Point(bucket, totals, collected, coverage.why(bucket) if collected == "none" else "")
