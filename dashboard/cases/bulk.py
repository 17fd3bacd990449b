"""Bulk: the same change for many cases that somebody chose one by one, and its way back for a few seconds.

Each is changed only if it still is as that person saw it; what a colleague changed meanwhile is left alone, and told.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from dashboard import audit
from dashboard.cases.changing import following, in_words
from listening.models import Brand, BulkChange, Case, User

MOST = 200
UNDO = timedelta(seconds=10)
GRACE = timedelta(seconds=5)
"""A click in the last moment is still on its way: the server takes it back a little longer than the page offers."""

KEPT_FOR = timedelta(hours=1)
KEPT = ("status", "tags", "solved", "snooze_reason")
MOMENTS = ("snoozed_until", "closed_at", "woke_at")


class TooLate(Exception):
    """It can't be undone any more; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many cases changed, how many a colleague had changed since they were seen, and how many were so already."""

    changed: int
    skipped: int
    same: int
    bulk: BulkChange | None


@transaction.atomic
def change_many(brand: Brand, user: User, seen: Mapping[int, int], now: datetime, say: str, **changes: Any) -> Outcome:
    """Give exactly these cases ({id: the version that was seen}) of one brand new values; `tag` adds one to the others.

    `say` is what happens, for people: "marked as done".
    """
    if len(seen) > MOST:
        raise ValueError(f"These are more than {MOST} cases. Choose fewer at a time.")
    found = list(Case.objects.filter(brand=brand, pk__in=seen).select_for_update().order_by("pk"))
    fresh = [case for case in found if case.version == seen[case.pk]]
    given = {case.pk: _given(case, changes) for case in fresh}
    todo = [case for case in fresh if given[case.pk]]
    for case in todo:
        Case.objects.change(case.pk, case.version, **given[case.pk], **following(given[case.pk], now), changed_at=now)
    skipped, same = len(seen) - len(fresh), len(fresh) - len(todo)
    bulk = _keep(brand, user, todo, say, changes, skipped) if todo else None
    return Outcome(len(todo), skipped, same, bulk)


def _given(case: Case, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the changes that make a difference to this case."""
    wanted = {name: value for name, value in changes.items() if name != "tag"}
    if changes.get("tag"):
        wanted["tags"] = with_tag(case.tags, changes["tag"])
    return {name: value for name, value in wanted.items() if getattr(case, name) != value}


def with_tag(tags: Iterable[str], tag: str) -> list[str]:
    return list(dict.fromkeys([*tags, tag]))


def _keep(
    brand: Brand, user: User, before: list[Case], say: str, changes: Mapping[str, Any], skipped: int
) -> BulkChange:
    BulkChange.objects.filter(brand=brand, created_at__lt=timezone.now() - KEPT_FOR).delete()
    what = f"{counted(len(before))} {say}"
    detail = in_words(changes) | {"mentions": [case.mention_id for case in before]}
    audit.note(user, "changed cases", brand, what, **detail, **({"skipped": skipped} if skipped else {}))
    return BulkChange.objects.create(brand=brand, user=user, what=what[:200], before=[_was(case) for case in before])


def _was(case: Case) -> dict[str, Any]:
    moments = {name: at.isoformat() if (at := getattr(case, name)) else None for name in MOMENTS}
    values = {name: getattr(case, name) for name in KEPT}
    return {"case": case.pk, "version": case.version + 1, "assignee": case.assignee_id, **values, **moments}


@dataclass(frozen=True, slots=True)
class Undone:
    """How many are as they were, and how many somebody changed since: those stay."""

    back: int
    kept: int


def undoable(brand: Brand, user: User, now: datetime) -> BulkChange | None:
    """This person's last change, while its undo is offered."""
    mine = BulkChange.objects.filter(brand=brand, user=user, created_at__gt=now - UNDO).order_by("-pk").first()
    return mine if mine and mine.undone_at is None else None


@transaction.atomic
def undo(brand: Brand, user: User, pk: int, now: datetime) -> Undone:
    """Put back what nobody changed since. Raises TooLate; a second click finds it undone."""
    mine = BulkChange.objects.filter(pk=pk, brand=brand, user=user, undone_at=None)
    if not mine.filter(created_at__gt=now - UNDO - GRACE).update(undone_at=now):
        seconds = UNDO.seconds
        raise TooLate(f"That can be undone for {seconds} seconds, and once. Change the cases again where it was wrong.")
    bulk = BulkChange.objects.get(pk=pk)
    people = set(User.objects.filter(pk__in={was["assignee"] for was in bulk.before}).values_list("pk", flat=True))
    back = sum(_put_back(was, people, now) for was in sorted(bulk.before, key=lambda was: int(was["case"])))
    undone = Undone(back, len(bulk.before) - back)
    audit.note(user, "undid a change", brand, bulk.what, back=undone.back, kept=undone.kept)
    return undone


def _put_back(was: Mapping[str, Any], people: set[int], now: datetime) -> bool:
    moments = {name: datetime.fromisoformat(was[name]) if was[name] else None for name in MOMENTS}
    values = {name: was[name] for name in KEPT}
    assignee = was["assignee"] if was["assignee"] in people else None
    return Case.objects.change(was["case"], was["version"], assignee_id=assignee, changed_at=now, **values, **moments)


def counted(n: int) -> str:
    return f"{n:,} case{'' if n == 1 else 's'}"
