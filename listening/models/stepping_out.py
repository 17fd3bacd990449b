"""OptOutRequest: somebody asks to be left alone; kept sealed until it is settled, then emptied."""

import secrets

from django.db import models

from listening.models.mention import Mention

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def _token() -> str:
    return secrets.token_urlsafe(24)


def _code() -> str:
    """Short enough to type on a phone, without letters that look alike."""
    return "earshot-" + "".join(secrets.choice(LETTERS) for _ in range(8))


class OptOutRequestQuerySet(models.QuerySet["OptOutRequest"]):
    def waiting(self) -> "OptOutRequestQuerySet":
        """Those on which nobody has decided, and those that are about to be done."""
        return self.filter(state__in=["open", "asked", "agreed"])


class OptOutRequest(models.Model):
    """`sealed` holds who asks ({"handle": ...} or {"id": ...}; listening.secrets.seal) and is "" once it is settled.

    `key` and `mention` where somebody said it in a post: who, by keyed hash as in Author, and where. One such request
    of a person waits at a time.
    """

    class State(models.TextChoices):
        OPEN = "open", "Waiting for the code"
        ASKED = "asked", "Waiting for an administrator"
        AGREED = "agreed", "In work"
        DONE = "done", "Done"
        DECLINED = "declined", "Declined"

    token = models.CharField(max_length=64, unique=True, default=_token)
    code = models.CharField(max_length=20, default=_code)
    network = models.CharField(max_length=20)
    sealed = models.TextField(blank=True)
    scope = models.CharField(max_length=8, choices=[("listen", "Don't listen to me"), ("contact", "Don't contact me")])
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    proven = models.BooleanField(default=False)
    origin = models.CharField(max_length=60, help_text="Where it came from: the public page, an administrator, a list.")
    sentence = models.TextField(blank=True, default="", help_text="What came of the last check.")
    mentions = models.PositiveIntegerField(null=True, help_text="Rows that were erased.")
    checked_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=64, blank=True, default="", db_default="")
    mention = models.ForeignKey(Mention, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OptOutRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["state", "created_at"], name="opt_out_request_open"),
            models.Index(fields=["key"], name="opt_out_request_person", condition=~models.Q(key="")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "key"],
                condition=models.Q(state__in=["open", "asked", "agreed"]) & ~models.Q(key=""),
                name="opt_out_request_waits_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["done", "declined"]) | models.Q(sealed=""),
                name="opt_out_request_settled_is_empty",
            ),
        ]
