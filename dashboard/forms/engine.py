"""The form of a brand's engine: which one reads its mentions, and whether it reads the stored ones again."""

from typing import Any

from django import forms
from django.conf import settings

from listening import engines
from listening.models import Brand


class EngineForm(forms.Form):
    engine = forms.ChoiceField(required=False, widget=forms.RadioSelect, label="Who reads this brand's mentions")
    again = forms.BooleanField(
        required=False,
        initial=True,
        label="Read the stored mentions again with it",
        help_text="Otherwise charts hold figures of both engines, and say so.",
    )

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["engine"] = brand.engine
        field = self.fields["engine"]
        field.choices = [  # type: ignore[attr-defined]
            ("", f"The installation's choice, which is {settings.EARSHOT_ENGINE} now"),
            *((name, f"{name}: {about}") for name, about in engines.choices()),
        ]
