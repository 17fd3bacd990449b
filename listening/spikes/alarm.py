"""Alarm: from scores to alerts. One alert per run, and a bar that rises with each alert and sinks again with time.

The bar is `floor` standard deviations, and WEARY more for every alert of late; an alert is half forgotten after a week.
A brand that often runs hot is thus told of what is new for it, not of every wave.
"""

from typing import Any

FLOOR = 3.25
PART_FLOOR = 4.5  # for parts of a brand: there are many, and each has its own chance to be odd
WEARY = 1.0
MEMORY_DAYS = 7.0
CALM = 1.5  # a run is over when the score stays below this
CALM_HOURS = 6.0  # for so long
QUIET_HOURS = 24.0  # and nobody is called twice within a day
DAY = 86_400


class Alarm:
    """`alerts` is the fading number of alerts of late, `rising` for how many buckets the score has not been calm."""

    __slots__ = ("_calm_after", "_fade", "_floor", "_quiet", "alerts", "calm", "rising", "running", "since")

    def __init__(self, bucket_seconds: float, floor: float = FLOOR) -> None:
        self._floor = floor
        self._fade = 0.5 ** (bucket_seconds / (MEMORY_DAYS * DAY))
        self._calm_after = max(1, round(CALM_HOURS * 3600 / bucket_seconds))
        self._quiet = max(1, round(QUIET_HOURS * 3600 / bucket_seconds))
        self.alerts = 0.0
        self.running = False
        self.calm = 0
        self.rising = 0
        self.since = self._quiet

    def skip(self) -> None:
        """A missing bucket: time passes, nothing is known; a run can't end in it."""
        self.alerts *= self._fade
        self.rising = 0
        self.since += 1

    def hear(self, score: float, matters: bool) -> bool:
        """Whether this score raises an alert; `matters` is False while learning and for too few mentions."""
        bar = self._floor + WEARY * self.alerts
        self.alerts *= self._fade
        self.since += 1
        self.rising = self.rising + 1 if score >= CALM else 0
        if self.running:
            self.calm = self.calm + 1 if score < CALM else 0
            self.running = self.calm < self._calm_after
        if self.running or not matters or score <= bar or self.since < self._quiet:
            return False
        self.running, self.calm, self.since = True, 0, 0
        self.alerts += 1
        return True

    def dump(self) -> list[Any]:
        return [self.alerts, self.running, self.calm, self.rising, self.since]

    def load(self, told: list[Any]) -> None:
        self.alerts, self.running, self.calm, self.rising, self.since = told
