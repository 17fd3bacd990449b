"""Period: which week a digest covers and when it may leave. Pure: `now` and the zone are arguments.

A digest covers the seven local days that ended at midnight before its sending day, so that its title, its figures and
its chart speak of the same days; a week around a change of the clocks has 167 or 169 hours.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dashboard.reports.period import day_start

LAG = timedelta(hours=1)
"""Posts of the last minutes still arrive when a week has closed."""


@dataclass(frozen=True, slots=True)
class Week:
    """`start` and `end` are aware UTC, the end exclusive; `send_at` is when the digest may leave (aware UTC)."""

    first_day: date
    last_day: date
    start: datetime
    end: datetime
    send_at: datetime
    zone: str

    def __str__(self) -> str:
        first = f"{self.first_day:%a} {self.first_day.day}"
        if self.first_day.month != self.last_day.month:
            first += f" {self.first_day:%b}"
        if self.first_day.year != self.last_day.year:
            first += f" {self.first_day.year}"
        return f"{first} – {self.last_day:%a} {self.last_day.day} {self.last_day:%b %Y}, {self.zone}"


def latest_week(now: datetime, zone: str, weekday: int, hour: int) -> Week:
    """The week whose digest should have left last: its `send_at` is not after `now`.

    `weekday` 0 is Monday; `hour` is local, 0 to 23. A local hour that the change of the clocks skips or repeats is
    taken at its first occurrence, so there is one digest on each such day.
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    for back in range(15):
        day = today - timedelta(days=back)
        if day.weekday() == weekday:
            week = week_before(day, zone, hour)
            if week.send_at <= now:
                return week
    raise AssertionError("a weekday comes every seven days")


def week_before(day: date, zone: str, hour: int) -> Week:
    """The week that ended at local midnight at the start of `day`, to be sent on `day`."""
    place = ZoneInfo(zone)
    start, end = day_start(day - timedelta(days=7), place), day_start(day, place)
    local = datetime.combine(day, time(hour), place)
    return Week(
        first_day=day - timedelta(days=7),
        last_day=day - timedelta(days=1),
        start=start,
        end=end,
        send_at=max(local.astimezone(UTC), end + LAG),
        zone=zone,
    )
