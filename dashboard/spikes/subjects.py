"""Subjects: what is judged for spikes: a brand as a whole, its busier networks, and its busier themes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from dashboard.reports.cells import sums
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import Period
from listening.models import Brand, Measure, Spike, SpikeWatch, ThemeState

LATELY = timedelta(days=28)
LEAST = 56  # mentions lately: below two a day an hour can hardly stand out
MOST_THEMES = 20


@dataclass(frozen=True, slots=True)
class Subject:
    """A part of a brand; both "" for the whole. `theme` is the id as text."""

    network: str = ""
    theme: str = ""

    @classmethod
    def of(cls, row: Spike | SpikeWatch) -> Self:
        return cls(row.network, row.theme)

    @property
    def whole(self) -> bool:
        return not self.network and not self.theme

    def narrow(self, measure: str) -> Narrow:
        """Which mentions count for one measure of it."""
        complaint = True if measure == Measure.COMPLAINTS else None
        return Narrow(network=(self.network,) if self.network else (), theme=self.theme, complaint=complaint)


def subjects(brand: Brand, now: datetime) -> list[Subject]:
    """What is judged now. Themes wait while the brand's mentions are being sorted anew: their counts are incomplete."""
    period = Period(now - LATELY, now, now, ZoneInfo("UTC"))
    return [Subject(), *_networks(brand, period), *_themes(brand, period)]


def _networks(brand: Brand, period: Period) -> Iterator[Subject]:
    """None where there is only one: it is the whole."""
    counts: dict[str, int] = dict(sums([brand], period, Narrow(), "network"))
    if len(counts) > 1:
        yield from (Subject(network=network) for network, n in sorted(counts.items()) if n >= LEAST)


def _themes(brand: Brand, period: Period) -> Iterator[Subject]:
    if not ThemeState.objects.filter(brand=brand, walking=False).exists():
        return
    shown = set(brand.themes.shown().values_list("pk", flat=True))
    counts = {pk: n for pk, n in sums([brand], period, Narrow(), "theme_id") if pk in shown and n >= LEAST}
    busiest = sorted(counts, key=lambda pk: (-counts[pk], pk))[:MOST_THEMES]
    yield from (Subject(theme=str(pk)) for pk in sorted(busiest))
