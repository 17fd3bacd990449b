"""Ledger: one row per recipient and week, written before the letter is sent; its state decides who may send it.

queued -> sending -> sent, or back to queued with a later attempt, or failed. A worker that dies while rendering loses
nothing: the row is still queued. One that dies in the middle of the SMTP dialogue leaves "sending" behind; nobody can
know whether that letter arrived, so it is not sent again by itself, but shown to the admin with a button.
"""

from datetime import datetime, timedelta

from django.db.models import F, Q

from dashboard.digests.period import Week, latest_week
from listening.models import Issue, Subscription

ATTEMPTS = 5
FIRST_RETRY = timedelta(minutes=5)
LOST_AFTER = timedelta(minutes=15)
MAILS_PER_DAY = 10
"""At most so many digests to one person in 24 hours, whatever else goes wrong."""


def week_of(subscription: Subscription, now: datetime) -> Week:
    """The week that this subscription's digest should cover now."""
    return latest_week(now, subscription.brand.time_zone, subscription.weekday, subscription.hour)


def prepare(now: datetime) -> int:
    """Write the rows that are due: a missed week is written late, once; a new subscriber starts with the next week.

    Returns how many rows are new. The unique (subscription, period) makes a second run, a second beat or a changed
    sending day add nothing that was already covered.
    """
    rows = []
    for subscription in Subscription.objects.filter(active=True, brand__paused=False).select_related("brand"):
        week = week_of(subscription, now)
        covered = subscription.issues.filter(period_end__gt=week.start).exists()
        if not covered and week.send_at >= subscription.created_at:
            rows.append(
                Issue(
                    subscription=subscription,
                    period_start=week.start,
                    period_end=week.end,
                    next_attempt_at=week.send_at,
                )
            )
    before = Issue.objects.count() if rows else 0
    Issue.objects.bulk_create(rows, ignore_conflicts=True)
    return Issue.objects.count() - before if rows else 0


def due(now: datetime) -> list[int]:
    """Ids of rows that may be sent now, oldest first."""
    rows = Issue.objects.filter(state=Issue.State.QUEUED, next_attempt_at__lte=now, subscription__active=True)
    return list(rows.order_by("period_start", "pk").values_list("pk", flat=True))


def claim(issue: Issue, now: datetime) -> bool:
    """Make this letter mine; False when somebody else has it or it is no longer wanted."""
    mine = Issue.objects.filter(pk=issue.pk, state=Issue.State.QUEUED, subscription__active=True)
    return bool(mine.update(state=Issue.State.SENDING, attempts=F("attempts") + 1, next_attempt_at=now + LOST_AFTER))


def sent(issue: Issue, now: datetime) -> None:
    Issue.objects.filter(pk=issue.pk).update(state=Issue.State.SENT, sent_at=now, error="")


def refused(issue: Issue, reason: str, now: datetime, permanent: bool) -> None:
    """The mail server said no: try again later, or give up and say so."""
    issue.refresh_from_db(fields=["attempts"])
    over = permanent or issue.attempts >= ATTEMPTS
    Issue.objects.filter(pk=issue.pk).update(
        state=Issue.State.FAILED if over else Issue.State.QUEUED,
        error=reason[:2000],
        next_attempt_at=now + FIRST_RETRY * 2 ** max(issue.attempts - 1, 0),
    )


def give_up_lost(now: datetime) -> int:
    """Letters whose worker died while it spoke to the mail server. Returns how many."""
    lost = Issue.objects.filter(Q(state=Issue.State.SENDING) & Q(next_attempt_at__lt=now))
    return lost.update(
        state=Issue.State.FAILED,
        error="The worker stopped while it handed this digest to the mail server. "
        "It may have arrived; send it again by hand if it has not.",
    )


def over_the_cap(issue: Issue, now: datetime) -> bool:
    """Whether this person has had as many digests in 24 hours as anybody may get."""
    recent = Issue.objects.filter(subscription__user=issue.subscription.user, sent_at__gt=now - timedelta(hours=24))
    return recent.count() >= MAILS_PER_DAY
