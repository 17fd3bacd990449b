"""Overview: a brand's period at a glance, each figure beside the period before."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.reports import breakdown, trend, volume
from dashboard.reports.breakdown import Slice, Voice
from dashboard.reports.coverage import Coverage, coverage
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import Period
from dashboard.reports.trend import Point
from dashboard.reports.volume import Totals
from listening.models import Brand


@dataclass(frozen=True, slots=True)
class Comparison:
    """Totals now and before; `before` is None and `why_not` a sentence where the two can't be compared."""

    now: Totals
    before: Totals | None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    brand: Brand
    period: Period
    previous: Period
    totals: Comparison
    coverage: Coverage
    trend: list[Point]
    networks: list[Slice]
    languages: list[Slice]
    voices: list[Voice]


def compare(brand: Brand, period: Period, narrow: Narrow = Narrow()) -> Comparison:  # noqa: B008
    """A period's totals beside those of the period before, when that one was collected."""
    previous = period.previous()
    then = coverage(brand, previous)
    now = volume.totals([brand], period, narrow)
    if not then.comparable:
        return Comparison(now, None, why_not(then))
    return Comparison(now, volume.totals([brand], previous, narrow))


def why_not(before: Coverage) -> str:
    """Why a period can't be compared with the one before."""
    if before.share <= 0:
        return "Not comparable: the period before was not collected."
    return f"Not comparable: only {before.share:.0%} of the period before was collected."


def overview(
    brand: Brand,
    period: Period,
    rivals: Sequence[Brand] = (),
    narrow: Narrow = Narrow(),  # noqa: B008
) -> Overview:
    """Everything that the overview page shows; `rivals` are those that the reader may see."""
    now = coverage(brand, period)
    totals = compare(brand, period, narrow)
    previous = period.previous()
    return Overview(
        brand=brand,
        period=period,
        previous=previous,
        totals=totals,
        coverage=now,
        trend=trend.trend(brand, period, now, narrow),
        networks=breakdown.by("network", brand, period, narrow),
        languages=breakdown.by("language", brand, period, narrow),
        voices=breakdown.share_of_voice(brand, rivals, period, previous if totals.before else None, narrow),
    )
