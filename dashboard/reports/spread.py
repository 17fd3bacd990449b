"""Spread: which networks and languages a brand's mentions come in, for the choices of a filter."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache

from dashboard.reports.cells import sums
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import Period
from listening.models import Brand

KEEP = 300  # seconds: choices may lag behind a new language, figures never


@dataclass(frozen=True, slots=True)
class Spread:
    """Values, the most frequent first."""

    networks: tuple[str, ...]
    languages: tuple[str, ...]


def spread(brand: Brand, period: Period) -> Spread:
    """The networks and languages of a period."""
    key = f"spread:{brand.pk}:{period.start:%Y%m%d%H}:{period.end:%Y%m%d%H}"
    found: tuple[tuple[str, ...], tuple[str, ...]] | None = cache.get(key)
    if found is None:
        cells = sums([brand], period, Narrow(), "network", "language")
        found = (_ordered((network, n) for network, _, n in cells), _ordered((code, n) for _, code, n in cells))
        cache.set(key, found, KEEP if cells else 10)
    return Spread(*found)


def _ordered(counted: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    totals: dict[str, int] = {}
    for value, n in counted:
        totals[value] = totals.get(value, 0) + n
    return tuple(sorted(totals, key=lambda value: (-totals[value], value)))
