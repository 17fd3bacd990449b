"""Case: a mention that the team works on, with status, assignee and notes."""

from django.db import models

from listening.models.mention import Mention
from listening.models.user import User


class Case(models.Model):
    class Status(models.TextChoices):
        NEW = "new", "New"
        IN_PROGRESS = "in_progress", "In progress"
        DONE = "done", "Done"
        IGNORED = "ignored", "Ignored"

    mention = models.OneToOneField(Mention, models.CASCADE, related_name="case")
    status = models.CharField(max_length=12, choices=Status, default=Status.NEW)
    assignee = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="cases")
    changed_at = models.DateTimeField(auto_now=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-changed_at"]
        indexes = [models.Index(fields=["status", "assignee"], name="case_by_status")]


class Note(models.Model):
    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(max_length=5000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "id"]
