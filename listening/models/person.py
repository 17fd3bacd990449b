"""Author: somebody who wrote a post, by keyed hash; and OptOut: somebody who stepped out."""

from datetime import timedelta

from django.db import models
from django.db.models import F

NAMES_SHOWN = timedelta(days=30)
"""How long the name of an author is kept after it was last read, to within a day (see `ingest.authors`)."""


class Author(models.Model):
    """`key` is an HMAC of the network's stable id (listening.secrets.person_key), never the id itself.

    Display fields expire at `shown_until`; the row and the key stay so that counts per person remain right.
    `bulk_ok` is what the person declared about exports where the network has a word for it (`ingest.declared`), None
    where that is not known; `asked_at` when it was looked up.
    """

    network = models.CharField(max_length=20)
    key_version = models.PositiveSmallIntegerField(default=1)
    key = models.CharField(max_length=64)
    handle = models.CharField(max_length=253, blank=True, default="")
    name = models.CharField(max_length=300, blank=True, default="")
    url = models.TextField(blank=True, default="")
    followers = models.PositiveBigIntegerField(null=True, blank=True)
    account_created_at = models.DateTimeField(null=True, blank=True)
    shown_until = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField()
    bulk_ok = models.BooleanField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "key_version", "key"], name="author_once_per_network")
        ]
        indexes = [
            models.Index(fields=["shown_until"], name="author_expiry"),
            models.Index(F("network"), F("asked_at").asc(nulls_first=True), name="author_to_ask"),
        ]

    @property
    def pseudonym(self) -> str:
        return f"person {self.key[:4]}"


class OptOut(models.Model):
    """A person who must not be listened to, or not be contacted. Checked before anything is stored."""

    class Scope(models.TextChoices):
        LISTEN = "listen", "Don't listen to me"
        CONTACT = "contact", "Don't contact me"

    network = models.CharField(max_length=20)
    key_version = models.PositiveSmallIntegerField(default=1)
    key = models.CharField(max_length=64)
    scope = models.CharField(max_length=8, choices=Scope, default=Scope.LISTEN)
    reason = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "key_version", "key", "scope"], name="opt_out_once"),
        ]


class Withheld(models.Model):
    """How many posts of opted-out people were dropped before storage: a day, a brand, a network and a count."""

    brand = models.ForeignKey("listening.Brand", models.CASCADE, related_name="withheld")
    network = models.CharField(max_length=20)
    day = models.DateField()
    n = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "network", "day"], name="withheld_once_a_day")]
