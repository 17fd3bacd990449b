"""Intervals: how far a share of a sample can lie from the truth."""

import math
from dataclasses import dataclass

Z = 1.959963984540054
"""The normal quantile of a two-sided 95 % interval."""
FEW = 20
"""Below so many, a share is shown with its interval and called too few to say."""


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `n`, as a share with its 95 % Wilson interval; everything None where there was nothing to count."""

    hits: int
    n: int
    value: float | None
    low: float | None
    high: float | None

    @property
    def too_few(self) -> bool:
        return self.n < FEW


def share(hits: int, n: int) -> Share:
    """Wilson's score interval (Wilson 1927): right for small samples and for shares near 0 and 1."""
    if not n:
        return Share(0, 0, None, None, None)
    p, zz = hits / n, Z * Z
    middle = (p + zz / (2 * n)) / (1 + zz / n)
    half = Z / (1 + zz / n) * math.sqrt(p * (1 - p) / n + zz / (4 * n * n))
    return Share(hits, n, p, max(0.0, middle - half), min(1.0, middle + half))
