"""Effects: how often a theme is complained about before and after something was done about it, from stored counts.

It compares; it does not say why. All other complaints of the brand in the same days stand beside it. A day of which
nobody collected at least half is left out, never zero; hours without collection weigh nothing, for a rate is a share of
what was collected.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.reports.before_after import Comparison, Day, compare
from dashboard.reports.period import DAY, HOUR, Period, between, day_start
from dashboard.reports.theme_days import Counted, Daily, daily, target
from listening.models import Brand, Improvement, ThemeState

WINDOWS = (14, 28, 56)  # days before and as many after; the day itself is in neither
LONGEST = WINDOWS[-1]
FEWEST = 7  # days that a side needs
SOON = "It is being measured: look again in an hour."
LATE = HOUR  # posts of the last minutes still arrive when a day has closed


@dataclass(frozen=True, slots=True)
class Effect:
    """What was compared over `days` before and after. `complaints` and `mentions` are the theme's, among all mentions;
    `others` all other complaints, among the mentions outside of the theme. None where there is nothing to compare.

    `partly` is on how many of the days that counted some source did not collect.
    """

    days: int
    complaints: Comparison | None
    mentions: Comparison | None
    others: Comparison | None
    days_before: int
    days_after: int
    partly: int = 0

    @property
    def main(self) -> Comparison | None:
        return self.complaints or self.mentions


@dataclass(frozen=True, slots=True)
class Window:
    """One length: how many of its days after have `passed`, from when on it is `known`, and then what was found, or
    why there is nothing to see."""

    days: int
    passed: int
    known: datetime
    effect: Effect | None = None
    why_not: str = ""

    @property
    def early(self) -> bool:
        return self.passed < self.days


def windows(improvement: Improvement, now: datetime) -> list[Window]:
    """One per length, the shortest first; empty while it is not done. What was stored is what was measured."""
    if improvement.done_at is None:
        return []
    early = [_waiting(improvement, days, now) for days in WINDOWS]
    ready = [one.days for one in early if not one.early and str(one.days) not in improvement.effect]
    measure = _measure(improvement, now) if ready else None
    return [_filled(one, improvement, measure) for one in early]


def at_a_glance(improvement: Improvement, now: datetime) -> list[Window]:
    """The same for lists of many: of a length that could not be measured the reason is what was last stored, so that
    nothing is counted anew at each view. Measured is only what the hourly round has not come to yet."""
    if improvement.theme is None or not improvement.unmeasured:
        return windows(improvement, now)
    early = [_waiting(improvement, days, now) for days in WINDOWS]
    return [_filled(one, improvement, lambda days: str(improvement.unmeasured.get(str(days), SOON))) for one in early]


def headline(found: Sequence[Window]) -> Window | None:
    """The longest that was measured, else the longest that should have been, else the next to come."""
    over = [one for one in found if not one.early]
    measured = [one for one in over if one.effect]
    candidates = measured or over or found[:1]
    return candidates[-1] if candidates else None


def complete(improvement: Improvement, days: int) -> datetime:
    """When the last day after it is over."""
    return day_start(_done_on(improvement) + (days + 1) * DAY, _zone(improvement.brand)) + LATE


def stored(effect: Effect) -> dict[str, Any]:
    """As it stands in Improvement.effect."""
    return asdict(effect)


def kept(improvement: Improvement) -> Effect | None:
    """What was stored of the longest length; costs nothing."""
    found = [improvement.effect[str(days)] for days in WINDOWS if str(days) in improvement.effect]
    return _read(found[-1]) if found else None


def around(improvement: Improvement, now: datetime) -> Period:
    """The longest days before and after, up to today; the last ones while it is not done."""
    zone = _zone(improvement.brand)
    today = now.astimezone(zone).date()
    if improvement.done_at is None:
        return between(today - LONGEST * DAY, today, zone, now)
    done = _done_on(improvement)
    return between(done - LONGEST * DAY, max(done, min(today, done + LONGEST * DAY)), zone, now)


def sides(improvement: Improvement, days: int, now: datetime) -> tuple[Period, Period]:
    """So many days before, and as many after; the day itself is in neither."""
    zone, done = _zone(improvement.brand), _done_on(improvement)
    return between(done - days * DAY, done - DAY, zone, now), between(done + DAY, done + days * DAY, zone, now)


def _waiting(improvement: Improvement, days: int, now: datetime) -> Window:
    known = complete(improvement, days)
    today = now.astimezone(_zone(improvement.brand)).date()
    passed = days if now >= known else max(0, min(days - 1, (today - _done_on(improvement)).days - 1))
    return Window(days, passed, known)


def _filled(window: Window, improvement: Improvement, measure: Callable[[int], Effect | str] | None) -> Window:
    told = improvement.effect.get(str(window.days))
    if told and not window.early:
        return replace(window, effect=_read(told))
    if window.early or measure is None:
        return window
    found = measure(window.days)
    return replace(window, why_not=found) if isinstance(found, str) else replace(window, effect=found)


def _read(told: Mapping[str, Any]) -> Effect:
    parts = {name: told[name] and Comparison(**told[name]) for name in ("complaints", "mentions", "others")}
    return Effect(**{**told, **parts})


def _measure(improvement: Improvement, now: datetime) -> Callable[[int], Effect | str]:
    """Compares for a number of days; a sentence where it can't."""
    why_not = _why_not(improvement)
    if why_not or improvement.theme is None:
        return lambda days: why_not
    done = _done_on(improvement)
    period = between(done - LONGEST * DAY, done + LONGEST * DAY, _zone(improvement.brand), now)
    found = daily(improvement.brand, improvement.theme, period)
    return lambda days: _compared(found, done, days)


def _why_not(improvement: Improvement) -> str:
    if improvement.theme is None:
        return "It has no theme, so there is nothing to count. Choose one to see what changed."
    if target(improvement.theme).retired_at:
        return "Its theme is not looked for any more, so there is nothing to count. Choose another."
    if ThemeState.objects.filter(brand=improvement.brand, walking=True).exists():
        return "Mentions are being sorted into themes anew: the comparison follows when all are."
    return ""


def _compared(found: Daily, done: date, days: int) -> Effect | str:
    whole = [
        (point, found.coverage.of(bucket))
        for bucket, point in zip(found.buckets, found.points, strict=True)
        if point and point.mentions and abs((point.day - done).days) <= days and found.enough(bucket)
    ]
    before = [point for point, _ in whole if point.day < done]
    after = [point for point, _ in whole if point.day > done]
    needed = max(FEWEST, days // 2)
    for side, word in ((before, "before"), (after, "after")):
        if len(side) < needed:
            return f"Only {len(side)} of the {days} days {word} it were collected and sorted; {needed} are needed."
    partly = sum(how == "part" for _, how in whole)

    def of(count: Callable[[Counted], Day]) -> Comparison | None:
        return compare([count(day) for day in before], [count(day) for day in after])

    return Effect(
        days,
        complaints=of(lambda day: Day(day.themed_complaints, day.mentions)),
        mentions=of(lambda day: Day(day.themed, day.mentions)),
        others=of(lambda day: Day(day.complaints - day.themed_complaints, day.mentions - day.themed)),
        days_before=len(before),
        days_after=len(after),
        partly=partly,
    )


def _done_on(improvement: Improvement) -> date:
    assert improvement.done_at is not None  # noqa: S101 (callers have looked)
    return improvement.done_at.astimezone(_zone(improvement.brand)).date()


def _zone(brand: Brand) -> ZoneInfo:
    return ZoneInfo(brand.time_zone)
