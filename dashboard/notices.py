"""Notices: one mail to the admins when a source or a webhook stops until somebody acts; not one per failed run."""

import logging
import smtplib
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from listening.models import Brand, Membership, Source, User, Webhook

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


def tell_of_stopped_webhooks(now: datetime) -> int:
    """The same for each webhook that Earshot has switched off by itself. Returns how many webhooks."""
    told = 0
    stopped = Webhook.objects.filter(active=False, told_at=None).exclude(off_reason="").select_related("brand")
    for webhook in stopped:
        if Webhook.objects.filter(pk=webhook.pk, told_at=None).update(told_at=now):
            told += _mail_webhook(webhook, now)
    return told


def _mail(source: Source) -> int:
    brand = source.brands.order_by("pk").first()
    path = reverse("source", args=[brand.slug, source.pk]) if brand else reverse("home")
    text = render_to_string("mail/broken_source.txt", {"source": source, "url": settings.PUBLIC_URL + path})
    number = f"source.{source.pk}.{source.error_since:%s}"
    return _send(f"{source.name} needs attention", text, number, _admins(source.brands.all()))


def _mail_webhook(webhook: Webhook, now: datetime) -> int:
    path = reverse("webhook", args=[webhook.brand.slug, webhook.pk])
    text = render_to_string("mail/stopped_webhook.txt", {"webhook": webhook, "url": settings.PUBLIC_URL + path})
    number = f"webhook.{webhook.pk}.{now:%s}"
    return _send(f"the webhook {webhook.name} was switched off", text, number, _admins([webhook.brand]))


def _send(subject: str, text: str, number: str, addresses: list[str]) -> int:
    """1 when the mail server took it; `number` makes its Message-ID."""
    if not addresses:
        return 0
    headers = {"Auto-Submitted": "auto-generated", "Message-ID": f"<{number}@earshot>"}
    try:
        EmailMessage(f"Earshot: {subject}", text, bcc=addresses, headers=headers).send()
    except (smtplib.SMTPException, OSError) as error:
        logger.warning("admins were not told (%s): %s", number, type(error).__name__)
        return 0
    return 1


def _admins(brands: Iterable[Brand]) -> list[str]:
    """Admins of these brands; where there are none, whoever administers the installation."""
    roles = Membership.objects.filter(brand__in=brands, role=Membership.Role.ADMIN, user__is_active=True)
    found = set(roles.values_list("user__email", flat=True))
    everybody = User.objects.filter(is_superuser=True, is_active=True).values_list("email", flat=True)
    return sorted(found or set(everybody))
