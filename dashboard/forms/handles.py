"""The fields of a brand's own accounts: a few on each network, or many of one network at once."""

from typing import Any

from django import forms

from listening.handles import NETWORKS, normal
from listening.models import Brand, Handle

Accounts = dict[str, list[str]]


class HandlesField(forms.CharField):
    """Several handles of one network, separated by commas or spaces; cleans to a list in their normal form.

    It comes with what the page showed, so that only what somebody wrote or took away there changes.
    """

    def __init__(self, network: str, label: str, **kwargs: Any) -> None:
        super().__init__(label=label, required=False, show_hidden_initial=True, **kwargs)
        self.network = network

    def clean(self, value: Any) -> list[str]:
        written = super().clean(value).replace(",", " ").split()
        try:
            return list(dict.fromkeys(normal(self.network, word) for word in written))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


EXAMPLES = {
    "bluesky": "acme.com",
    "mastodon": "acme@mastodon.social",
    "x": "acme",
    "hackernews": "acme",
    "reddit": "acme",
    "youtube": "@acme",
}


def handle_fields() -> dict[str, HandlesField]:
    """One field a network: {"handles_bluesky": field, ...}."""
    return {
        f"handles_{network}": HandlesField(
            network,
            label,
            widget=forms.TextInput(attrs={"placeholder": EXAMPLES.get(network, ""), "spellcheck": "false"}),
        )
        for network, label in NETWORKS.items()
    }


class HandlesForm(forms.Form):
    """Many accounts of one network at once, one a line; `lines` are what was written."""

    MOST = 200

    network = forms.ChoiceField(label="Network", choices=list(NETWORKS.items()))
    handles = forms.CharField(
        label="Handles",
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 10, "class": "code", "spellcheck": "false"}),
        help_text="One a line: a handle or the link to a profile.",
    )

    def clean_handles(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["handles"].splitlines() if line.strip()]
        if len(lines) > self.MOST:
            raise forms.ValidationError(f"These are {len(lines):,} lines. Write at most {self.MOST} at a time.")
        return lines


def accounts_of(brand: Brand) -> Accounts:
    """The brand's handles by network; networks that the form does not know are left out."""
    found: Accounts = {network: [] for network in NETWORKS}
    for handle in brand.handles.filter(network__in=NETWORKS) if brand.pk else ():
        found[handle.network].append(handle.handle)
    return found


def keep_accounts(brand: Brand, shown: Accounts, written: Accounts) -> None:
    """Add what was written and not shown, and take away what was shown and is not written any more: what a colleague
    added or took away meanwhile stays so."""
    for network, handles in written.items():
        have = set(brand.handles.filter(network=network).values_list("handle", flat=True))
        gone, new = have & set(shown[network]) - set(handles), [one for one in handles if one not in shown[network]]
        brand.handles.filter(network=network, handle__in=gone).delete()
        Handle.objects.bulk_create(
            [Handle(brand=brand, network=network, handle=handle) for handle in new], ignore_conflicts=True
        )
