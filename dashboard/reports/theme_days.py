"""Days of a theme: what of a brand's mentions and complaints fell into it, day by day, and what was not collected."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dashboard.reports.cells import sums
from dashboard.reports.coverage import Coverage, coverage
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import Bucket, Period
from listening.models import Brand, Theme

COLLECTED = 0.5  # share of a day from which on it counts


@dataclass(frozen=True, slots=True)
class Counted:
    """One local day: sorted mentions of the brand, its complaints, and the same of the theme."""

    day: date
    mentions: int
    complaints: int
    themed: int
    themed_complaints: int


@dataclass(frozen=True, slots=True)
class Daily:
    """One point per bucket, None where nothing was collected or is yet to come."""

    buckets: Sequence[Bucket]
    points: Sequence[Counted | None]
    coverage: Coverage

    def enough(self, bucket: Bucket) -> bool:
        """Whether at least half of the day was collected by some source."""
        gaps = (gap.within(bucket.start, bucket.end) for gap in self.coverage.missing)
        lost = sum((gap.length for gap in gaps if gap), timedelta())
        return lost <= (1 - COLLECTED) * (bucket.end - bucket.start)


def daily(brand: Brand, theme: Theme, period: Period) -> Daily:
    """Every day of a period of whole days in the brand's zone."""
    found = coverage(brand, period)
    counted = _counted(brand, target(theme), period)
    buckets = period.buckets()
    points = [
        None if found.of(bucket) in {"none", "future"} else counted.get(day, Counted(day, 0, 0, 0, 0))
        for bucket in buckets
        for day in [date.fromisoformat(bucket.label[:10])]
    ]
    return Daily(buckets, points, found)


def target(theme: Theme) -> Theme:
    """The theme that its mentions are counted in: the one that it was merged into, or itself."""
    return theme.merged_into or theme


def _counted(brand: Brand, theme: Theme, period: Period) -> dict[date, Counted]:
    """Sums per local day; days without a sorted mention are left out."""
    cells = sums([brand], period, Narrow(), "theme_id", "is_complaint", "day")
    by_day: dict[date, list[tuple[bool, bool, int]]] = defaultdict(list)
    for found, complaint, day, n in cells:
        by_day[day].append((found == theme.pk, complaint, n))
    return {day: _sum(day, parts) for day, parts in by_day.items()}


def _sum(day: date, parts: Iterable[tuple[bool, bool, int]]) -> Counted:
    mentions = complaints = themed = both = 0
    for is_theme, complaint, n in parts:
        mentions += n
        complaints += n * complaint
        themed += n * is_theme
        both += n * (is_theme and complaint)
    return Counted(day, mentions, complaints, themed, both)
