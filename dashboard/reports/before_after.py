"""Before and after: a rate on the days before something was done against the days after it, with an interval.

Talk comes in bursts: days differ far more than chance alone would have it, and a bad day is followed by a bad day. An
interval that forgets either calls noise a success (docs/improvements.md has the measured figures). Pure arithmetic.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z = 1.959963984540054
MOST_RELATED = 0.7  # of one day to the next; above that so few days tell nothing in any case
MOST_WEIGHT = 0.8  # of one day among all


@dataclass(frozen=True, slots=True)
class Day:
    """`count` of the day's `of` mentions."""

    count: int
    of: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many times as often as before, with a 95 % interval; `before` and `after` are counts among `of_...`."""

    ratio: float
    low: float
    high: float
    before: int
    of_before: int
    after: int
    of_after: int

    @property
    def verdict(self) -> str:
        """ "fell" or "rose" where the interval leaves no doubt, else "same": no measurable change."""
        return "rose" if self.low > 1 else "fell" if self.high < 1 else "same"

    @property
    def rate_before(self) -> float:
        return self.before / self.of_before

    @property
    def rate_after(self) -> float:
        return self.after / self.of_after


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two stretches: its counts, the variance of `count`, and how its days hang together."""

    days: int
    count: int
    of: int
    variance: float
    products: float
    squares: float

    @property
    def doubt(self) -> float:
        """Relative variance of the rate, never less than that of chance alone."""
        return max(self.variance, self.count + 0.5) / (self.count + 0.5) ** 2


def compare(before: Sequence[Day], after: Sequence[Day]) -> Comparison | None:
    """The ratio of the two rates; None where a side has fewer than three days with mentions, or nothing was counted
    before.

    Each rate is a ratio estimator over its days (Cochran, "Sampling Techniques", 3rd edition, 6.4), its variance from
    the days' own residuals, each enlarged by the day's weight (MacKinnon and White, Journal of Econometrics 29, 1985,
    HC3). Both are widened for days that resemble the day before: (1 + r) / (1 - r) with the lag-1 correlation r,
    corrected for short series (Bence, Ecology 76, 1995; Kendall, Biometrika 41, 1954). The interval is that of the
    logarithm, with half a mention added to both counts and Welch's degrees of freedom.
    """
    one, two = _side(before), _side(after)
    if one is None or two is None or not one.count:
        return None
    wider = _wider(one, two)
    doubts = one.doubt * wider, two.doubt * wider
    centre = math.log((two.count + 0.5) / (one.count + 0.5) * one.of / two.of)
    error = _student(sum(doubts) ** 2 / _welch(doubts, one, two)) * math.sqrt(sum(doubts))
    low, high = math.exp(centre - error), math.exp(centre + error)
    return Comparison(math.exp(centre), low, high, one.count, one.of, two.count, two.of)


def _side(days: Sequence[Day]) -> _Side | None:
    spoken = [day for day in days if day.of]
    if len(spoken) < 3:
        return None
    count, of = sum(day.count for day in spoken), sum(day.of for day in spoken)
    rate = count / of
    off = [day.count - rate * day.of for day in spoken]
    variance = sum((x / (1 - min(MOST_WEIGHT, day.of / of))) ** 2 for x, day in zip(off, spoken, strict=True))
    even = [x / math.sqrt(rate * day.of) if rate else 0.0 for x, day in zip(off, spoken, strict=True)]
    products = sum(x * y for x, y in zip(even, even[1:], strict=False))
    return _Side(len(spoken), count, of, variance, products, sum(x * x for x in even))


def _wider(one: _Side, two: _Side) -> float:
    squares, n = one.squares + two.squares, (one.days + two.days) / 2
    found = (one.products + two.products) / squares if squares else 0.0
    related = min(MOST_RELATED, max(0.0, (found * n + 1) / max(1.0, n - 3)))
    return (1 + related) / (1 - related)


def _welch(doubts: tuple[float, float], one: _Side, two: _Side) -> float:
    return doubts[0] ** 2 / (one.days - 1) + doubts[1] ** 2 / (two.days - 1)


def _student(freedom: float) -> float:
    """The two-sided 95 % quantile of Student's t (Abramowitz and Stegun, 26.7.5)."""
    z = Z
    return (
        z
        + (z**3 + z) / (4 * freedom)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * freedom**3)
    )
