"""Forms of people who step out, and of the administrator who enters them."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from typing import Any

from django import forms

from listening.handles import NETWORKS, normal
from listening.models import OptOut
from listening.recognise import network_of

ASKABLE = list(NETWORKS.items())
KINDS = [
    (OptOut.Scope.LISTEN, "Don't listen to me: nothing of mine is stored, and what is stored is erased"),
    (OptOut.Scope.CONTACT, "Don't contact me: read what I write in public, but never answer me"),
]
LARGEST_LIST = 2_000_000


class StepOutForm(forms.Form):
    """The account alone is enough where the way it is written tells the network."""

    handle = forms.CharField(
        label="Your account",
        max_length=253,
        help_text="The address of your profile, or your name there.",
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false", "enterkeyhint": "go"}
        ),
    )
    network = forms.ChoiceField(label="Network", choices=[("", "As the account tells"), *ASKABLE], required=False)
    scope = forms.ChoiceField(label="What you want", choices=KINDS, widget=forms.RadioSelect, initial="listen")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "network" not in cleaned or "handle" not in cleaned:
            return cleaned
        cleaned["network"] = cleaned["network"] or network_of(cleaned["handle"])
        if not cleaned["network"]:
            self.add_error("network", "Choose the network: this name could be on several.")
            return cleaned
        try:
            cleaned["handle"] = normal(cleaned["network"], cleaned["handle"])
        except ValueError as error:
            self.add_error("handle", str(error))
        return cleaned


class EnterForm(StepOutForm):
    """As an administrator enters it."""

    network = forms.ChoiceField(label="Network", choices=ASKABLE)
    handle = forms.CharField(label="Account", max_length=253)
    scope = forms.ChoiceField(label="Kind", choices=OptOut.Scope.choices)


class ListForm(forms.Form):
    file = forms.FileField(
        label="List",
        help_text="CSV with the columns network, handle or id, and kind (listen or contact; listen if it is missing).",
    )

    def clean_file(self) -> str:
        """The text of the file."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_LIST:
            raise forms.ValidationError("The list is larger than 2 MB. Split it.")
        try:
            told: bytes = file.read()
            return told.decode("utf-16" if told[:2] in (BOM_UTF16_LE, BOM_UTF16_BE) else "utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError("The list is not text in UTF-8. Save it again as CSV UTF-8.") from error
