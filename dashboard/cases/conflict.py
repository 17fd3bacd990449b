"""Conflict: what a colleague made of a case while somebody else was still looking at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q

from listening.models import AuditEntry, Case, User

BEFORE, AFTER = timedelta(seconds=1), timedelta(seconds=30)
LABELS = {"status": "Status", "assignee": "Assignee", "kind": "Kind", "tags": "Tags", "solved": "Solved"}


@dataclass(frozen=True, slots=True)
class Conflict:
    """`who` changed it, in words, and (field, value now) of what is not as it was seen."""

    who: str
    now: list[tuple[str, str]]


def conflict(case: Case, was: Mapping[str, str], fresh: Mapping[str, str], user: User) -> Conflict:
    """`was` are the values as they were seen, `fresh` as they are."""
    shown = {
        "status": case.get_status_display(),
        "assignee": str(case.assignee or "Nobody"),
        "kind": case.get_kind_display(),
        "tags": ", ".join(case.tags) or "None",
        "solved": case.get_solved_display(),
    }
    return Conflict(_who(case, user), [(LABELS[name], shown[name]) for name in LABELS if was[name] != fresh[name]])


def _who(case: Case, user: User) -> str:
    """By the audit log, around the moment of the last change."""
    near = AuditEntry.objects.filter(
        brand=case.brand_id, created_at__gte=case.changed_at - BEFORE, created_at__lte=case.changed_at + AFTER
    )
    one, many = Q(target=f"mention {case.mention_id}"), Q(detail__mentions__contains=case.mention_id)
    entry = near.filter(one | many).select_related("user").order_by("-created_at", "-id").first()
    if entry is None:
        return "Somebody"
    if entry.user is None:
        return "Earshot"
    return "You yourself, in another window," if entry.user == user else str(entry.user)
