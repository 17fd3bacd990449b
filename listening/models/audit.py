"""AuditEntry: who changed what, when. Written, never changed."""

from django.db import models

from listening.models.brand import Brand
from listening.models.user import User


class AuditEntry(models.Model):
    """`verb` is a short word ("corrected sentiment"), `detail` plain values without text of posts or secrets."""

    brand = models.ForeignKey(Brand, models.SET_NULL, null=True, related_name="+")
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    target = models.CharField(max_length=200, blank=True, default="")
    detail = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["brand", "-created_at"], name="audit_recent")]
