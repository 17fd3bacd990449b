"""Rescore: reading a brand's stored mentions again with another engine, and how far that is."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from listening.models.brand import Brand
from listening.models.user import User


class RescoreQuerySet(models.QuerySet["Rescore"]):
    def open(self) -> "RescoreQuerySet":
        """Those that are not at their end."""
        return self.filter(state=Rescore.State.RUNNING)

    def due(self, now: datetime) -> "RescoreQuerySet":
        """Those that nobody works on."""
        return self.open().filter(Q(lease_until=None) | Q(lease_until__lt=now))

    def claim(self, pk: int, now: datetime, lease: timedelta) -> int | None:
        """Take the lease by one conditional UPDATE. Returns its number; None when it is over or somebody has it."""
        if not self.due(now).filter(pk=pk).update(lease_until=now + lease, lease_number=F("lease_number") + 1):
            return None
        return self.values_list("lease_number", flat=True).get(pk=pk)


class Rescore(models.Model):
    """Mentions are read from the newest back; `at` and `last_id` are the last one that was looked at.

    `total` and `done` count mentions looked at, `changed` those whose findings were written anew; the others had the
    new engine's findings already, or no text any more. `seconds` is the time spent, for estimates.
    """

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"
        FAILED = "failed", "Failed"

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="rescores")
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    engine = models.CharField(max_length=20)
    from_version = models.CharField(max_length=200, blank=True, default="")
    to_version = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(max_length=9, choices=State, default=State.RUNNING)
    at = models.DateTimeField(null=True)
    last_id = models.BigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    done = models.PositiveBigIntegerField(default=0)
    changed = models.PositiveBigIntegerField(default=0)
    seconds = models.FloatField(default=0)
    sentence = models.TextField(blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    lease_number = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    objects = RescoreQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["brand"], condition=Q(state="running"), name="rescore_running_once")
        ]

    def __str__(self) -> str:
        return f"{self.brand} with {self.engine}"
