"""Threshold: what each probability from which to flag would have meant, by the team's own words and by recent posts.

A person's word on a mention ("complaint", "not a complaint") is a label. Labels come from corrections, so they lean
towards what the machine got wrong: the shares here are a worst case more than a fair sample, and the page says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from listening.models import Brand, Mention

STEPS = tuple(step / 100 for step in range(10, 95, 5))
RECENT = 1000
Z = 1.96


@dataclass(frozen=True, slots=True)
class Interval:
    """A share with its 95 % interval (Wilson 1927); `n` is what it is a share of."""

    share: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Step:
    """One threshold. `flagged` and `right` are labels; `rightly` is None where nothing would be flagged, `found` where
    there is no complaint to find. `recent` is the share of recent posts that it would flag."""

    threshold: float
    flagged: int
    right: int
    rightly: Interval | None
    found: Interval | None
    recent: float | None

    @property
    def value(self) -> str:
        """As a form sends it."""
        return f"{self.threshold:.2f}"


@dataclass(frozen=True, slots=True)
class Choice:
    """All steps, on so many labels of which so many are complaints, and on so many recent posts."""

    steps: list[Step]
    labels: int
    complaints: int
    recent: int


def choice(brand: Brand) -> Choice:
    """What every threshold would mean for this brand."""
    mentions = Mention.objects.counted().filter(brand=brand)
    labelled = mentions.filter(complaint_by_person__isnull=False, complaint_p__isnull=False).order_by()
    told = labelled.values_list("complaint_p", "complaint_by_person")
    labels = [(p, said) for p, said in told if p is not None and said is not None]
    latest = mentions.order_by("-published_at", "-pk").values_list("complaint_p", flat=True)[:RECENT]
    recent = [p for p in latest if p is not None]
    complaints = sum(said for _, said in labels)
    return Choice([_step(one, labels, complaints, recent) for one in STEPS], len(labels), complaints, len(recent))


def _step(threshold: float, labels: Sequence[tuple[float, bool]], complaints: int, recent: Sequence[float]) -> Step:
    flagged = [said for p, said in labels if p >= threshold]
    right = sum(flagged)
    return Step(
        threshold=threshold,
        flagged=len(flagged),
        right=right,
        rightly=wilson(right, len(flagged)),
        found=wilson(right, complaints),
        recent=sum(p >= threshold for p in recent) / len(recent) if recent else None,
    )


def wilson(hits: int, n: int) -> Interval | None:
    """The share of hits with Wilson's 95 % interval; None for nothing of nothing."""
    if n == 0:
        return None
    share = hits / n
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return Interval(share, max(0.0, middle - half), min(1.0, middle + half), n)
