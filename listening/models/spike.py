"""Spike: a stretch in which a brand's volume or complaints stood out, and where the judge of each measure stands."""

from django.db import models
from django.db.models import F, Q

from listening.models.brand import Brand


class Measure(models.TextChoices):
    VOLUME = "volume", "Volume"
    COMPLAINTS = "complaints", "Complaint share"


class SpikeQuerySet(models.QuerySet["Spike"]):
    def whole(self) -> "SpikeQuerySet":
        """Those of a brand as a whole, not of one network or theme."""
        return self.filter(network="", theme="")


class Spike(models.Model):
    """`peak` is the busiest hour's count and `expected` what was usual for that hour; for complaints both are counts
    of complaints, given that `peak_of` mentions came in that hour. `strength` is peak / expected, `rare` the highest
    score in standard deviations.

    `network` and `theme` (its id as text) are "" for the brand as a whole. `drivers` is {"networks": [[name, count,
    usual share], ...], "themes": [[id, count, usual share], ...], "mentions": [id, ...], "total": count} of the stretch
    so far.
    """

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="spikes")
    measure = models.CharField(max_length=12, choices=Measure)
    network = models.CharField(max_length=20, blank=True, default="")
    theme = models.CharField(max_length=80, blank=True, default="")
    began_at = models.DateTimeField(help_text="Start of the first hour that stood out.")
    noticed_at = models.DateTimeField(help_text="Start of the hour whose count raised the alert.")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="End of the last hour that stood out.")
    peak_at = models.DateTimeField()
    peak = models.PositiveIntegerField()
    peak_of = models.PositiveIntegerField()
    expected = models.FloatField()
    strength = models.FloatField()
    rare = models.FloatField()
    drivers = models.JSONField(default=dict, blank=True)

    objects = SpikeQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at", "measure"]
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "measure", "network", "theme", "began_at"], name="spike_once_per_beginning"
            ),
            models.CheckConstraint(condition=Q(measure__in=Measure.values), name="spike_measure_known"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gt=F("began_at")), name="spike_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["brand", "measure", "network", "theme"],
                condition=Q(ended_at=None),
                name="spike_one_running",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.began_at:%Y-%m-%d %H:%M}"


class SpikeWatch(models.Model):
    """How far one measure of a brand, or of one network or theme of it, is judged.

    `state` is the detector's, moved in one transaction with the spikes.
    """

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="spike_watches")
    measure = models.CharField(max_length=12, choices=Measure)
    network = models.CharField(max_length=20, blank=True, default="")
    theme = models.CharField(max_length=80, blank=True, default="")
    began_at = models.DateTimeField(help_text="The first hour that was judged.")
    judged_until = models.DateTimeField(help_text="End of the last hour that was judged.")
    hours = models.PositiveIntegerField(default=0, help_text="Hours with a known count, up to now.")
    method = models.CharField(max_length=20)
    state = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "measure", "network", "theme"], name="spike_watch_once_per_part")
        ]

    def __str__(self) -> str:
        return f"{self.brand_id} {self.measure}"
