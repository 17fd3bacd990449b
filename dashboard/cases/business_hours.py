"""Business hours: when something is due that takes so many of them, and how many lie between two moments.

Hours are lived hours: a night shift in which the clocks go back is an hour longer, and one in which they go forward is
an hour shorter. An opening time that the clocks skip is the moment at which they skip it; one that comes twice is the
first of the two.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Week:
    """Open from `start` o'clock to before `end` o'clock (24: midnight), on `days` (0 = Monday; empty: every day)."""

    zone: ZoneInfo
    days: tuple[int, ...] = ()
    start: int = 0
    end: int = 24

    def open_on(self, day: date) -> tuple[datetime, datetime] | None:
        """From when to when it is open on a local day, in UTC; None where it is closed."""
        if self.days and day.weekday() not in self.days:
            return None
        opens, closes = _instant(day, self.start, self.zone), _instant(day, self.end, self.zone)
        return (opens, closes) if opens < closes else None


def due(moment: datetime, hours: int, week: Week) -> datetime:
    """The instant (UTC) by which so many business hours have passed since `moment`; with none, the next open one."""
    left = timedelta(hours=hours)
    for opens, closes in _openings(moment, week):
        begin = max(opens, moment.astimezone(UTC))
        if left < closes - begin or left == closes - begin > NOTHING:
            return begin + left
        left -= max(NOTHING, closes - begin)
    raise OverflowError("That is due after the end of all calendars.")


def between(start: datetime, end: datetime, week: Week) -> timedelta:
    """How much business time lies between two moments; none where `end` comes first."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    total = NOTHING
    for opens, closes in _openings(start, week):
        if opens >= end:
            break
        total += max(NOTHING, min(closes, end) - max(opens, start))
    return total


def _openings(moment: datetime, week: Week) -> Iterator[tuple[datetime, datetime]]:
    """Openings in order, from the first one that may hold the moment."""
    day = moment.astimezone(week.zone).date() - DAY  # a day that clocks repeat can still be open
    while day < date.max - DAY:
        if (opening := week.open_on(day)) is not None:
            yield opening
        day += DAY


@lru_cache(maxsize=4096)  # figures about many cases ask for the same days over and over
def _instant(day: date, hour: int, zone: ZoneInfo) -> datetime:
    day, hour = (day + DAY, 0) if hour == 24 else (day, hour)
    return datetime.combine(day, time(hour), zone).astimezone(UTC)
