"""Overview: a brand's period at a glance, each figure beside the period before."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.reports import breakdown, trend, volume
from dashboard.reports.breakdown import Slice, Voice
from dashboard.reports.cells import fewer, sums
from dashboard.reports.coverage import Coverage, coverage, coverages
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import Period
from dashboard.reports.readers import Readers, readers
from dashboard.reports.trend import Point
from dashboard.reports.volume import Totals
from listening.models import Brand

CELL = ("brand_id", "network", "language", "mood", "is_complaint", "is_addressed")


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

    @property
    def readers(self) -> Readers:
        """Which engines the sentiment of the period comes from."""
        return readers(self.trend)


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
    previous = period.previous()
    now, then = coverages(brand, period, previous)
    cells = sums([brand], period, narrow, *CELL)
    own = volume.of_brands([brand], fewer(cells, 0, 3, 4, 5))
    voices = {**own, **(volume.per_brand(rivals, period, narrow) if rivals else {})}
    voices_before = volume.per_brand([brand, *rivals], previous, narrow) if then.comparable else {}
    totals = Comparison(voices[brand.pk], voices_before.get(brand.pk), "" if then.comparable else why_not(then))
    return Overview(
        brand=brand,
        period=period,
        previous=previous,
        totals=totals,
        coverage=now,
        trend=trend.trend(brand, period, now, narrow),
        networks=breakdown.of_cells(fewer(cells, 1, 3)),
        languages=breakdown.of_cells(fewer(cells, 2, 3)),
        voices=breakdown.voices(brand, rivals, voices, voices_before),
    )
