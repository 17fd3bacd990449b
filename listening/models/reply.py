"""Reply: an answer to a case on its way out, as a row with a state; SavedReply: words to begin with."""

import uuid

from django.db import models
from django.db.models import Q

from listening.models.brand import Brand
from listening.models.case import Case
from listening.models.line import LineDecision
from listening.models.user import User


class Reply(models.Model):
    """draft -> (approval) -> approved -> sending -> sent or failed. `key` makes sending twice the same as once.

    `decision` is what the line said of exactly this text; a trigger lets nothing be approved, sent or noted without an
    allowed decision about the same mention, or one that a named person approved. `by_hand`: it was written at the
    network, and only noted here.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        ASKED = "asked", "Waits for a second person"
        APPROVED = "approved", "Goes out"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        DROPPED = "dropped", "Dropped"

    case = models.ForeignKey(Case, models.CASCADE, related_name="replies")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    text = models.TextField(max_length=10_000)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1, db_default=1)
    by_hand = models.BooleanField(default=False)
    decision = models.ForeignKey(LineDecision, models.RESTRICT, null=True, related_name="replies")
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    approved_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    sending_at = models.DateTimeField(null=True, help_text="When it was last tried.")
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    external_id = models.TextField(blank=True, default="", help_text="The id that the network gave it.")
    url = models.TextField(blank=True, default="")
    sentence = models.TextField(blank=True, default="", help_text="What went wrong and what to do.")
    changed_at = models.DateTimeField(auto_now=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(fields=["state", "retry_at"], name="reply_due", condition=Q(state__in=["approved", "sending"]))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=["draft", "asked", "approved", "sending"]),
                name="reply_one_under_way",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "sending", "sent"]) | Q(decision__isnull=False),
                name="reply_goes_by_a_decision",
            ),
            models.CheckConstraint(condition=~Q(state="sent") | Q(sent_at__isnull=False), name="reply_sent_at_a_time"),
        ]


class SavedReply(models.Model):
    """`text` may hold {name}, {brand}, {disclosure}, {link}: filled in when it is chosen."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="saved_replies")
    name = models.CharField(max_length=80)
    text = models.TextField(max_length=5000)
    language = models.CharField(max_length=8, blank=True, default="")
    changed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="saved_reply_name_once_per_brand")]
