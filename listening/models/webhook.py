"""Webhook: whom another program is told of what happens, and Delivery: one message on its way there."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from listening.models.brand import Brand
from listening.secrets import seal
from listening.webhooks.events import Event, body, event_of, message_id

OLD_SECRET = timedelta(hours=24)
"""How long a secret that was replaced signs too."""
OFF = "The webhook was switched off."


class Webhook(models.Model):
    """`secret` and `old_secret` are sealed (listening.secrets); the old one signs too until `old_until`.

    `rest_until` is when it may be written to next: while a worker sends, the end of its lease; after a failure, of a
    pause that grows. `failures` are tries in a row since the last success. `off_reason` is why Earshot switched it off,
    "" where a person did.
    """

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="webhooks")
    name = models.CharField(max_length=80)
    url = models.TextField(max_length=2000)
    events = ArrayField(models.CharField(max_length=40))
    active = models.BooleanField(default=True)
    secret = models.TextField()
    secret_at = models.DateTimeField()
    old_secret = models.TextField(blank=True, default="")
    old_until = models.DateTimeField(null=True, blank=True)
    rest_until = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True, help_text="When it last took a message.")
    off_reason = models.TextField(blank=True, default="")
    told_at = models.DateTimeField(null=True, blank=True, help_text="When the admins were told that it is off.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="webhook_name_once_per_brand")]

    def __str__(self) -> str:
        return self.name

    def take_secret(self, secret: str, now: datetime) -> None:
        """Sign with this one from now on, with the former one for another day. Not saved; SECRET are the columns."""
        if self.secret:
            self.old_secret, self.old_until = self.secret, now + OLD_SECRET
        self.secret, self.secret_at = seal({"secret": secret}), now

    def switch(self, on: bool, reason: str = "") -> bool:
        """On: from now on, with a clean slate. Off: what waits is kept as failed; `reason` where Earshot does it by
        itself. False where it is so already. In a transaction."""
        afresh = AFRESH | {"off_reason": reason}
        if not Webhook.objects.filter(pk=self.pk, active=not on).update(active=on, **afresh):
            return False
        if not on:
            self.deliveries.filter(state=Delivery.State.WAITING).update(state=Delivery.State.FAILED, sentence=OFF)
        return True

    def two_secrets(self, now: datetime) -> bool:
        return bool(self.old_secret and self.old_until and self.old_until > now)


SECRET = ("secret", "secret_at", "old_secret", "old_until")
MOVED: dict[str, Any] = {"rest_until": None, "failures": 0, "failing_since": None}
"""What is forgotten when a webhook leads elsewhere: it may do better there."""
AFRESH = MOVED | {"told_at": None}


class Delivery(models.Model):
    """Written by the database in the transaction in which something happens (listening.models.announcing).

    `message` is the id that the receiver knows it by; `key` names what happened, so that it is told once. `facts` are
    plain numbers, kinds and times. `queued_at` is when it began to wait, anew when somebody sends it again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Failed"

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    message = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=200)
    event = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    happened_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(help_text="When it is tried next; also in case that the worker dies meanwhile.")
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="What the receiver last answered.")
    sentence = models.TextField(blank=True, default="", help_text="What went wrong and what to do.")

    class Meta:
        ordering = ["-happened_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["webhook", "key"], name="delivery_once_per_event")]
        indexes = [
            models.Index(fields=["next_at"], name="delivery_due", condition=Q(state="waiting")),
            models.Index(fields=["webhook", "-happened_at", "-id"], name="delivery_recent"),
            models.Index(fields=["queued_at"], name="delivery_expiry"),
        ]

    @property
    def told(self) -> Event:
        return event_of(self.event)

    @property
    def number(self) -> str:
        """The id that the receiver knows it by."""
        return message_id(self.message)

    @property
    def next_try(self) -> datetime:
        """When this one and its webhook have both rested."""
        return max(self.next_at, self.webhook.rest_until or self.next_at)

    def body(self) -> bytes:
        """What is said, the same in each try. Wants the webhook's brand joined."""
        brand, home = self.webhook.brand, settings.PUBLIC_URL
        return body(self.event, self.message, self.happened_at, brand.slug, brand.is_sample, self.facts, home)
