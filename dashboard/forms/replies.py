"""The form of a saved reply."""

import re
from typing import Any

from django import forms

from dashboard.taken import once
from listening.models import Brand, SavedReply, User

VARIABLES = ("name", "brand", "disclosure", "link")
LANGUAGES = (
    ("ar", "Arabic"), ("de", "German"), ("en", "English"), ("es", "Spanish"), ("fr", "French"), ("hi", "Hindi"),
    ("it", "Italian"), ("ja", "Japanese"), ("pt", "Portuguese"),
)  # fmt: skip
TAKEN = "There is a saved reply of this name already: choose another one."
_BRACES = re.compile(r"\{(\w*)\}")


class SavedReplyForm(forms.Form):
    """`{name}` and the like are checked, so that nobody is called “{nmae}” in public."""

    name = forms.CharField(max_length=80, help_text="By which your team finds it, for example “Where is my parcel”.")
    text = forms.CharField(
        label="Words",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="{name}: the person's name, or “there”. {brand}: your name. {disclosure}: the words by which your "
        "line wants you to say who speaks. {link}: your public page, where it is public.",
    )
    language = forms.ChoiceField(required=False, choices=[("", "Any language"), *LANGUAGES])

    def __init__(self, data: Any = None, *, brand: Brand, saved: SavedReply | None = None) -> None:
        told = {"name": saved.name, "text": saved.text, "language": saved.language} if saved else None
        super().__init__(data, initial=told)
        self.brand, self.saved = brand, saved

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        others = SavedReply.objects.filter(brand=self.brand, name__iexact=name)
        if others.exclude(pk=self.saved.pk if self.saved else 0).exists():
            raise forms.ValidationError(TAKEN)
        return name

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"]).replace("\r\n", "\n").strip()
        if unknown := [one for one in _BRACES.findall(text) if one not in VARIABLES]:
            known = ", ".join(f"{{{one}}}" for one in VARIABLES)
            raise forms.ValidationError(f"There is nothing that {{{unknown[0]}}} stands for. You may use {known}.")
        return text

    def save(self, user: User) -> SavedReply:
        """Raises Taken where somebody gave the name to another one meanwhile."""
        row = self.saved or SavedReply(brand=self.brand)
        row.name, row.text, row.language = (self.cleaned_data[name] for name in ("name", "text", "language"))
        row.changed_by = user
        with once("saved_reply_name_once_per_brand", TAKEN):
            row.save()
        return row
