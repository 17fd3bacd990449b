"""Readers: which engines read the mentions behind a figure, where one took over, and how often they abstain.

Two versions of an engine measure differently, so figures that hold both say so instead of passing for one.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.reports.trend import Point

MOST_CHANGES = 6
"""More are no change-over but a mixture, which a line at each would only hide."""


@dataclass(frozen=True, slots=True)
class Change:
    """From the bucket at this place on, `engine` read more of the mentions than `before` did."""

    place: int
    before: str
    engine: str


@dataclass(frozen=True, slots=True)
class Readers:
    """`versions` with how many mentions each read, the most first; `unsure` of all `mentions` are too close to call."""

    versions: tuple[tuple[str, int], ...]
    changes: tuple[Change, ...]
    unsure: int
    mentions: int

    @property
    def mixed(self) -> bool:
        return len(self.versions) > 1

    @property
    def unsure_share(self) -> float:
        return self.unsure / self.mentions if self.mentions else 0.0


def readers(points: Sequence[Point]) -> Readers:
    """Those of the mentions that a trend counts. Mentions without an engine were never read and are left out."""
    versions: Counter[str] = Counter()
    for point in points:
        versions.update(_told(point))
    return Readers(
        versions=tuple(sorted(versions.items(), key=lambda one: (-one[1], one[0]))),
        changes=_changes(points),
        unsure=sum(point.unsure for point in points),
        mentions=sum(point.totals.mentions for point in points if point.totals),
    )


def _changes(points: Sequence[Point]) -> tuple[Change, ...]:
    """Where the engine of most mentions is another than in the bucket before that had any."""
    found, before = [], ""
    for place, point in enumerate(points):
        told = _told(point)
        if not told:
            continue
        engine = max(told, key=lambda one: (told[one], one == before))
        if before and engine != before:
            found.append(Change(place, before, engine))
        before = engine
    return tuple(found) if len(found) <= MOST_CHANGES else ()


def _told(point: Point) -> dict[str, int]:
    return {engine: n for engine, n in point.engines.items() if engine and n > 0}
