"""ComplaintRules: what a brand changed about complaints, and how far stored mentions follow."""

from django.db import models
from django.db.models.functions import Lower

from listening.models.brand import Brand
from listening.models.user import User

KINDS = (
    ("delivery", "Delivery"),
    ("price", "Price"),
    ("quality", "Quality"),
    ("support", "Support"),
    ("availability", "Availability"),
    ("account", "Account"),
    ("staff", "Staff"),
    ("safety", "Safety"),
    ("other", "Other"),
)
"""The kinds of complaints that ship; a brand's phrases may add others."""


class ComplaintRules(models.Model):
    """One row a brand. `threshold` is the probability from which a post is flagged, None for the engine's own.

    Saving new rules raises `number`. `applied` says which rules and engines stored mentions were last brought up to;
    meanwhile `after` is the last mention that was done, of `total`, `done` of them.
    """

    brand = models.OneToOneField(Brand, models.CASCADE, related_name="complaint_rules")
    threshold = models.FloatField(null=True)
    number = models.PositiveIntegerField(default=1)
    set_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    set_at = models.DateTimeField(null=True)
    applied = models.CharField(max_length=120, default="")
    applying = models.CharField(max_length=120, default="")
    after = models.BigIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(threshold=None) | models.Q(threshold__gt=0, threshold__lt=1),
                name="complaint_threshold_is_a_probability",
            )
        ]


class KindPhrase(models.Model):
    """A phrase that tells the kind of a complaint for one brand; the kind may be one of the brand's own."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="kind_phrases")
    kind = models.CharField(max_length=40)
    phrase = models.CharField(max_length=120)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["kind", "phrase"]
        constraints = [models.UniqueConstraint("brand", Lower("phrase"), name="kind_phrase_once_per_brand")]
