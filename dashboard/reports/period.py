"""Period: a stretch of whole days in a brand's time zone, its buckets, and the period before it.

The tally counts whole UTC hours, so every boundary is a whole UTC hour: in zones with half-hour offsets a day begins
with the first UTC hour that starts on it (Kolkata: at 00:30).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ROLLING = (7, 30, 90)
HOURLY_UP_TO = 7  # days; longer periods are drawn by day
LONGEST = 1100  # days


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bar of a chart. `label` is local and naive ("2026-10-25T02:00"), so two buckets may share it.

    `name` is the label for people, with the zone where the hour happens twice.
    """

    start: datetime
    end: datetime
    label: str
    name: str

    @property
    def params(self) -> dict[str, str]:
        """The query string of a page about this bucket alone."""
        if "T" in self.label:
            return {"from": _instant(self.start), "to": _instant(self.end)}
        return {"from": self.label, "to": self.label}

    @property
    def query(self) -> str:
        """`params` as they stand in an address."""
        return _query(self)


@dataclass(frozen=True, slots=True)
class Period:
    """`start` and `end` are whole UTC hours, the end exclusive; `until` is the end of what has happened so far.

    `days` is set for rolling periods ("the last 30 days") and goes into addresses instead of the dates.
    """

    start: datetime
    end: datetime
    until: datetime
    zone: ZoneInfo
    days: int | None = None

    @property
    def first_day(self) -> date:
        return self.start.astimezone(self.zone).date()

    @property
    def last_day(self) -> date:
        return (self.end - HOUR).astimezone(self.zone).date()

    @property
    def length(self) -> int:
        """Days, counted in the zone's calendar."""
        return (self.last_day - self.first_day).days + 1

    @property
    def whole_days(self) -> bool:
        return self.start == day_start(self.first_day, self.zone) and self.end == day_start(
            self.last_day + DAY, self.zone
        )

    @property
    def hourly(self) -> bool:
        return self.length <= HOURLY_UP_TO or not self.whole_days

    @property
    def name(self) -> str:
        if self.days:
            return f"Last {self.days} days"
        if self.whole_days:
            return f"{_day(self.first_day)} to {_day(self.last_day)}" if self.length > 1 else _day(self.first_day)
        start, end = (moment.astimezone(self.zone) for moment in (self.start, self.end))
        return f"{start:%-d %b %Y, %H:%M} to {end:%-d %b, %H:%M}"

    @property
    def params(self) -> dict[str, str]:
        """The query string that leads back to this period."""
        if self.days:
            return {"days": str(self.days)}
        if self.whole_days:
            return {"from": self.first_day.isoformat(), "to": self.last_day.isoformat()}
        return {"from": _instant(self.start), "to": _instant(self.end)}

    def seen_from(self, time_zone: str) -> dict[str, str]:
        """The same for a page of a brand whose days may begin at other moments: there it tells its own."""
        if time_zone == self.zone.key:
            return self.params
        return {"from": _instant(self.start), "to": _instant(self.end)}

    def previous(self) -> "Period":
        """The period before: as many days, and no more of them than have passed of this one."""
        start = day_start(self.first_day - self.length * DAY, self.zone)
        if not self.whole_days:
            return Period(self.start - (self.end - self.start), self.start, self.start, self.zone)
        until = max(start, min(self.start, start + (self.until - self.start)))
        return Period(start, until, until, self.zone)

    def buckets(self) -> list[Bucket]:
        """Hours or days that tile the period; a day on which clocks change has 23 or 25 hours."""
        return list(_tiles(self))

    def _hours(self) -> list[Bucket]:
        count = int((self.end - self.start) / HOUR)
        starts = [self.start + i * HOUR for i in range(count)]
        locals_ = [start.astimezone(self.zone) for start in starts]
        labels = [f"{local:%Y-%m-%dT%H:%M}" for local in locals_]
        twice = {label for label, n in Counter(labels).items() if n > 1}
        return [
            Bucket(start, start + HOUR, label, f"{local:%a %-d %b, %H:%M}" + (f" {local:%Z}" if label in twice else ""))
            for start, local, label in zip(starts, locals_, labels, strict=True)
        ]

    def _days(self) -> list[Bucket]:
        days = [self.first_day + i * DAY for i in range(self.length)]
        return [
            Bucket(day_start(day, self.zone), day_start(day + DAY, self.zone), day.isoformat(), f"{day:%a %-d %b %Y}")
            for day in days
        ]


@lru_cache(maxsize=4096)
def _query(bucket: Bucket) -> str:
    return urlencode(bucket.params)


@lru_cache(maxsize=64)
def _tiles(period: Period) -> tuple[Bucket, ...]:
    return tuple(period._hours() if period.hourly else period._days())


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The first whole UTC hour that begins on this local day."""
    midnight = datetime.combine(day, time(), zone).astimezone(UTC)
    floor = midnight.replace(minute=0, second=0, microsecond=0)
    return floor if floor == midnight else floor + HOUR


def next_hour(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + HOUR


def last_days(days: int, zone: ZoneInfo, now: datetime) -> Period:
    """The last `days` local days, today included."""
    today = now.astimezone(zone).date()
    period = between(today - (days - 1) * DAY, today, zone, now)
    return Period(period.start, period.end, period.until, zone, days)


def between(first: date, last: date, zone: ZoneInfo, now: datetime) -> Period:
    """Whole local days, both ends included."""
    return instants(day_start(first, zone), day_start(last + DAY, zone), zone, now)


def instants(start: datetime, end: datetime, zone: ZoneInfo, now: datetime) -> Period:
    """From instant to instant; both are whole UTC hours, the end exclusive."""
    return Period(start, end, max(start, min(end, next_hour(now))), zone)


def from_params(params: Mapping[str, str], zone: ZoneInfo, now: datetime, default: int = 30) -> Period:
    """The period that an address names: `days=7`, or `from` and `to` as days or as UTC hours.

    Raises ValueError with a sentence when it names none; without any of the three it is the last `default` days.
    """
    first, last, days = (params.get(name, "").strip() for name in ("from", "to", "days"))
    if first or last:
        return _custom(first, last, zone, now)
    if not days:
        return last_days(default, zone, now)
    if not days.isascii() or not days.isdigit() or not 1 <= int(days[:6]) <= LONGEST:
        raise ValueError(f"Choose between 1 and {LONGEST} days.")
    return last_days(int(days), zone, now)


def _custom(first: str, last: str, zone: ZoneInfo, now: datetime) -> Period:
    today = now.astimezone(zone).date()
    try:
        if "T" in first and "T" in last:
            start, end = _hour(first), _hour(last)
        else:
            end_day = date.fromisoformat(last) if last else today
            start = day_start(date.fromisoformat(first) if first else end_day - 29 * DAY, zone)
            end = day_start(end_day + DAY, zone)
    except (ValueError, OverflowError) as error:
        raise ValueError("Write the dates as year-month-day, for example 2026-11-23.") from error
    if not start < end:
        raise ValueError("The first day lies after the last one: swap them.")
    if end - start > (LONGEST + 1) * DAY:
        raise ValueError(f"That is longer than {LONGEST} days: choose a shorter period.")
    return instants(start, end, zone, now)


def _hour(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no zone")
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def _day(day: date) -> str:
    return f"{day:%-d %b %Y}"
