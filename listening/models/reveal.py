"""Reveal: a member asked for the name of a case's person, and sees it for a day; nobody else does."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from listening.models.case import Case
from listening.models.person import Author
from listening.models.user import User

SHOWN_FOR = timedelta(hours=24)
"""How long a name stays visible to who asked for it."""


class Reveal(models.Model):
    """It goes with the case and with the person; that there was one stays in the audit log, without the name."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="reveals")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    author = models.ForeignKey(Author, models.CASCADE, related_name="reveals")
    at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["user", "until"], name="reveal_in_force")]
        constraints = [models.CheckConstraint(condition=Q(until__gt=F("at")), name="reveal_ends_after_it_began")]
