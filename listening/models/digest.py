"""Subscription: who gets a brand's weekly digest and when; Issue: one digest to one person for one period."""

import secrets

from django.db import models
from django.db.models import F, Q

from listening.models.brand import Brand
from listening.models.user import User


def _token() -> str:
    return secrets.token_urlsafe(24)


class Subscription(models.Model):
    """`weekday` (0 = Monday) and `hour` are local to the brand's time zone."""

    user = models.ForeignKey(User, models.CASCADE, related_name="subscriptions")
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="subscriptions")
    active = models.BooleanField(default=True)
    weekday = models.PositiveSmallIntegerField(default=0)
    hour = models.PositiveSmallIntegerField(default=8)
    send_empty = models.BooleanField(default=True)
    token = models.CharField(max_length=64, unique=True, default=_token)
    unsubscribed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "brand"], name="subscription_once"),
            models.CheckConstraint(condition=Q(weekday__lte=6, hour__lte=23), name="subscription_time_exists"),
        ]


class Issue(models.Model):
    """Written before anything is sent; `period_start` and `period_end` are UTC instants, the end exclusive."""

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        SKIPPED = "skipped", "Skipped"

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="issues")
    period_start = models.DateTimeField()
    period_end = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    error = models.TextField(blank=True, default="")
    subject = models.CharField(max_length=300, blank=True, default="")
    html = models.TextField(blank=True, default="")
    text = models.TextField(blank=True, default="")
    sent_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-period_start", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["subscription", "period_start"], name="issue_once_per_period"),
            models.CheckConstraint(condition=Q(period_end__gt=F("period_start")), name="issue_period_ends_after_start"),
        ]
        indexes = [models.Index(fields=["state", "next_attempt_at"], name="issue_due")]
