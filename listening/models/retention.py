"""Retention: how long a brand keeps the texts of one network, where it differs from the brand's own time."""

from django.db import models

from listening.models.brand import Brand

LONGEST = 3650


class Retention(models.Model):
    """`days` after it was published a text goes; counts stay; listening.retention holds the networks' own limits."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="retentions")
    network = models.CharField(max_length=20)
    days = models.PositiveIntegerField()

    class Meta:
        ordering = ["brand", "network"]
        constraints = [
            models.UniqueConstraint(fields=["brand", "network"], name="retention_once_per_network"),
            models.CheckConstraint(condition=models.Q(days__gte=1), name="retention_at_least_a_day"),
        ]
