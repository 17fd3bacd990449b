"""Notice: a brand's public page that says what is listened to; off until an admin opens it."""

from django.db import models

from listening.models.brand import Brand

PURPOSE = (
    "We read what people say in public about us to find out what goes wrong and to make it better, and to answer "
    "people who speak to us. We do not build profiles of people and do not sell what we read."
)


class Notice(models.Model):
    """Only `purpose` and `contact` are written by people; the page takes everything else from the configuration."""

    brand = models.OneToOneField(Brand, models.CASCADE, related_name="notice")
    public = models.BooleanField(default=False)
    purpose = models.TextField(max_length=2000, default=PURPOSE)
    contact = models.CharField(max_length=300, blank=True, default="")
    changed_at = models.DateTimeField(auto_now=True)
