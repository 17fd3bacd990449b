"""Snoozing: a case sleeps until a local time, with a reason, and comes back by itself to the top of the inbox."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Value, When
from django.db.models.expressions import Case as Choose

from listening.models import AuditEntry, Brand, Case, User

MORNING = time(9)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
LONGEST = timedelta(days=366)
AT_ONCE = 500
CHOICES = (
    ("tomorrow", "Tomorrow, 9:00"),
    ("monday", "Monday, 9:00"),
    ("week", "In a week, 9:00"),
    ("date", "At a date and time"),
)
DAYS: Mapping[str, Callable[[date], date]] = {
    "tomorrow": lambda today: today + DAY,
    "monday": lambda today: today + timedelta(days=7 - today.weekday()),
    "week": lambda today: today + WEEK,
}


def zone_of(user: User, brand: Brand) -> ZoneInfo:
    """Whose clock counts: the person's own, else the brand's."""
    return ZoneInfo(user.time_zone or brand.time_zone or "UTC")


def until(choice: str, now: datetime, zone: ZoneInfo, day: date | None = None, at: time = MORNING) -> datetime:
    """When a case that is snoozed now comes back. `day` and `at` are for the choice "date", by the local clock.

    Raises ValueError with a sentence for people.
    """
    today = now.astimezone(zone).date()
    if choice in DAYS:
        return datetime.combine(DAYS[choice](today), MORNING, zone)
    if choice != "date" or day is None:
        raise ValueError("Choose until when it sleeps: one of the list, or a date.")
    end = datetime.combine(day, at, zone)
    if end <= now:
        raise ValueError(
            f"That is over: choose a time after now, {now.astimezone(zone):%-d %b %Y, %H:%M} ({zone.key})."
        )
    if end > now + LONGEST:
        raise ValueError("That is more than a year away. Choose an earlier day, or close the case.")
    return end


def wake(now: datetime) -> int:
    """Bring back what has slept long enough; twice is once. Returns how many woke."""
    woken = 0
    while n := _wake_some(now):
        woken += n
    return woken


@transaction.atomic
def _wake_some(now: datetime) -> int:
    """They keep their reason; somebody who changes one at the same time sees another version."""
    due = Case.objects.filter(status=Case.Status.SNOOZED, snoozed_until__lte=now).order_by("snoozed_until")
    rows = due.select_for_update(skip_locked=True).values_list("pk", "brand_id", "mention_id")
    asleep = list(rows[:AT_ONCE])
    whose = Choose(When(assignee=None, then=Value("new")), default=Value("in_progress"))
    Case.objects.filter(pk__in=[pk for pk, _, _ in asleep]).update(
        status=whose, woke_at=now, snoozed_until=None, changed_at=now, version=F("version") + 1
    )
    AuditEntry.objects.bulk_create(
        AuditEntry(brand_id=brand, verb="woke a case", target=f"mention {mention}") for _, brand, mention in asleep
    )
    return len(asleep)
