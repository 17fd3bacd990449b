"""Selection: all cases that fitted a list at one moment, while somebody is asked whether to change them at once."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models

from listening.models.brand import Brand
from listening.models.user import User

KEPT_FOR = timedelta(hours=1)
"""How long a question stands, and what a change of many cases was made from."""


class Selection(models.Model):
    """These cases, as they were then, and no others: what begins to fit later is in no selection that was made before.

    `versions` are those of `cases`, in the same order. `asked` is what the form sent and `query` the address of the
    list, both encoded as in an address. `used_at` is when the change was made: then only that address stays, to lead
    back to the list.
    """

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    cases = ArrayField(models.BigIntegerField())
    versions = ArrayField(models.PositiveIntegerField())
    asked = models.TextField()
    query = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cases__len=models.F("versions__len")), name="selection_has_a_version_of_each"
            )
        ]
