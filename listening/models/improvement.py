"""Improvement: something to make better because of what people said, without contacting anybody."""

from django.db import models
from django.db.models import Q

from listening.models.brand import Brand
from listening.models.case import Case
from listening.models.theme import Theme
from listening.models.user import User


class Improvement(models.Model):
    """`effect`: the theme's rate before and after, as it was measured when it was closed and later; {} before.
    `unmeasured`: by the same lengths, why one that is over could not be measured when that was last tried."""

    class Status(models.TextChoices):
        IDEA = "idea", "Idea"
        DOING = "doing", "In work"
        DONE = "done", "Done"
        DROPPED = "dropped", "Dropped"

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="improvements")
    title = models.CharField(max_length=160)
    what = models.TextField(max_length=5000, blank=True, default="")
    status = models.CharField(max_length=8, choices=Status, default=Status.IDEA)
    owner = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    theme = models.ForeignKey(Theme, models.SET_NULL, null=True, blank=True, related_name="improvements")
    cases = models.ManyToManyField(Case, related_name="improvements", blank=True)
    version = models.PositiveIntegerField(default=1, db_default=1)
    done_at = models.DateTimeField(null=True, blank=True, help_text="When the change reached people.")
    effect = models.JSONField(default=dict, blank=True)
    unmeasured = models.JSONField(default=dict, blank=True, db_default={})
    public = models.BooleanField(default=False)
    said = models.CharField(max_length=300, blank=True, default="", help_text="“You said”, for the public page.")
    did = models.CharField(max_length=300, blank=True, default="", help_text="“We did”, for the public page.")
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["brand", "status"], name="improvement_by_status")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="done") | Q(done_at__isnull=False), name="improvement_done_then"
            ),
            models.CheckConstraint(
                condition=Q(public=False) | (~Q(said="") & ~Q(did="")), name="improvement_public_says_both"
            ),
        ]

    def __str__(self) -> str:
        return self.title
