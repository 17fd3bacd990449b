"""Letter: the mail itself, with the headers that let people leave with one click (RFC 8058, RFC 2369)."""

from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from listening.models import Issue, Subscription


def unsubscribe_url(subscription: Subscription) -> str:
    """An unguessable address that needs no login."""
    return settings.PUBLIC_URL + reverse("unsubscribe", args=[subscription.token])


def letter(issue: Issue) -> EmailMultiAlternatives:
    """The message for a rendered issue. `Message-ID` is the same at every attempt, so that a copy is known as one."""
    subscription = issue.subscription
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    headers = {
        "Message-ID": f"<digest.{subscription.pk}.{issue.period_start:%Y%m%d}@{host}>",
        "List-Id": f"Weekly digest of {_word(subscription.brand.name)} <{subscription.brand.slug}.digest.{host}>",
        "List-Unsubscribe": f"<{unsubscribe_url(subscription)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
    }
    mail = EmailMultiAlternatives(issue.subject, issue.text, to=[subscription.user.email], headers=headers)
    mail.attach_alternative(issue.html, "text/html")
    return mail


def _word(name: str) -> str:
    """A brand's name as a header may hold it: no line breaks, brackets or quotes."""
    return "".join(c for c in name if c.isalnum() or c in " -_.").strip() or "brand"
