"""Breakdown: the same mentions by network, by language, and by brand (share of voice)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dashboard.reports.cells import Sums, sums
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import Period
from dashboard.reports.volume import Totals, of_cell
from listening.models import Brand


@dataclass(frozen=True, slots=True)
class Slice:
    """One value of a dimension, its totals, its share of all (0 to 1) and of the largest one (for bars)."""

    value: str
    totals: Totals
    share: float
    of_largest: float


@dataclass(frozen=True, slots=True)
class Voice:
    """One brand's part of what is said about it and its rivals; `before` is None where it can't be compared."""

    brand: Brand
    mentions: int
    share: float
    before: float | None
    of_largest: float


def by(
    dimension: Literal["network", "language"],
    brand: Brand,
    period: Period,
    narrow: Narrow = Narrow(),  # noqa: B008
) -> list[Slice]:
    """The values of a dimension, the largest first."""
    return of_cells(sums([brand], period, narrow, dimension, "mood"))


def of_cells(cells: Sums) -> list[Slice]:
    """The values of a dimension from the sums by it and by mood, the largest first."""
    found: dict[str, Totals] = defaultdict(Totals)
    for value, mood, n in cells:
        found[value] += of_cell(mood, False, False, n)
    return slices(found)


def slices(found: dict[str, Totals]) -> list[Slice]:
    """Sorted by size, then by name."""
    total = sum(totals.mentions for totals in found.values()) or 1
    largest = max((totals.mentions for totals in found.values()), default=0) or 1
    ordered = sorted(found.items(), key=lambda item: (-item[1].mentions, item[0]))
    return [Slice(value, t, t.mentions / total, t.mentions / largest) for value, t in ordered if t.mentions]


def voices(
    brand: Brand, rivals: Sequence[Brand], now: Mapping[int, Totals], before: Mapping[int, Totals]
) -> list[Voice]:
    """Share of voice: the brand first, then its rivals by size. Without rivals there is nothing to share.

    `now` and `before` are totals by brand id; `before` is empty where the period before can't be compared.
    """
    if not rivals:
        return []
    whole, whole_before = _mentions(now), _mentions(before)
    largest = max(totals.mentions for totals in now.values()) or 1
    ordered = [brand, *sorted(rivals, key=lambda rival: (-now[rival.pk].mentions, rival.name))]
    return [
        Voice(
            one,
            now[one.pk].mentions,
            now[one.pk].mentions / whole if whole else 0.0,
            before[one.pk].mentions / whole_before if whole_before else None,
            now[one.pk].mentions / largest,
        )
        for one in ordered
    ]


def _mentions(totals: Mapping[int, Totals]) -> int:
    return sum(one.mentions for one in totals.values())
