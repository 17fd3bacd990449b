"""Theme: what a part of a brand's mentions is about, found by the machine or made by an admin with a query.

Every mention that was sorted has one ThemeMember: with one theme, or with none ("ungrouped"). So the shares of all
themes and the ungrouped share add up to the whole.
"""

from django.db import models
from django.db.models import Q

from listening.models.brand import Brand
from listening.models.mention import Mention


class ThemeQuerySet(models.QuerySet["Theme"]):
    def live(self) -> "ThemeQuerySet":
        """Themes that mentions are sorted into, those that were merged into another included."""
        return self.filter(retired_at=None)

    def shown(self) -> "ThemeQuerySet":
        """Themes that pages list, those that an admin made first."""
        return self.live().filter(merged_into=None).order_by("origin", "pk")


class Theme(models.Model):
    """`phrases` are folded words, the strongest first. What a person says wins: `name_by_person` over `name`.

    A theme that a person removed stays as a row with `removed`, so that the machine does not find it again; one that
    was merged keeps its phrases or query, and its mentions are counted in `merged_into`.
    """

    class Origin(models.TextChoices):
        ADMIN = "admin", "Made by an admin"
        MACHINE = "machine", "Found by the machine"

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="themes")
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.MACHINE)
    name = models.CharField(max_length=120)
    name_by_person = models.CharField(max_length=120, blank=True, default="")
    phrases = models.JSONField(default=list, blank=True)
    query = models.TextField(blank=True, default="", max_length=8192)
    why = models.CharField(max_length=10, blank=True, default="", help_text="changed, distinct or frequent.")
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="merged")
    first_seen = models.DateTimeField(auto_now_add=True)
    found_at = models.DateTimeField(null=True, blank=True, help_text="When the machine last found it.")
    retired_at = models.DateTimeField(null=True, blank=True)
    removed = models.BooleanField(default=False)

    objects = ThemeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(origin__in=["admin", "machine"]), name="theme_origin_known"),
            models.CheckConstraint(
                condition=Q(origin="admin") & ~Q(query="") | Q(origin="machine", query=""), name="theme_query_by_admin"
            ),
            models.CheckConstraint(condition=Q(removed=False) | ~Q(retired_at=None), name="theme_removed_is_retired"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return self.name_by_person or self.name


class ThemeState(models.Model):
    """How far the sorting of a brand's mentions has come.

    The walk goes from the newest mention to the oldest after every change of the themes; where it stands is the last
    mention that was sorted. `walking` is False where it has arrived. `sorted_to` is the time of collection up to which
    new mentions were sorted.
    """

    brand = models.OneToOneField(Brand, models.CASCADE, primary_key=True, related_name="theme_state")
    find_at = models.DateTimeField()
    found_at = models.DateTimeField(null=True)
    walking = models.BooleanField(default=False)
    walk_published_at = models.DateTimeField(null=True)
    walk_id = models.BigIntegerField(null=True)
    sorted_to = models.DateTimeField(null=True)


class ThemeMember(models.Model):
    """One sorted mention. The other columns are the mention's own, kept equal by a trigger (theme_tally.py).

    `counted`: figures count it. `stale`: its text was edited after it was sorted. There is no foreign key to the
    mention: the trigger deletes the row with it, in the same statement, whoever deletes.
    """

    mention = models.OneToOneField(
        Mention, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="themed"
    )
    brand = models.ForeignKey(Brand, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    theme = models.ForeignKey(
        Theme, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="members"
    )
    published_at = models.DateTimeField()
    network = models.CharField(max_length=20)
    language = models.CharField(max_length=8)
    mood = models.CharField(max_length=8)
    is_complaint = models.BooleanField()
    is_addressed = models.BooleanField()
    is_unsure = models.BooleanField()
    counted = models.BooleanField()
    stale = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["theme", "-published_at", "-mention"], name="theme_newest", condition=Q(counted=True)),
            models.Index(fields=["brand"], name="theme_stale", condition=Q(stale=True)),
        ]
