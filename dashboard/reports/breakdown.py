"""Breakdown: the same mentions by network, by language, and by brand (share of voice)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dashboard.reports.cells import sums
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import Period
from dashboard.reports.volume import Totals, of_cell, per_brand
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
    found: dict[str, Totals] = defaultdict(Totals)
    for value, mood, n in sums([brand], period, narrow, dimension, "mood"):
        found[value] += of_cell(mood, False, False, n)
    return slices(found)


def slices(found: dict[str, Totals]) -> list[Slice]:
    """Sorted by size, then by name."""
    total = sum(totals.mentions for totals in found.values()) or 1
    largest = max((totals.mentions for totals in found.values()), default=0) or 1
    ordered = sorted(found.items(), key=lambda item: (-item[1].mentions, item[0]))
    return [Slice(value, t, t.mentions / total, t.mentions / largest) for value, t in ordered if t.mentions]


def share_of_voice(
    brand: Brand,
    rivals: Sequence[Brand],
    period: Period,
    before: Period | None,
    narrow: Narrow = Narrow(),  # noqa: B008
) -> list[Voice]:
    """The brand first, then its rivals by size. Without rivals there is nothing to share: an empty list."""
    if not rivals:
        return []
    brands = [brand, *rivals]
    now = {pk: totals.mentions for pk, totals in per_brand(brands, period, narrow).items()}
    then = {pk: t.mentions for pk, t in per_brand(brands, before, narrow).items()} if before else {}
    whole, whole_before, largest = sum(now.values()), sum(then.values()), max(now.values()) or 1
    ordered = [brand, *sorted(rivals, key=lambda rival: (-now[rival.pk], rival.name))]
    return [
        Voice(
            one,
            now[one.pk],
            now[one.pk] / whole if whole else 0.0,
            then[one.pk] / whole_before if whole_before else None,
            now[one.pk] / largest,
        )
        for one in ordered
    ]
