"""Baseline: what is usual for an hour of the week, learned from the past alone.

Works on counts made even: y = 2 asinh(sqrt((x + 3/8) / (k - 3/4))), Anscombe's transform for negative binomial counts
(Biometrika 35, 1948), under which the spread hardly depends on the level. Level and spread are running means with a
half-life of a week. The rhythm is two profiles, hour of day and hour of week, each effect shrunk by n / (n + k) after
n visits of an hour, where k is the noise of one bucket over the variance of the profile's effects (empirical Bayes,
Efron & Morris 1973), looked up once a day: a clear rhythm is soon believed, and a short past invents none.

What lies beyond CAP standard deviations is learned from as if it lay there: a running spike hardly moves what it is
compared with.
"""

from math import asinh, sinh, sqrt
from typing import Any

K = 20.0
CAP = 3.0
FREE = 50  # the first buckets are learned from as they are: there is no spread yet to cut them by
HALF_LIFE_DAYS = 7.0
SHRINK = 14.0  # visits of an hour, before anything is known of a profile
STRONGEST, WEAKEST = 0.5, 1000.0
SLOWEST = 0.05  # share of a visit's news that a profile always takes in
HOURS = 168
EVEN = K - 0.75


def even(count: float) -> float:
    """A count per bucket on the even scale."""
    return 2.0 * asinh(sqrt((count + 0.375) / EVEN))


def count_of(y: float) -> float:
    """The way back."""
    return max(0.0, EVEN * sinh(max(y, 0.0) / 2.0) ** 2 - 0.375)


class Baseline:
    """`width` is how many buckets the counts are means of; the spread is never taken for less than Poisson's."""

    __slots__ = (
        "_least",
        "_rate",
        "_visit",
        "day",
        "day_k",
        "day_n",
        "level",
        "n",
        "spread",
        "week",
        "week_k",
        "week_n",
    )

    def __init__(self, width: int, bucket_seconds: float) -> None:
        self._least = 1.0 / (EVEN * width)
        self._rate = 1.0 - 0.5 ** (bucket_seconds / (HALF_LIFE_DAYS * 86_400))
        self._visit = min(1.0, bucket_seconds / 3600)
        self.n = 0
        self.level = 0.0
        self.spread = self._least
        self.day, self.day_n = [0.0] * 24, [0.0] * 24
        self.week, self.week_n = [0.0] * HOURS, [0.0] * HOURS
        self.day_k = self.week_k = SHRINK

    def usual(self, slot: int) -> float:
        """The usual count, per bucket, in this hour of the week."""
        return count_of(self._expected(slot))

    def _expected(self, slot: int) -> float:
        hour = slot % 24
        day_n, week_n = self.day_n[hour], self.week_n[slot]
        return (
            self.level
            + self.day[hour] * day_n / (day_n + self.day_k)
            + self.week[slot] * week_n / (week_n + self.week_k)
        )

    def judge(self, slot: int, count: float) -> float:
        """How many standard deviations above the usual; then learns from it."""
        y = even(count)
        off = y - self._expected(slot)
        sigma = sqrt(self.spread)
        score = off / sigma
        self._learn(slot, y, off, CAP * sigma if self.n >= FREE else 1e9)
        return score

    def _learn(self, slot: int, y: float, off: float, cap: float) -> None:
        self.n += 1
        rate = max(self._rate, 1.0 / self.n)
        off = max(-cap, min(cap, off))
        self.level += rate * off
        self.spread = max(self._least, self.spread + rate * (off * off - self.spread))
        hour = slot % 24
        if hour == 0 and self.day_n[0] % 1.0 < self._visit:
            self.day_k = self._trust(self.day, self.day_n)
            self.week_k = self._trust(self.week, self.week_n)
        self.day_n[hour] += self._visit
        self.week_n[slot] += self._visit
        left = y - self.level - self.day[hour]
        self.day[hour] += self._share(self.day_n[hour]) * max(-cap, min(cap, left))
        left = y - self.level - self.day[hour] - self.week[slot]
        self.week[slot] += self._share(self.week_n[slot]) * max(-cap, min(cap, left))

    def _trust(self, effects: list[float], visits: list[float]) -> float:
        """How many visits an effect needs to be believed by half."""
        seen = sum(visits) / len(visits)
        if seen < 1.0:
            return SHRINK
        variance = sum(effect * effect for effect in effects) / len(effects) - self.spread / seen
        return min(WEAKEST, max(STRONGEST, self.spread / variance if variance > 0 else WEAKEST))

    def _share(self, visits: float) -> float:
        return self._visit * max(SLOWEST, 1.0 / (1.0 + visits))

    def dump(self) -> list[Any]:
        return [self.n, self.level, self.spread, self.day, self.day_n, self.week, self.week_n, self.day_k, self.week_k]

    def load(self, told: list[Any]) -> None:
        self.n, self.level, self.spread, self.day, self.day_n, self.week, self.week_n, self.day_k, self.week_k = told
