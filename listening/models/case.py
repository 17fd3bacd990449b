"""Case: a mention that the team works on, with state, assignee, due time, tags and notes; and bulk changes to undo."""

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from listening.models.brand import Brand
from listening.models.mention import Mention
from listening.models.user import User

if TYPE_CHECKING:
    from datetime import datetime


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> "CaseQuerySet":
        """Those that wait for the team: new, or in somebody's hands."""
        return self.filter(status__in=OPEN)

    def change(self, pk: int, version: int, **changes: Any) -> bool:
        """Change one case if nobody changed it since `version` was read; False when somebody did, and nothing is."""
        return bool(self.filter(pk=pk, version=version).update(version=F("version") + 1, **changes))

    def hold(self, pk: int) -> None:
        """Keep others who would answer this case waiting until the transaction ends."""
        self.select_for_update(no_key=True).values_list("pk").get(pk=pk)

    def answered(self, pk: int, now: "datetime") -> None:
        """The person was answered: the case waits for them, unless somebody has closed it."""
        case = self.filter(pk=pk)
        case.update(replied_at=Coalesce("replied_at", now), version=F("version") + 1, changed_at=now)
        waits = {"status": Case.Status.WAITING, "snoozed_until": None, "snooze_reason": "", "woke_at": None}
        case.exclude(status__in=CLOSED).update(**waits)


class Case(models.Model):
    """`version` counts changes: whoever writes says which one they saw, so that no change of a colleague is lost.

    `priority` is the mention's stored part when the case was opened (listening.priority); `due_at` when the first reply
    is due by the brand's service level; `replied_at` when the person was first answered.
    """

    class Status(models.TextChoices):
        NEW = "new", "New"
        IN_PROGRESS = "in_progress", "In progress"
        WAITING = "waiting", "Waiting for them"
        SNOOZED = "snoozed", "Snoozed"
        DONE = "done", "Done"
        IGNORED = "ignored", "Left alone"

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", "Complaint"
        QUESTION = "question", "Question"
        PRAISE = "praise", "Praise"
        OTHER = "other", "Other"

    class Origin(models.TextChoices):
        PERSON = "person", "Opened by a person"
        RULE = "rule", "Opened by a rule"
        PRIORITY = "priority", "Opened by its priority"

    class Solved(models.TextChoices):
        UNKNOWN = "", "Not known"
        YES = "yes", "Solved"
        NO = "no", "Not solved"

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="cases")
    mention = models.OneToOneField(Mention, models.CASCADE, related_name="case")
    kind = models.CharField(max_length=9, choices=Kind, default=Kind.OTHER)
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.PERSON)
    rule = models.ForeignKey("listening.CaseRule", models.SET_NULL, null=True, blank=True, related_name="cases")
    status = models.CharField(max_length=12, choices=Status, default=Status.NEW)
    assignee = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="cases")
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    priority = models.SmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1, db_default=1)
    due_at = models.DateTimeField(null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    snooze_reason = models.CharField(max_length=200, blank=True, default="")
    woke_at = models.DateTimeField(
        null=True, blank=True, help_text="When it came back from a snooze: it stands on top."
    )
    solved = models.CharField(max_length=3, choices=Solved, blank=True, default=Solved.UNKNOWN)
    changed_at = models.DateTimeField(auto_now=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at"]
        indexes = [
            models.Index(fields=["status", "assignee"], name="case_by_status"),
            models.Index(fields=["brand", "status", "-priority", "created_at", "id"], name="case_inbox"),
            models.Index(fields=["brand", "woke_at"], name="case_woken", condition=Q(woke_at__isnull=False)),
            models.Index(
                fields=["brand", "due_at"],
                name="case_due",
                condition=Q(status__in=["new", "in_progress"], due_at__isnull=False, replied_at__isnull=True),
            ),
            models.Index(fields=["snoozed_until"], name="case_wakes", condition=Q(status="snoozed")),
            models.Index(fields=["brand", "closed_at"], name="case_closed", condition=Q(closed_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="snoozed") | Q(snoozed_until__isnull=False), name="case_snoozed_until_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"case {self.pk}"

    def overdue(self, now: "datetime") -> bool:
        return self.due_at is not None and self.replied_at is None and self.status in OPEN and self.due_at < now


OPEN = (Case.Status.NEW, Case.Status.IN_PROGRESS)
CLOSED = (Case.Status.DONE, Case.Status.IGNORED)


class Note(models.Model):
    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(max_length=5000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "id"]


class BulkChange(models.Model):
    """One change of many cases at once, with what they were before, so that it can be undone for a moment.

    `before`: [{"case": id, "version": the version that this change made, "status": ..., "assignee": ...}, ...].
    """

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    what = models.CharField(max_length=200)
    before = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)
