"""RightsRequest: somebody asks what is kept about them, or wants it gone; sealed while open, emptied when settled."""

from datetime import date

from django.db import models
from django.db.models import Q

from listening.models.stepping_out import OptOutRequest
from listening.models.user import User


class RightsRequest(models.Model):
    """`sealed` holds who asks ({"handle": ...} or {"id": ...}; listening.secrets.seal). `due`: one month after it came.

    `opt_out` is the request that carried it out, with its receipt; `found` counts of what was kept when it was settled.
    """

    class Kind(models.TextChoices):
        ACCESS = "access", "Wants to know what is kept"
        ERASE = "erase", "Wants it erased"
        OBJECT = "object", "Does not want to be listened to"
        CONTACT = "contact", "Does not want to be contacted"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"
        DECLINED = "declined", "Declined"

    class Identity(models.TextChoices):
        CODE = "code", "They put a code of ours into their profile"
        ACCOUNT = "account", "They wrote to us from the account"
        SHOWN = "shown", "They showed it to us in another way"

    network = models.CharField(max_length=20)
    sealed = models.TextField(blank=True)
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    received = models.DateField()
    due = models.DateField()
    identity = models.CharField(max_length=8, choices=Identity, blank=True, default="")
    identity_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    identity_at = models.DateTimeField(null=True)
    exported_at = models.DateTimeField(null=True, help_text="When their data was last taken out for them.")
    opt_out = models.ForeignKey(OptOutRequest, models.SET_NULL, null=True, related_name="+")
    found = models.JSONField(default=dict)
    entered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    settled_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["due", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open") | Q(sealed="", settled_at__isnull=False),
                name="rights_request_settled_is_empty",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(kind="contact") | ~Q(identity=""), name="rights_request_done_for_them"
            ),
            models.CheckConstraint(
                condition=Q(identity="", identity_at=None) | (~Q(identity="") & Q(identity_at__isnull=False)),
                name="rights_request_identity_has_a_time",
            ),
        ]

    def overdue(self, today: date) -> bool:
        return self.state == self.State.OPEN and self.due < today

    @property
    def ready(self) -> bool:
        """Whether everything that comes before settling was done."""
        return not (self.needs_identity and not self.identity) and (
            self.kind != self.Kind.ACCESS or self.exported_at is not None
        )

    @property
    def needs_identity(self) -> bool:
        """Whatever shows or erases something is for the person alone; not to be contacted may be anybody's wish."""
        return self.kind != self.Kind.CONTACT
