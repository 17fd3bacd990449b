"""Invitations: nobody signs up on their own; a key from a mail lets one address in, for fourteen days."""

import hashlib
import secrets
from datetime import datetime, timedelta

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from listening.models import Brand, Invitation, Membership, Subscription, User

OPEN_FOR = timedelta(days=14)


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's adapter: no open sign-up; new accounts come from an accepted invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """A link to the address that people know, whatever Host a request claimed."""
        return settings.PUBLIC_URL + reverse("account_reset_password_from_key", args=key.split("-", 1))

    def format_email_subject(self, subject: str) -> str:
        return f"Earshot: {subject}"


def digest(key: str) -> str:
    """What the database keeps of a key: its SHA-256."""
    return hashlib.sha256(key.encode()).hexdigest()


def open_invitation(key: str, now: datetime) -> Invitation | None:
    """The invitation that this key opens; None when it was used, revoked, replaced or ran out."""
    found = Invitation.objects.filter(key=digest(key), accepted_at=None, expires_at__gt=now)
    return found.select_related("brand", "invited_by").first()


def invite(brand: Brand, email: str, role: str, by: User, now: datetime) -> Invitation:
    """Make or renew the open invitation of this address and queue its mail for after the commit.

    An earlier link of the same address stops working.
    """
    key = secrets.token_urlsafe(32)
    invitation, _ = Invitation.objects.update_or_create(
        brand=brand,
        email=email.strip().lower(),
        accepted_at=None,
        defaults={"role": role, "key": digest(key), "invited_by": by, "expires_at": now + OPEN_FOR},
    )
    transaction.on_commit(lambda: _mail(invitation, key))
    return invitation


def _mail(invitation: Invitation, key: str) -> None:
    path = reverse("invitation", args=[key])
    context = {
        "invitation": invitation,
        "url": f"{settings.PUBLIC_URL}{path}",
        "days": OPEN_FOR.days,
        "by": invitation.invited_by,
    }
    mail = EmailMultiAlternatives(
        subject=f"You are invited to {invitation.brand.name} in Earshot",
        body=render_to_string("mail/invitation.txt", context),
        to=[invitation.email],
    )
    mail.send()


@transaction.atomic
def accept(invitation: Invitation, user: User, now: datetime) -> Membership | None:
    """Make the person a member; None when somebody used the same invitation a moment ago.

    Managers get the weekly digest from the start, because reading it is what they come for; others choose it.
    """
    if not Invitation.objects.filter(pk=invitation.pk, accepted_at=None).update(accepted_at=now):
        return None
    member, _ = Membership.objects.update_or_create(
        brand=invitation.brand, user=user, defaults={"role": invitation.role}
    )
    if member.role == Membership.Role.MANAGER:
        Subscription.objects.get_or_create(user=user, brand=invitation.brand)
    return member


@transaction.atomic
def join(invitation: Invitation, name: str, password: str, now: datetime) -> User | None:
    """A new account for the invited address: the mail reached it, so the address is proved.

    None, and nothing made, when somebody used the same invitation a moment ago.
    """
    user = User.objects.create_user(invitation.email, password, name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if accept(invitation, user, now) is None:
        transaction.set_rollback(True)
        return None
    return user
