"""Following a spike: from verdicts, hour by hour, to one row per run with its beginning, its height and its end."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from dashboard.reports.period import HOUR
from dashboard.spikes.drivers import drivers
from dashboard.spikes.hours import Hour
from listening.models import Measure, Spike, SpikeWatch
from listening.spikes import Verdict

LOOK_BACK = 12  # hours at most that a spike may have been rising before it was noticed
LEAST_USUAL = 0.1  # strength is a ratio, and nothing is usual in some hours of small brands


@dataclass(slots=True)
class Run:
    """The running spike of one watch, if there is one, and those that ended among the hours followed.

    `hot_until` is the end of the last hour that stood out; `rise` holds the hours that stand out now without a break,
    so that a spike that is noticed late began when it began. Both are kept between two judgings.
    """

    watch: SpikeWatch
    spike: Spike | None
    hot_until: datetime | None
    touched: list[Spike] = field(default_factory=list)
    rise: list[tuple[Hour, Verdict]] = field(default_factory=list)

    @classmethod
    def of(cls, watch: SpikeWatch) -> Self:
        part = {"brand": watch.brand, "measure": watch.measure, "network": watch.network, "theme": watch.theme}
        spike = Spike.objects.filter(**part, ended_at=None).first()
        told = watch.state.get("hot_until")
        run = cls(watch, spike, datetime.fromisoformat(told) if told else None)
        run.rise = [_read(one) for one in watch.state.get("rise", ())]
        run.touched += [spike] if spike else []
        return run

    def dump(self) -> dict[str, Any]:
        """What the next judging must know, as JSON."""
        told = [_told(hour, verdict) for hour, verdict in self.rise]
        return {"hot_until": self.hot_until and self.hot_until.isoformat(), "rise": told}

    def follow(self, hour: Hour, verdict: Verdict) -> None:
        """One more hour and what the detector thinks of it."""
        self.rise = [*self.rise[-LOOK_BACK:], (hour, verdict)] if verdict.rising else []
        if verdict.alert:
            self._begin(hour)
        elif self.spike and verdict.running:
            self._grow(self.spike, hour, verdict)
        elif self.spike:
            self.spike.ended_at = self.hot_until
            self.spike = None

    def _begin(self, noticed: Hour) -> None:
        began = self.rise[0][0].start
        self.spike = Spike(
            brand=self.watch.brand, measure=self.watch.measure, network=self.watch.network, theme=self.watch.theme,
            began_at=began, noticed_at=noticed.start,
            peak_at=began, peak=0, peak_of=0, expected=0.0, strength=0.0, rare=0.0,
        )  # fmt: skip
        self.touched.append(self.spike)
        for hour, verdict in self.rise:
            self._grow(self.spike, hour, verdict)

    def _grow(self, spike: Spike, hour: Hour, verdict: Verdict) -> None:
        if verdict.score is None or verdict.usual is None:
            return
        if verdict.rising or self.hot_until is None or self.hot_until <= spike.began_at:
            self.hot_until = hour.start + HOUR
        spike.rare = max(spike.rare, verdict.score)
        count = hour.mentions if spike.measure == Measure.VOLUME else hour.complaints
        if count > spike.peak:
            spike.peak_at, spike.peak, spike.peak_of = hour.start, count, hour.mentions
            spike.expected = verdict.usual
            spike.strength = count / max(verdict.usual, LEAST_USUAL)

    def save(self) -> None:
        """Write the rows; what drove them is looked up once, for the stretch as it is now."""
        for spike in self.touched:
            spike.drivers = drivers(spike, spike.ended_at or self.watch.judged_until)
            spike.save()


def _told(hour: Hour, verdict: Verdict) -> list[Any]:
    return [hour.start.isoformat(), hour.mentions, hour.complaints, verdict.score, verdict.usual]


def _read(told: list[Any]) -> tuple[Hour, Verdict]:
    start, mentions, complaints, score, usual = told
    hour = Hour(datetime.fromisoformat(start), 0, mentions, complaints, known=True)
    return hour, Verdict(score, usual, alert=False, running=False, learning=False, rising=1)
