"""Upload: a file that somebody hands in for import, the plan to read it, and how that went."""

from django.db import models

from listening.models.brand import Brand
from listening.models.source import Source
from listening.models.user import User


class Upload(models.Model):
    """`path` is relative to the upload folder; `plan` is what was guessed or confirmed about columns."""

    class State(models.TextChoices):
        GUESSED = "guessed", "Waiting for confirmation"
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="uploads")
    source = models.ForeignKey(Source, models.SET_NULL, null=True, related_name="uploads")
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=255)
    path = models.CharField(max_length=255)
    plan = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.GUESSED)
    counts = models.JSONField(default=dict)
    sentence = models.TextField(blank=True, default="")
    errors_path = models.CharField(max_length=255, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
