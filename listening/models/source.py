"""Source: one connection to a network, where it stands, what its pulls did, and what could not be read."""

from datetime import datetime, timedelta

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Upper

from listening.models.brand import Brand


class SourceQuerySet(models.QuerySet["Source"]):
    def due(self, now: datetime) -> "SourceQuerySet":
        """Sources that should be pulled: on, their time has come, and nobody holds the lease."""
        return self.filter(state=Source.State.ON, next_pull_at__lte=now).filter(
            Q(lease_until=None) | Q(lease_until__lt=now)
        )

    def claim(self, pk: int, now: datetime, lease: timedelta) -> int | None:
        """Take the lease by one conditional UPDATE. Returns the lease number, None when somebody else has it."""
        free = self.filter(pk=pk).filter(Q(lease_until=None) | Q(lease_until__lt=now))
        if not free.update(lease_until=now + lease, lease_number=F("lease_number") + 1):
            return None
        return self.values_list("lease_number", flat=True).get(pk=pk)

    def claim_sweep(self, pk: int, now: datetime, lease: timedelta) -> bool:
        """Whether this source's stored posts are mine to look up again; a lease that was not given back runs out."""
        free = self.filter(pk=pk, state=Source.State.ON).filter(Q(next_sweep_at=None) | Q(next_sweep_at__lte=now))
        return bool(free.update(next_sweep_at=now + lease))


class Source(models.Model):
    """`credentials` are sealed (listening.secrets) and never shown again; `settings` are plain values."""

    class State(models.TextChoices):
        ON = "on", "On"
        PAUSED = "paused", "Paused"
        BROKEN = "broken", "Needs attention"

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    brands = models.ManyToManyField(Brand, related_name="sources", blank=True)
    settings = models.JSONField(default=dict, blank=True)
    credentials = models.TextField(blank=True, default="")
    state = models.CharField(max_length=8, choices=State, default=State.ON)
    next_pull_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_number = models.PositiveIntegerField(default=0)
    next_sweep_at = models.DateTimeField(
        null=True, blank=True, help_text="When stored posts are looked up again; while somebody does, the lease's end."
    )
    old_sweep_at = models.DateTimeField(
        null=True, blank=True, help_text="When all stored posts, and not the youngest alone, were last looked through."
    )
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_started_at = models.DateTimeField(null=True, blank=True)
    newest_post_at = models.DateTimeField(null=True, blank=True)
    error_code = models.CharField(max_length=20, blank=True, default="")
    error_sentence = models.TextField(blank=True, default="")
    error_raw = models.TextField(blank=True, default="")
    error_since = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True, help_text="When the admins were told of this error by mail.")
    failures = models.PositiveIntegerField(default=0, help_text="Failed pulls since the last success.")
    warnings = models.JSONField(default=list, blank=True, help_text="Sentences of the last pull.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "name", "id"]
        indexes = [models.Index(fields=["next_pull_at"], name="source_due", condition=Q(state="on"))]

    def __str__(self) -> str:
        return self.name


class Cursor(models.Model):
    """Where one target of a source stands; moved in the same transaction as the rows it accounts for."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="cursors")
    key = models.CharField(max_length=200)
    value = models.JSONField()
    caught_up_at = models.DateTimeField(null=True, blank=True)
    moved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="cursor_once_per_target")]


class Pull(models.Model):
    """One run of a source: counts and a sentence for people."""

    class Outcome(models.TextChoices):
        RUNNING = "running", "Running"
        OK = "ok", "Fine"
        WAITING = "waiting", "Waiting for the network"
        FAILED = "failed", "Failed"
        LOST = "lost", "Interrupted"

    source = models.ForeignKey(Source, models.CASCADE, related_name="pulls")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.RUNNING)
    counts = models.JSONField(default=dict)
    sentence = models.TextField(blank=True, default="")
    error_code = models.CharField(max_length=20, blank=True, default="")
    raw = models.TextField(blank=True, default="")
    back_fill = models.BooleanField(default=False)

    class Meta:
        ordering = ["-started_at", "-id"]
        indexes = [models.Index(fields=["source", "-started_at"], name="pull_recent")]


class Gap(models.Model):
    """A stretch of time in which a source was not collecting; charts hatch it, digests say it."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="gaps")
    start = models.DateTimeField()
    end = models.DateTimeField()
    reason = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["start"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="gap_ends_after_it_starts"),
            models.UniqueConstraint(fields=["source", "start", "end", "reason"], name="gap_once"),
        ]
        indexes = [models.Index(fields=["source", "start", "end"], name="gap_by_time")]


class Spend(models.Model):
    """What a source has used of its budget on one day of its network, in the network's units."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="spends")
    day = models.DateField()
    units = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "day"], name="spend_once_a_day")]


class Quarantine(models.Model):
    """One post that could not be taken in: its raw form, the reason, and a Retry button."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="quarantine")
    key = models.CharField(max_length=64, help_text="SHA-256 of the raw form: the same post is set aside once.")
    raw = models.JSONField()
    reason = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="quarantine_once")]
        # People who left are looked for in it while a stream is read: without this, every row each time.
        indexes = [
            GinIndex(OpClass(Upper(Cast("raw", models.TextField())), "gin_trgm_ops"), name="quarantine_text"),
        ]


class Tombstone(models.Model):
    """A post that was deleted at its network: a keyed hash, so that a late copy of it is not stored again."""

    network = models.CharField(max_length=20)
    key = models.CharField(max_length=64)
    deleted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "key"], name="tombstone_once")]
        indexes = [models.Index(fields=["deleted_at"], name="tombstone_expiry")]
