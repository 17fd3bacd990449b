"""Line: a brand's policy in versions; LineDecision: each verdict with its inputs; Contact: whom the brand answered."""

import json
from functools import lru_cache

from django.db import models
from django.db.models import Q

from listening.line import Policy
from listening.models.brand import Brand
from listening.models.mention import Mention
from listening.models.user import User

FIRST_NAME = "Only when spoken to"


class LineQuerySet(models.QuerySet["Line"]):
    def of(self, brand: Brand) -> "Line":
        """The version that holds now."""
        return self.filter(brand=brand).latest("version")


class Line(models.Model):
    """One version of a brand's line. Written, never changed: a trigger sees to it. Brands are born with version 1."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="lines")
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    policy = models.JSONField(help_text="listening.line.Policy.as_json")
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        ordering = ["brand", "-version"]
        constraints = [models.UniqueConstraint(fields=["brand", "version"], name="line_version_once")]

    def __str__(self) -> str:
        return f"{self.name} (version {self.version})"

    def read(self) -> Policy:
        return _read(json.dumps(self.policy, sort_keys=True), self.version)


@lru_cache(maxsize=256)
def _read(policy: str, version: int) -> Policy:
    """A version never changes, and its quiet topics are queries, which take their time to be parsed."""
    return Policy.read(json.loads(policy), version)


class LineDecision(models.Model):
    """What the line said of a mention, and to whom. `inputs` tell nobody who wrote it and what.

    `limit`: not even a named person may override. An override keeps the verdict and adds who, when and why.
    """

    line = models.ForeignKey(Line, models.CASCADE, related_name="decisions")
    mention = models.ForeignKey(Mention, models.SET_NULL, null=True, related_name="decisions")
    verdict = models.CharField(max_length=8, choices=[(one, one) for one in ("allowed", "ask", "refused")])
    limit = models.BooleanField(default=False)
    reasons = models.JSONField(help_text="Sentences.")
    inputs = models.JSONField(help_text='{"facts": ..., "history": ..., "now": "ISO time"}')
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    overridden_by = models.CharField(max_length=300, blank=True, default="", help_text="Who, by name and address.")
    override_reason = models.TextField(blank=True, default="", max_length=1000)
    overridden_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["line", "-created_at"], name="line_decision_recent")]
        constraints = [
            models.CheckConstraint(condition=Q(overridden_by="") | Q(limit=False), name="line_limit_stands"),
            models.CheckConstraint(
                condition=Q(overridden_by="", override_reason="", overridden_at=None)
                | (~Q(overridden_by="") & ~Q(override_reason="") & Q(overridden_at__isnull=False)),
                name="line_override_has_a_name_and_a_reason",
            ),
        ]


class Contact(models.Model):
    """That a brand answered somebody, by keyed hash as in Author: what "once in 30 days" looks at."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="contacts")
    network = models.CharField(max_length=20)
    key_version = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=64)
    decision = models.OneToOneField(LineDecision, models.SET_NULL, null=True, related_name="contact")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["brand", "network", "key", "-at"], name="contact_last")]
