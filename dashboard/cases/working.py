"""Working on a complaint from its row: status, assignee, notes; the case is opened when somebody first touches it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from dashboard import audit
from dashboard.cases.changing import change, following, in_words
from dashboard.cases.opening import case_of, due_at, locked
from listening.models import Case, Mention, Note, User

UNCHANGED = object()
NEWBORN = 1  # the version of a case that nobody has changed
TWICE = timedelta(minutes=1)  # within it the same note by the same person is a double click
TOUCHED = [status for status in Case.Status.values if status != Case.Status.NEW]


@transaction.atomic
def work_on(
    mention: Mention,
    user: User,
    *,
    status: str = "",
    assignee: object = UNCHANGED,
    note: str = "",
    version: int | None = None,
) -> Case:
    """Change what is given; a note's text goes into the case alone, the audit log only says that there is one.

    `version` is the one that the row showed, 0 where there was no case yet. Raises Stale when a colleague was quicker.
    """
    case, now = case_of(mention), timezone.now()
    seen = case.version if version is None else version or NEWBORN
    return save(case, seen, user, now, note, **_given(status, assignee))


@transaction.atomic
def save(case: Case, version: int, user: User, now: datetime, note: str = "", **changes: Any) -> Case:
    """Change a case as somebody saw it, and add their note. Raises Stale, and then keeps neither; a note alone is no
    change and stands beside whatever a colleague did. The second half of a double click waits for the first and finds
    all done."""
    case = Case.objects.select_for_update(of=("self",), no_key=True).select_related("brand", "assignee").get(pk=case.pk)
    case = change(case, version, user, now, **changes)
    if note and not case.notes.filter(author=user, text=note, created_at__gt=now - TWICE).exists():
        add_note(case, user, note)
    return case


@transaction.atomic
def open_case(mention: Mention, user: User) -> Case:
    """The mention's case; where there was none, the audit log keeps who opened it."""
    if (found := Case.objects.filter(mention=mention).first()) is not None:
        return found
    case = case_of(mention)
    audit.note(user, "opened a case", mention.brand, f"mention {mention.pk}")
    return case


@transaction.atomic
def take_on(mention: Mention, user: User) -> Case:
    """The mention's case; who opens it has it."""
    case = open_case(mention, user)
    if case.version == NEWBORN and case.assignee_id is None and case.status == Case.Status.NEW:
        return change(case, case.version, user, timezone.now(), assignee=user)
    return case


def add_note(case: Case, user: User, text: str) -> Note:
    audit.note(user, "added a note", case.brand, f"mention {case.mention_id}")
    return Note.objects.create(case=case, author=user, text=text)


@transaction.atomic
def work_on_same(
    mention: Mention, user: User, was: int | None, *, status: str = "", assignee: object = UNCHANGED, note: str = ""
) -> int:
    """Give the complaints that say the same as this one its new status and assignee; notes stay with one. Those that
    somebody has worked on already, or has in their hands, are left as they are: `was` is who had this one, for those in
    the same hands follow. Returns how many followed."""
    changes, now = _given(status, assignee), timezone.now()
    if mention.group_key is None or not changes:
        return 0
    same = Mention.objects.counted().filter(brand_id=mention.brand_id, group_key=mention.group_key, is_complaint=True)
    free = Q(case=None) | (~Q(case__status__in=TOUCHED) & (Q(case__assignee=None) | Q(case__assignee=was)))
    untouched = same.exclude(pk=mention.pk).filter(free)
    priorities = dict(untouched.values_list("pk", "priority"))
    due = due_at(locked(mention.brand_id), now) if priorities else None
    new = [
        Case(mention_id=pk, brand_id=mention.brand_id, kind=Case.Kind.COMPLAINT, priority=priority, due_at=due)
        for pk, priority in priorities.items()
    ]
    Case.objects.bulk_create(new, ignore_conflicts=True, batch_size=1000)
    mine = Q(assignee=None) | Q(assignee=was)  # once more: a colleague may have been quicker
    cases = Case.objects.filter(mine, mention__in=list(priorities)).exclude(status__in=TOUCHED)
    cases.update(changed_at=now, version=F("version") + 1, **changes, **following(changes, now))
    if priorities:
        target = f"{len(priorities)} like mention {mention.pk}"
        audit.note(user, "changed the same cases", mention.brand, target, **in_words(changes))
    return len(priorities)


def _given(status: str, assignee: object) -> dict[str, object]:
    given: dict[str, object] = {"status": status} if status else {}
    return given | ({} if assignee is UNCHANGED else {"assignee": assignee})
