"""Brand: what is listened for, its own accounts, its queries, and who may see it."""

from typing import TYPE_CHECKING

from django.core.validators import RegexValidator
from django.db import models

from listening.models.user import User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class BrandQuerySet(models.QuerySet["Brand"]):
    def visible_to(self, user: "User | AnonymousUser") -> "BrandQuerySet":
        """The brands that this person may see: all for an administrator, else those with a membership."""
        if not user.is_authenticated:
            return self.none()
        return self.all() if user.is_superuser else self.filter(memberships__user=user)

    def collected(self) -> "BrandQuerySet":
        """Those that are listened for: not paused, and with a record of why (listening.models.interest)."""
        return self.filter(interests__version=1, paused=False)


class Brand(models.Model):
    """One brand, competitor or topic. `retention_days` is how long text is kept; counts stay."""

    class Kind(models.TextChoices):
        OWN = "own", "Our brand"
        COMPETITOR = "competitor", "Competitor"
        TOPIC = "topic", "Topic"

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.OWN)
    colour = models.CharField(
        max_length=7,
        default="#2f6f8f",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", "Write a colour like #2f6f8f.")],
    )
    time_zone = models.CharField(max_length=64, default="UTC")
    retention_days = models.PositiveIntegerField(default=365)
    engine = models.CharField(max_length=20, blank=True, default="", help_text="Empty: the installation's.")
    is_sample = models.BooleanField(default=False)
    rivals = models.ManyToManyField("self", blank=True, symmetrical=False, related_name="rival_of")
    paused = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BrandQuerySet.as_manager()

    role: str | None = None
    """The role of the person who asks, set by `dashboard.access`."""

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(retention_days__gte=1), name="brand_retention_at_least_a_day")
        ]

    def __str__(self) -> str:
        return self.name


class Handle(models.Model):
    """One of the brand's own accounts on a network. `handle` without "@"; `external_id` is the network's stable id."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="handles")
    network = models.CharField(max_length=20)
    handle = models.CharField(max_length=253)
    external_id = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["network", "handle"]
        constraints = [models.UniqueConstraint(fields=["brand", "network", "handle"], name="handle_once_per_brand")]

    def __str__(self) -> str:
        return f"@{self.handle} ({self.network})"


class Query(models.Model):
    """What counts as a mention, in the query language. The text that was live stays in QueryVersion."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="queries")
    name = models.CharField(max_length=120, default="Main")
    text = models.TextField(max_length=8192)
    version = models.PositiveIntegerField(default=1)
    active = models.BooleanField(default=True)
    must_match = models.JSONField(default=list, blank=True)
    must_not_match = models.JSONField(default=list, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["brand", "id"]
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="query_name_once_per_brand")]

    def __str__(self) -> str:
        return f"{self.brand}: {self.name}"


class QueryVersion(models.Model):
    """One text that a query had, who wrote it and since when it was live."""

    query = models.ForeignKey(Query, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["query", "-number"]
        constraints = [models.UniqueConstraint(fields=["query", "number"], name="query_version_once")]


class Membership(models.Model):
    """Who may see a brand, and in which role."""

    class Role(models.TextChoices):
        ADMIN = "admin", "Admin"
        MARKETER = "marketer", "Marketer"
        MANAGER = "manager", "Manager"

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["user__email"]
        constraints = [models.UniqueConstraint(fields=["brand", "user"], name="member_once_per_brand")]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} of {self.brand}"


class Invitation(models.Model):
    """An e-mail invitation to a brand. `key` is kept as a SHA-256 digest; the mail holds the key itself."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Membership.Role)
    key = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "email"], condition=models.Q(accepted_at=None), name="invitation_open_once"
            )
        ]
