"""The forms of members: invite one or many addresses, change a role."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from listening.models import Membership

MOST_AT_ONCE = 200
ROLES = [
    (Membership.Role.MARKETER, "Marketer: works with mentions and complaints"),
    (Membership.Role.MANAGER, "Manager: reads, and gets digests"),
    (Membership.Role.ADMIN, "Admin: also configures this brand"),
]


class InviteForm(forms.Form):
    """Addresses as people paste them: one or many, with commas, semicolons, lines or "Name <address>"."""

    emails = forms.CharField(
        label="E-mail addresses",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "ann@example.com, bob@example.com"}),
        help_text="One or many, separated by commas, spaces or lines. Each gets a link that works for 14 days.",
    )
    role = forms.ChoiceField(choices=ROLES, label="Role", initial=Membership.Role.MARKETER)

    def clean_emails(self) -> list[str]:
        written = words(self.cleaned_data["emails"])
        if len(written) > MOST_AT_ONCE:
            raise forms.ValidationError(f"These are {len(written)} addresses: invite up to {MOST_AT_ONCE} at a time.")
        return written


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Membership.Role.choices, label="Role")


def words(text: str) -> list[str]:
    """The addresses in a pasted text, in order and once each; what is no address comes along to be reported.

    "Ann Lee <Ann@example.com>; bob@example.com" -> ["ann@example.com", "bob@example.com"]
    """
    in_brackets = re.sub(r"[^,;\n<>]*<([^<>\s]+)>", r" \1 ", text)
    return list(dict.fromkeys(word.lower() for word in re.split(r"[\s,;]+", in_brackets) if word))


def is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
