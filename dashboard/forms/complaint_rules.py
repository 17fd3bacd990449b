"""The forms of a brand's rules about complaints: from which probability on, and its own phrases for kinds."""

import re
from typing import Any

from django import forms

from dashboard.reports.threshold import STEPS
from listening.models import Brand, KindPhrase
from listening.models.complaint_rules import KINDS

ENGINE = "engine"
MOST_PHRASES = 500
LETTERS = re.compile(r"\w")


class ThresholdForm(forms.Form):
    """`threshold` cleans to a probability, or to None for the engine's own."""

    threshold = forms.ChoiceField(
        choices=[(ENGINE, "The engine's own"), *((f"{one:.2f}", f"{one:.2f}") for one in STEPS)]
    )

    def clean_threshold(self) -> float | None:
        value = self.cleaned_data["threshold"]
        return None if value == ENGINE else float(value)


class PhraseForm(forms.Form):
    """A phrase and its kind, one of the shipped ones or a new one."""

    phrase = forms.CharField(
        max_length=120,
        help_text="Whole words as people write them, for example “pickup point”. Capitals and signs don't matter.",
    )
    kind = forms.CharField(
        max_length=40,
        label="Is about",
        help_text="One of the kinds, or a name of your own.",
        widget=forms.TextInput(attrs={"list": "kinds", "autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, brand: Brand) -> None:
        super().__init__(data)
        self.brand = brand

    def clean_kind(self) -> str:
        kind = " ".join(str(self.cleaned_data["kind"]).split())
        labels = {label.lower(): value for value, label in KINDS}
        kind = labels.get(kind.lower(), kind)
        if not re.fullmatch(r"\w[\w &/-]{0,39}", kind):
            raise forms.ValidationError("Write a kind in letters and digits, at most 40 of them.")
        return kind

    def clean_phrase(self) -> str:
        phrase = " ".join(str(self.cleaned_data["phrase"]).split())
        if not LETTERS.search(phrase):
            raise forms.ValidationError("Write a word or several; signs alone can't be found.")
        phrases = KindPhrase.objects.filter(brand=self.brand)
        if phrases.filter(phrase__iexact=phrase).exists():
            raise forms.ValidationError("This phrase has a kind already. Take it away first.")
        if phrases.count() >= MOST_PHRASES:
            raise forms.ValidationError(f"There are {MOST_PHRASES} phrases already. Take some away first.")
        return phrase
