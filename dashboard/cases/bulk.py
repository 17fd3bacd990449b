"""Bulk: the same change for many cases at once, each only if it still is as somebody saw it.

What a colleague changed meanwhile is left alone, and told. Whole batches are read, locked and written at a time.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import transaction
from django.db.models import CharField, F, Func, Value
from django.utils import timezone

from dashboard import audit
from dashboard.cases.changing import following, in_words
from listening.models import Brand, BulkChange, Case, User
from listening.models.selection import KEPT_FOR

MOST = 200
"""Cases that somebody chooses one by one."""
MOST_AT_ONCE = 10_000
"""Cases that a list may hold which is changed as a whole."""
BATCH = 1000
AGAIN = timedelta(minutes=1)
"""How long after a change the same click is taken for its second half."""
KEPT = ("status", "tags", "solved", "snooze_reason")
MOMENTS = ("snoozed_until", "closed_at", "woke_at")


@dataclass(slots=True)
class Outcome:
    """How many cases changed, how many a colleague had changed since they were seen, how many were so already, and how
    many this person had made so a moment ago with the same click."""

    changed: int = 0
    skipped: int = 0
    same: int = 0
    again: int = 0
    bulk: BulkChange | None = None
    before: list[dict[str, Any]] = field(default_factory=list)
    mentions: list[int] = field(default_factory=list)


@transaction.atomic
def change_many(brand: Brand, user: User, seen: Mapping[int, int], now: datetime, say: str, **changes: Any) -> Outcome:
    """Give exactly these cases ({id: the version that was seen}) of one brand new values; `tag` adds one to the others.

    `say` is what happens, for people: "marked as done".
    """
    if len(seen) > MOST_AT_ONCE:
        raise ValueError(f"These are more than {MOST_AT_ONCE:,} cases. Choose fewer at a time.")
    outcome = Outcome(skipped=len(seen))
    ids = sorted(seen)
    for begin in range(0, len(ids), BATCH):
        found = Case.objects.filter(brand=brand, pk__in=ids[begin : begin + BATCH]).select_for_update().order_by("pk")
        _change_batch(list(found), seen, now, changes, outcome)
    if outcome.skipped:
        outcome.again = _mine_already(brand, user, seen, changes)
        outcome.skipped -= outcome.again
    if outcome.changed:
        _keep(brand, user, outcome, say, changes)
    return outcome


def _change_batch(
    found: list[Case], seen: Mapping[int, int], now: datetime, changes: Mapping[str, Any], outcome: Outcome
) -> None:
    fresh = [case for case in found if case.version == seen[case.pk]]
    alike: dict[frozenset[str], list[Case]] = defaultdict(list)
    for case in fresh:
        alike[_differing(case, changes)].append(case)
    outcome.skipped -= len(fresh)
    outcome.same += len(alike.pop(frozenset(), ()))
    for names, cases in alike.items():
        _write(cases, _values(names, changes), now)
        outcome.changed += len(cases)
        outcome.before += map(_was, cases)
        outcome.mentions += [case.mention_id for case in cases]


def _differing(case: Case, changes: Mapping[str, Any]) -> frozenset[str]:
    """The names of those changes that make a difference to this case."""
    return frozenset(name for name, value in changes.items() if _differs(case, name, value))


def _differs(case: Case, name: str, value: Any) -> bool:
    if name == "tag":
        return bool(value) and value not in case.tags
    if name == "assignee":
        return bool(case.assignee_id != (value.pk if value else None))
    return bool(getattr(case, name) != value)


def _values(names: Iterable[str], changes: Mapping[str, Any]) -> dict[str, Any]:
    """As an update writes them."""
    values = {name: changes[name] for name in names if name != "tag"}
    if "tag" in names:
        tags = ArrayField(CharField(max_length=40))
        values["tags"] = Func(F("tags"), Value(changes["tag"]), function="array_append", output_field=tags)
    return values


def _write(cases: Iterable[Case], values: Mapping[str, Any], now: datetime) -> None:
    """The cases are locked and as they were seen."""
    whole = {**values, **following(values, now), "changed_at": now}
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(version=F("version") + 1, **whole)


def _mine_already(brand: Brand, user: User, seen: Mapping[int, int], changes: Mapping[str, Any]) -> int:
    """How many of these are as this person's own last click of the same kind made them from what they saw."""
    mine = BulkChange.objects.filter(brand=brand, user=user, undone_at=None, created_at__gt=timezone.now() - AGAIN)
    made = {was["case"]: was["version"] for bulk in mine for was in bulk.before}
    clicked = [pk for pk, version in seen.items() if made.get(pk) == version + 1]
    cases = Case.objects.filter(brand=brand, pk__in=clicked)
    return sum(case.version == made[case.pk] and not _differing(case, changes) for case in cases)


def _keep(brand: Brand, user: User, outcome: Outcome, say: str, changes: Mapping[str, Any]) -> None:
    BulkChange.objects.filter(brand=brand, created_at__lt=timezone.now() - KEPT_FOR).delete()
    what = f"{counted(outcome.changed)} {say}"
    detail = in_words(changes) | {"mentions": outcome.mentions}
    audit.note(
        user, "changed cases", brand, what, **detail, **({"skipped": outcome.skipped} if outcome.skipped else {})
    )
    outcome.bulk = BulkChange.objects.create(brand=brand, user=user, what=what[:200], before=outcome.before)


def _was(case: Case) -> dict[str, Any]:
    moments = {name: at.isoformat() if (at := getattr(case, name)) else None for name in MOMENTS}
    values = {name: getattr(case, name) for name in KEPT}
    return {"case": case.pk, "version": case.version + 1, "assignee": case.assignee_id, **values, **moments}


def counted(n: int) -> str:
    return f"{n:,} case{'' if n == 1 else 's'}"
