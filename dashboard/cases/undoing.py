"""Undoing: a change of many cases taken back, for a few seconds, where nobody changed them since."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from dashboard import audit
from listening.models import Brand, BulkChange, Case, User

UNDO = timedelta(seconds=10)
GRACE = timedelta(seconds=5)
"""A click in the last moment is still on its way: the server takes it back a little longer than the page offers."""

PUT_BACK = """
    UPDATE listening_case AS c SET
        status = was.status, tags = was.tags, solved = was.solved, snooze_reason = was.snooze_reason,
        snoozed_until = was.snoozed_until, closed_at = was.closed_at, woke_at = was.woke_at,
        assignee_id = (SELECT u.id FROM listening_user u WHERE u.id = was.assignee),
        version = c.version + 1, changed_at = %s
    FROM listening_bulkchange b, jsonb_to_recordset(b.before) AS was(
        "case" bigint, version integer, assignee bigint, status text, tags text[], solved text, snooze_reason text,
        snoozed_until timestamptz, closed_at timestamptz, woke_at timestamptz)
    WHERE b.id = %s AND c.id = was."case" AND c.version = was.version
"""


class TooLate(Exception):
    """It can't be undone any more; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Undone:
    """How many are as they were, and how many somebody changed since: those stay."""

    back: int
    kept: int


def undoable(brand: Brand, user: User, now: datetime) -> BulkChange | None:
    """This person's last change, while its undo is offered."""
    recent = BulkChange.objects.filter(brand=brand, user=user, created_at__gt=now - UNDO).defer("before")
    mine = recent.order_by("-pk").first()
    return mine if mine and mine.undone_at is None else None


@transaction.atomic
def undo(brand: Brand, user: User, pk: int, now: datetime) -> Undone | None:
    """Put back what nobody changed since; None for the second half of a double click. Raises TooLate."""
    mine = BulkChange.objects.filter(pk=pk, brand=brand, user=user)
    if not mine.filter(undone_at=None, created_at__gt=now - UNDO - GRACE).update(undone_at=now):
        if mine.filter(undone_at__gt=now - GRACE).exists():
            return None
        seconds = UNDO.seconds
        raise TooLate(f"That can be undone for {seconds} seconds, and once. Change the cases again where it was wrong.")
    bulk = mine.get()
    undone = _put_back(bulk, now)
    audit.note(user, "undid a change", brand, bulk.what, back=undone.back, kept=undone.kept)
    return undone


def _put_back(bulk: BulkChange, now: datetime) -> Undone:
    """The rows are locked in one order first, as every change of many does, so that two never wait for each other."""
    ids = [was["case"] for was in bulk.before]
    list(Case.objects.filter(pk__in=ids).select_for_update().order_by("pk").values_list("pk"))
    with connection.cursor() as cursor:
        cursor.execute(PUT_BACK, [now, bulk.pk])
        back = cursor.rowcount
    return Undone(back, len(ids) - back)
