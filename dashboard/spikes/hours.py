"""Hours: a brand's completed hours with their counts, and which of them nobody collected."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dashboard.reports.cells import sums
from dashboard.reports.coverage import Coverage, coverage
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import HOUR, Period
from dashboard.spikes.subjects import Subject
from listening.models import Brand

GRACE = timedelta(minutes=15)
"""How long an hour is left alone after its end: networks and pulls lag."""
PATIENCE = timedelta(hours=24)
"""How long judging waits for a source that stands still; it may yet bring what it missed."""


@dataclass(frozen=True, slots=True)
class Hour:
    """`slot` is the hour of the week in the brand's zone. An hour that was not collected as a whole is not known."""

    start: datetime
    slot: int
    mentions: int
    complaints: int
    known: bool


def first_hour(brand: Brand, now: datetime) -> datetime | None:
    """The first hour that can be judged; None while nothing was ever collected."""
    began = coverage(brand, _period(now - HOUR, now)).began
    return None if began is None else floor(began)


Counted = dict[datetime, list[int]]
"""Start of the hour -> [mentions, complaints among them]."""


def hours_of(brand: Brand, subjects: Sequence[Subject], start: datetime, now: datetime) -> dict[Subject, list[Hour]]:
    """The completed hours from `start` on, as far as they can be judged now, of each part; each table is read once."""
    end = floor(now - GRACE)
    if start >= end:
        return {subject: [] for subject in subjects}
    known = coverage(brand, _period(start, end))
    period = _period(start, _waiting(known, end, now))
    if period.start >= period.end:
        return {subject: [] for subject in subjects}
    counted = _counted(brand, subjects, period)
    return {subject: list(_hours(brand, period, known, counted[subject])) for subject in subjects}


def _counted(brand: Brand, subjects: Sequence[Subject], period: Period) -> dict[Subject, Counted]:
    counted: dict[Subject, Counted] = {subject: defaultdict(lambda: [0, 0]) for subject in subjects}
    for hour, network, complaint, n in sums([brand], period, Narrow(), "hour", "network", "is_complaint"):
        for subject in (Subject(), Subject(network=network)):
            _add(counted, subject, hour, complaint, n)
    if any(subject.theme for subject in subjects):
        for hour, theme, complaint, n in sums([brand], period, Narrow(), "hour", "theme_id", "is_complaint"):
            _add(counted, Subject(theme=str(theme)), hour, complaint, n)
    return counted


def _add(counted: dict[Subject, Counted], subject: Subject, hour: datetime, complaint: bool, n: int) -> None:
    if subject in counted:
        cell = counted[subject][hour]
        cell[0] += n
        cell[1] += n if complaint else 0


def _hours(brand: Brand, period: Period, known: Coverage, counted: Counted) -> Iterator[Hour]:
    zone = ZoneInfo(brand.time_zone)
    lost = _lost(known)
    start = period.start
    while start < period.end:
        local = start.astimezone(zone)
        mentions, complaints = counted.get(start, (0, 0))
        yield Hour(start, local.weekday() * 24 + local.hour, mentions, complaints, start not in lost)
        start += HOUR


def _lost(known: Coverage) -> set[datetime]:
    """Hours of which some part was not collected by any source."""
    lost: set[datetime] = set()
    for stretch in known.missing:
        hour = floor(stretch.start)
        while hour < stretch.end:
            lost.add(hour)
            hour += HOUR
    return lost


def _waiting(known: Coverage, end: datetime, now: datetime) -> datetime:
    """The end, or the beginning of a silence that lasts until now and is not yet old."""
    last = known.missing[-1] if known.missing else None
    if last is None or last.end < end or now - last.start > PATIENCE:
        return end
    return max(floor(last.start), known.period.start)


def floor(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _period(start: datetime, end: datetime) -> Period:
    return Period(start, end, end, ZoneInfo("UTC"))
