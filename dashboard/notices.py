"""Notices: one mail to the admins when a source stops until somebody acts; not one per failed run."""

import logging
import smtplib
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from listening.models import Membership, Source, User

logger = logging.getLogger(__name__)


def tell_of_broken_sources(now: datetime) -> int:
    """Mail the admins of each broken source that nobody was told of yet. Returns how many sources.

    The row is marked before the mail leaves: a worker that dies in between tells nobody rather than twice; the source
    is red on its page either way.
    """
    told = 0
    for source in Source.objects.filter(state=Source.State.BROKEN, told_at=None):
        if Source.objects.filter(pk=source.pk, told_at=None).update(told_at=now):
            told += _mail(source)
    return told


def _mail(source: Source) -> int:
    addresses = _admins(source)
    if not addresses:
        return 0
    brand = source.brands.order_by("pk").first()
    path = reverse("source", args=[brand.slug, source.pk]) if brand else reverse("home")
    text = render_to_string("mail/broken_source.txt", {"source": source, "url": settings.PUBLIC_URL + path})
    headers = {
        "Auto-Submitted": "auto-generated",
        "Message-ID": f"<source.{source.pk}.{source.error_since:%s}@earshot>",
    }
    try:
        EmailMessage(f"Earshot: {source.name} needs attention", text, bcc=addresses, headers=headers).send()
    except (smtplib.SMTPException, OSError) as error:
        logger.warning("admins were not told that source %s is broken: %s", source.pk, type(error).__name__)
        return 0
    return 1


def _admins(source: Source) -> list[str]:
    """Admins of the source's brands; where there are none, whoever administers the installation."""
    roles = Membership.objects.filter(brand__in=source.brands.all(), role=Membership.Role.ADMIN, user__is_active=True)
    found = set(roles.values_list("user__email", flat=True))
    everybody = User.objects.filter(is_superuser=True, is_active=True).values_list("email", flat=True)
    return sorted(found or set(everybody))
