"""Budget: how many units may be spent at a network in a day and in a month, and where its days begin. Plain values."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Budget:
    """Units that may be spent in a day and in a month, None: no limit; `zone` is where the network's days begin."""

    daily: int | None = None
    monthly: int | None = None
    zone: str = "UTC"


def units(written: object) -> int | None:
    """As settings hold a number of units: empty is no limit."""
    return None if written in (None, "") else int(str(written))


def day_of(now: datetime, zone: str) -> date:
    return now.astimezone(ZoneInfo(zone)).date()


def next_day(now: datetime, zone: str = "UTC") -> datetime:
    """The first moment of the next day in a time zone, aware UTC."""
    there = now.astimezone(ZoneInfo(zone))
    tomorrow = (there + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return tomorrow.astimezone(UTC)
