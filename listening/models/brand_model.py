"""BrandModel: a correction of an engine's probabilities, learned from one brand's labels, with what it was measured at.

`parameters` are what `listening.quality.own` applies; `measured` what `ingest.learning.compare` found on held-out
labels. `engine` is the engine whose probabilities it corrects: after another engine's it is not applied.
"""

from django.db import models
from django.db.models import Q

from listening.models.brand import Brand
from listening.models.user import User


class BrandModel(models.Model):
    class Kind(models.TextChoices):
        SENTIMENT = "sentiment", "Sentiment"
        COMPLAINT = "complaint", "Complaint"

    class State(models.TextChoices):
        OFFERED = "offered", "Offered"
        ADOPTED = "adopted", "In use"
        RETIRED = "retired", "No longer in use"
        NO_BETTER = "no_better", "No better than the engine alone"

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="own_models")
    kind = models.CharField(max_length=10, choices=Kind)
    number = models.PositiveIntegerField()
    engine = models.CharField(max_length=40)
    parameters = models.JSONField()
    measured = models.JSONField()
    state = models.CharField(max_length=10, choices=State)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["brand", "kind", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["brand", "kind", "number"], name="brand_model_number_once"),
            models.UniqueConstraint(
                fields=["brand", "kind"], condition=Q(state="adopted"), name="brand_model_adopted_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["offered", "adopted", "retired", "no_better"]), name="brand_model_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand}: {self.kind} {self.number}"
