"""Forms of people's requests: who asks for what, and how it is known that it is them."""

from typing import Any

from django import forms
from django.utils import timezone

from dashboard.forms.stepping_out import ASKABLE
from listening.handles import normal
from listening.models import RightsRequest


class RequestForm(forms.Form):
    kind = forms.ChoiceField(label="What they ask for", choices=RightsRequest.Kind.choices)
    network = forms.ChoiceField(label="Network", choices=[*ASKABLE, ("web", "Web")])
    handle = forms.CharField(
        label="Account",
        max_length=253,
        required=False,
        help_text="The name or the address of the profile.",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )
    id = forms.CharField(
        label="Or the network’s id",
        max_length=300,
        required=False,
        help_text="It finds people whose name is not kept any more.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    received = forms.DateField(
        label="Came in on",
        help_text="The answer is due one month later.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"received": timezone.localdate()})

    def clean_received(self) -> Any:
        day = self.cleaned_data["received"]
        if day > timezone.localdate():
            raise forms.ValidationError("That day has not come yet.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        handle, stable_id = cleaned.get("handle", "").strip(), cleaned.get("id", "").strip()
        if not handle and not stable_id:
            self.add_error("handle", "Write the account, or the network’s id of it.")
        elif handle and "network" in cleaned:
            try:
                handle = normal(cleaned["network"], handle)
            except ValueError as error:
                self.add_error("handle", str(error))
        cleaned["told"] = {name: value for name, value in (("handle", handle), ("id", stable_id)) if value}
        return cleaned


class IdentityForm(forms.Form):
    how = forms.ChoiceField(
        label="How do you know that it is their account?",
        choices=RightsRequest.Identity.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say how you know that it is their account."},
    )
