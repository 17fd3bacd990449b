"""Detectors: a count, or a share of counts, per bucket in; a verdict out. The caller feeds every bucket in order.

A bucket whose value isn't known (a gap in collection) is fed as None: time passes, and nothing is learned or judged.
The unfinished bucket is not fed at all.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Any

from listening.spikes.alarm import DAY, FLOOR, Alarm
from listening.spikes.baseline import Baseline
from listening.spikes.shares import ShareBaseline
from listening.spikes.window import WIDTHS, Window

METHOD = "rhythm-1"
LEARN_BUCKETS = 336  # two weeks of hours
LEARN_LEAST_DAYS, LEARN_MOST_DAYS = 2.0, 28.0
EXCESS = 5.0  # mentions above the usual that a spike must bring: the floor for small brands
RATIO = 1.5  # times the usual that it must reach: a large brand's small rise is no spike


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one bucket. `score` in standard deviations, `usual` the count to be expected in it; None where it is missing.

    `alert` is True in the bucket that raises one, `running` from then until the run is clearly over; `rising` for how
    many buckets, this one included, the score has stood out.
    """

    score: float | None
    usual: float | None
    alert: bool
    running: bool
    learning: bool
    rising: int = 0


class _Learning:
    """How much has been seen; both detectors stay silent until it is enough."""

    __slots__ = ("_days", "buckets", "known")

    def __init__(self, bucket_seconds: float) -> None:
        self._days = bucket_seconds / DAY
        self.buckets = self.known = 0

    @property
    def over(self) -> bool:
        days = self.buckets * self._days
        return days >= LEARN_LEAST_DAYS and (self.known >= LEARN_BUCKETS or days >= LEARN_MOST_DAYS)


class VolumeDetector:
    """Counts per bucket against the hour of the week."""

    def __init__(self, bucket_seconds: float, state: dict[str, Any] | None = None, floor: float = FLOOR) -> None:
        self._learning = _Learning(bucket_seconds)
        self._window = Window()
        self._baselines = [Baseline(width, bucket_seconds) for width in WIDTHS]
        self._alarm = Alarm(bucket_seconds, floor)
        if state:
            self._load(state)

    @property
    def learning(self) -> bool:
        return not self._learning.over

    def feed(self, slot: int, count: float | None) -> Verdict:
        """`slot` is the bucket's hour of the week, 0 to 167."""
        self._learning.buckets += 1
        self._window.add(count)
        if count is None:
            self._alarm.skip()
            return Verdict(None, None, False, self._alarm.running, self.learning)
        self._learning.known += 1
        usual = self._baselines[0].usual(slot)
        score, matters = self._judge(slot)
        alert = self._alarm.hear(score, matters and not self.learning)
        return Verdict(score, usual, alert, self._alarm.running, self.learning, self._alarm.rising)

    def _judge(self, slot: int) -> tuple[float, bool]:
        """The mean score of all widths, one with missing buckets weighing less; and whether enough was said."""
        score, matters = 0.0, False
        for (total, known), width, baseline in zip(self._window.sums(), WIDTHS, self._baselines, strict=True):
            usual = baseline.usual(slot) * known
            matters = matters or (total - usual >= EXCESS and total >= RATIO * usual)
            score += baseline.judge(slot, total / known) * sqrt(known / width)
        return score / len(WIDTHS), matters

    def dump(self) -> dict[str, Any]:
        """Everything needed to go on, as JSON."""
        return {
            "seen": [self._learning.buckets, self._learning.known],
            "window": list(self._window.values),
            "baselines": [baseline.dump() for baseline in self._baselines],
            "alarm": self._alarm.dump(),
        }

    def _load(self, state: dict[str, Any]) -> None:
        self._learning.buckets, self._learning.known = state["seen"]
        self._window.values.extend(state["window"])
        for baseline, told in zip(self._baselines, state["baselines"], strict=True):
            baseline.load(told)
        self._alarm.load(state["alarm"])


class ShareDetector:
    """A part of a whole per bucket, complaints of mentions, against the usual share."""

    def __init__(self, bucket_seconds: float, state: dict[str, Any] | None = None, floor: float = FLOOR) -> None:
        self._learning = _Learning(bucket_seconds)
        self._parts, self._wholes = Window(), Window()
        self._baseline = ShareBaseline(bucket_seconds)
        self._alarm = Alarm(bucket_seconds, floor)
        if state:
            self._load(state)

    @property
    def learning(self) -> bool:
        return not self._learning.over

    def feed(self, part: float | None, whole: float) -> Verdict:
        """`part` is None where the bucket is missing. The verdict's `usual` is the part to be expected of `whole`."""
        self._learning.buckets += 1
        self._parts.add(part)
        self._wholes.add(None if part is None else whole)
        if part is None:
            self._alarm.skip()
            return Verdict(None, None, False, self._alarm.running, self.learning)
        self._learning.known += 1
        share = self._baseline.share
        windows = [(k, n) for (k, _), (n, _) in zip(self._parts.sums(), self._wholes.sums(), strict=True)]
        matters = any(k - n * share >= EXCESS and k >= RATIO * n * share for k, n in windows)
        score = self._baseline.judge(windows)
        alert = self._alarm.hear(score, matters and not self.learning)
        return Verdict(score, share * whole, alert, self._alarm.running, self.learning, self._alarm.rising)

    def dump(self) -> dict[str, Any]:
        """Everything needed to go on, as JSON."""
        return {
            "seen": [self._learning.buckets, self._learning.known],
            "parts": list(self._parts.values),
            "wholes": list(self._wholes.values),
            "baseline": self._baseline.dump(),
            "alarm": self._alarm.dump(),
        }

    def _load(self, state: dict[str, Any]) -> None:
        self._learning.buckets, self._learning.known = state["seen"]
        self._parts.values.extend(state["parts"])
        self._wholes.values.extend(state["wholes"])
        self._baseline.load(state["baseline"])
        self._alarm.load(state["alarm"])
