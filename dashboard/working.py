"""Working on a complaint: status, assignee and notes; the case is made when somebody first touches it."""

from django.db import transaction
from django.utils import timezone

from dashboard import audit
from listening.models import Case, Mention, Note, User

UNCHANGED = object()
TOUCHED = [status for status in Case.Status.values if status != Case.Status.NEW]


@transaction.atomic
def work_on(mention: Mention, user: User, *, status: str = "", assignee: object = UNCHANGED, note: str = "") -> Case:
    """Change what is given; a note's text goes into the case alone, the audit log only says that there is one."""
    case, _ = Case.objects.get_or_create(mention_id=mention.pk)
    changes: dict[str, object] = {}
    if status and status != case.status:
        changes["status"] = status
    if assignee is not UNCHANGED and assignee != case.assignee:
        changes["assignee"] = assignee
    for name, value in changes.items():
        setattr(case, name, value)
    case.save()
    if note:
        Note.objects.create(case=case, author=user, text=note)
    told = {name: str(value) if value else None for name, value in changes.items()} | (
        {"note": "added"} if note else {}
    )
    if told:
        audit.note(user, "worked on complaint", mention.brand, f"mention {mention.pk}", **told)
    return case


@transaction.atomic
def work_on_same(
    mention: Mention, user: User, *, status: str = "", assignee: object = UNCHANGED, note: str = ""
) -> int:
    """Give the complaints that say the same as this one its new status and assignee; notes stay with one. Those that
    somebody has worked on already are left as they are. Returns how many followed."""
    changes: dict[str, object] = {"status": status} if status else {}
    if assignee is not UNCHANGED:
        changes["assignee"] = assignee
    if mention.group_key is None or not changes:
        return 0
    same = Mention.objects.counted().filter(brand_id=mention.brand_id, group_key=mention.group_key, is_complaint=True)
    untouched = same.exclude(pk=mention.pk).exclude(case__status__in=TOUCHED)
    pks = list(untouched.values_list("pk", flat=True))
    Case.objects.bulk_create([Case(mention_id=pk) for pk in pks], ignore_conflicts=True, batch_size=1000)
    Case.objects.filter(mention__in=pks).update(changed_at=timezone.now(), **changes)
    if pks:
        told = {name: str(value) if value else None for name, value in changes.items()}
        audit.note(user, "worked on the same complaint", mention.brand, f"{len(pks)} like mention {mention.pk}", **told)
    return len(pks)
