"""Working on a complaint: status, assignee and notes; the case is made when somebody first touches it."""

from django.db import transaction

from dashboard import audit
from listening.models import Case, Mention, Note, User

UNCHANGED = object()


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
