"""Interest: why a brand may listen at all (legitimate interest), in versions; without one nothing is collected."""

from django.db import models
from django.utils import timezone

from listening.models.brand import Brand
from listening.models.user import User


class InterestQuerySet(models.QuerySet["Interest"]):
    def of(self, brand: Brand) -> "Interest | None":
        """The version that holds now; None where nobody has written one."""
        return self.filter(brand=brand).order_by("-version").first()


class Interest(models.Model):
    """One version of a brand's record. Written, never changed: a trigger sees to it.

    `adopted` False: carried over from before there were such records; it lets collection go on until an admin has read
    it. `author` None with `adopted`: adopted by a command or a configuration.
    """

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="interests")
    version = models.PositiveIntegerField()
    purpose = models.TextField(max_length=4000)
    necessity = models.TextField(max_length=4000)
    balancing = models.TextField(max_length=4000)
    adopted = models.BooleanField(default=True)
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = InterestQuerySet.as_manager()

    class Meta:
        ordering = ["brand", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["brand", "version"], name="interest_version_once"),
            models.CheckConstraint(
                condition=~models.Q(purpose="") & ~models.Q(necessity="") & ~models.Q(balancing=""),
                name="interest_says_all_three",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.version}"
