"""Members: who comes, who goes, who may do what; a brand is never left without an admin."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from dashboard.forms.members import is_address
from dashboard.invitations import invite
from listening.models import Brand, Invitation, Membership, User


class LastAdmin(Exception):
    """The change would leave the brand without an admin."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one pasted address: `state` is "invited", "renewed", "member" or "refused"."""

    email: str
    state: str
    sentence: str


def invite_all(brand: Brand, emails: Iterable[str], role: str, by: User, now: datetime) -> list[Outcome]:
    """Invite each address that can be invited; the others are told apart and harm nobody."""
    return [_invite(brand, email, role, by, now) for email in emails]


def _invite(brand: Brand, email: str, role: str, by: User, now: datetime) -> Outcome:
    if not is_address(email):
        return Outcome(email, "refused", "Not an e-mail address.")
    member = Membership.objects.filter(brand=brand, user__email__iexact=email).first()
    if member:
        return Outcome(email, "member", f"Already here, as {member.get_role_display()}. Nothing was sent.")
    renewed = Invitation.objects.filter(brand=brand, email__iexact=email, accepted_at=None).exists()
    invite(brand, email, role, by, now)
    if renewed:
        return Outcome(email, "renewed", "Invited before: a new link is on its way, the former one stopped working.")
    return Outcome(email, "invited", "A link is on its way.")


@transaction.atomic
def change_role(member: Membership, role: str) -> None:
    """Raises LastAdmin."""
    _keep_an_admin(member, stays=role == Membership.Role.ADMIN)
    member.role = role
    member.save(update_fields=["role"])


@transaction.atomic
def remove(member: Membership) -> None:
    """Raises LastAdmin. The person's digests of this brand end too."""
    _keep_an_admin(member, stays=False)
    member.user.subscriptions.filter(brand=member.brand).delete()
    member.delete()


def _keep_an_admin(member: Membership, stays: bool) -> None:
    # All admins' rows are locked, so two admins who remove each other at once cannot both succeed.
    admins = Membership.objects.select_for_update().filter(brand=member.brand, role=Membership.Role.ADMIN)
    others = [admin for admin in admins.order_by("pk") if admin.pk != member.pk]
    if member.role == Membership.Role.ADMIN and not stays and not others:
        raise LastAdmin(
            f"{member.user} is the last admin of {member.brand}. Make somebody else an admin first, then try again."
        )
