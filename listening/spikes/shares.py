"""Shares: is the share of complaints higher than usual, given how much was said?

Judged as counts: `part` of `whole` against a binomial whose spread may be larger than chance alone would make it
(over-dispersion, learned from the past, never below 1). An hour with two mentions thus says little, one with two
hundred a lot. The usual share is a running one with a half-life of a week, begun as one complaint of four mentions
whose weight is that of twenty; a surprise beyond CAP standard deviations moves it as if it lay there.
"""

from math import sqrt
from typing import Any

from listening.spikes.baseline import CAP, FREE, HALF_LIFE_DAYS
from listening.spikes.window import WIDTHS

PRIOR = (5.0, 20.0)  # complaints, mentions


class ShareBaseline:
    """`part` and `whole` are fading sums; one dispersion per width."""

    __slots__ = ("_keep", "dispersion", "n", "part", "whole")

    def __init__(self, bucket_seconds: float) -> None:
        self._keep = 0.5 ** (bucket_seconds / (HALF_LIFE_DAYS * 86_400))
        self.part, self.whole = PRIOR
        self.dispersion = [1.0] * len(WIDTHS)
        self.n = 0

    @property
    def share(self) -> float:
        """The usual share, kept off 0 and 1."""
        return min(0.98, max(0.02, self.part / self.whole)) if self.whole else 0.25

    def judge(self, windows: list[tuple[float, float]]) -> float:
        """The mean score of (part, whole) per width; then learns from the first, the newest bucket."""
        share = self.share
        score = sum(self._score(i, part, whole, share) for i, (part, whole) in enumerate(windows)) / len(windows)
        self._learn(*windows[0], share)
        return score

    def _score(self, i: int, part: float, whole: float, share: float) -> float:
        if not whole:
            return 0.0
        plain = (part - whole * share) / sqrt(whole * share * (1 - share))
        spread = self.dispersion[i]
        news = min(plain * plain, CAP * CAP * spread) if self.n >= FREE else plain * plain
        self.dispersion[i] = max(1.0, spread + max(1 - self._keep, 1 / (self.n + 10)) * (news - spread))
        return plain / sqrt(spread)

    def _learn(self, part: float, whole: float, share: float) -> None:
        if not whole:
            return
        self.n += 1
        cap = CAP * sqrt(whole * share * (1 - share) * self.dispersion[0])
        cut = max(-cap, min(cap, part - whole * share))
        self.part = self.part * self._keep + whole * share + cut
        self.whole = self.whole * self._keep + whole

    def dump(self) -> list[Any]:
        return [self.n, self.part, self.whole, self.dispersion]

    def load(self, told: list[Any]) -> None:
        self.n, self.part, self.whole, self.dispersion = told
