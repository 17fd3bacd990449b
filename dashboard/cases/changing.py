"""Changing: one case at a time, by somebody who says which version they saw; the audit log keeps what changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from dashboard import audit
from listening.models import Case, User
from listening.models.case import CLOSED

FIELDS = ("status", "assignee", "tags", "solved", "snoozed_until", "snooze_reason", "kind")


class Stale(Exception):
    """Somebody else changed the case meanwhile; the message is a sentence for people."""

    def __init__(self) -> None:
        super().__init__("Somebody else changed this case meanwhile. Look at it as it is now, then change it again.")


@transaction.atomic
def change(case: Case, version: int, user: User | None, now: datetime, **changes: Any) -> Case:
    """Change what is given (of FIELDS) and differs. Raises Stale when the case is not at `version` any more, then
    nothing is changed. Returns the case as it is now. `user` None: Earshot itself."""
    unknown = set(changes) - set(FIELDS)
    if unknown:
        raise TypeError(f"A case has no {', '.join(sorted(unknown))} to change.")
    given = {name: value for name, value in changes.items() if getattr(case, name) != value}
    if not given:
        return case
    if not Case.objects.change(case.pk, version, **given, **following(given, now), changed_at=now):
        raise Stale
    audit.note(user, "changed case", case.brand, f"mention {case.mention_id}", **in_words(given))
    return Case.objects.select_related("assignee", "brand").get(pk=case.pk)


def following(given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What goes with a new status: when it was closed, and no snooze where none is left."""
    if "status" not in given:
        return {}
    told: dict[str, Any] = {"closed_at": now if given["status"] in CLOSED else None, "woke_at": None}
    if given["status"] != Case.Status.SNOOZED:
        told |= {"snoozed_until": None, "snooze_reason": ""}
    return told


def in_words(given: Mapping[str, Any]) -> dict[str, Any]:
    """The new values as the audit log keeps them: plain, and without words that somebody wrote."""
    return {name: _plain(value) for name, value in given.items() if name != "snooze_reason"}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, User) else value
