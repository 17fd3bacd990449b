"""Split: a person said that a mention is not the same as the others of its group."""

from django.db import models

from listening.models.mention import Mention
from listening.models.user import User


class Split(models.Model):
    """`former` is the group that the mention was taken out of; it stays out through every later reading."""

    mention = models.OneToOneField(Mention, models.CASCADE, related_name="split")
    former = models.BigIntegerField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
