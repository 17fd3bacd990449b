"""Rate: how many times as often as before something was said, with an interval that says how sure that is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z = 1.96  # of a 95 % interval


@dataclass(frozen=True, slots=True)
class Trend:
    """How many times as often as in the period before, per hour, with a 95 % interval."""

    ratio: float
    low: float
    high: float
    before: int

    @property
    def verdict(self) -> str:
        """ "more" or "less" where the interval leaves no doubt, else "unclear"."""
        return "more" if self.low > 1 else "less" if self.high < 1 else "unclear"


def trend(now: Sequence[int], before: Sequence[int], hours: float, hours_before: float) -> Trend | None:
    """The ratio of two rates of mentions, given as counts per day and the hours that both periods lasted.

    The interval is that of a rate ratio on the log scale (Rothman, Greenland and Lash, "Modern Epidemiology", with half
    a mention added to both), widened by how much more the days differ than chance would have it (quasi-Poisson: talk
    comes in bursts). None where nothing was said in either period.
    """
    n, m = sum(now), sum(before)
    if not hours or not hours_before or not n + m:
        return None
    spread = math.sqrt(max(1.0, _dispersion(now, hours), _dispersion(before, hours_before)))
    centre = math.log((n + 0.5) / (m + 0.5) * hours_before / hours)
    error = Z * spread * math.sqrt(1 / (n + 0.5) + 1 / (m + 0.5))
    return Trend(math.exp(centre), math.exp(centre - error), math.exp(centre + error), m)


def _dispersion(days: Sequence[int], hours: float) -> float:
    """Variance over mean of the counts per day; 1 for chance alone."""
    length = max(len(days), round(hours / 24))
    mean = sum(days) / length if length else 0.0
    if length < 2 or not mean:
        return 1.0
    squares = sum((n - mean) ** 2 for n in days) + (length - len(days)) * mean**2
    return squares / (length - 1) / mean
