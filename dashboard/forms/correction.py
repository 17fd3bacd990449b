"""Correction: a person's word on one mention, or "machine" to take it back."""

from typing import Any

from django import forms

from dashboard.reports.narrow import NO, YES
from listening.models import Sentiment

MACHINE = "machine"


class Correction(forms.Form):
    """Exactly one of the two; `shape` is how the row is shown on the page that asked."""

    sentiment = forms.ChoiceField(required=False, choices=[*Sentiment.choices, (MACHINE, "")])
    complaint = forms.ChoiceField(required=False, choices=[(YES, ""), (NO, ""), (MACHINE, "")])
    shape = forms.ChoiceField(required=False, choices=[("", ""), ("case", "")])

    def clean(self) -> None:
        if bool(self.cleaned_data.get("sentiment")) == bool(self.cleaned_data.get("complaint")):
            raise forms.ValidationError("Say either a sentiment or whether it is a complaint.")

    @property
    def changes(self) -> dict[str, Any]:
        """`sentiment=` or `complaint=` with the new value, None for the machine's."""
        sentiment, complaint = self.cleaned_data["sentiment"], self.cleaned_data["complaint"]
        if sentiment:
            return {"sentiment": None if sentiment == MACHINE else sentiment}
        return {"complaint": None if complaint == MACHINE else complaint == YES}
