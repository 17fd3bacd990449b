"""The form of a brand's record of legitimate interest: three texts, and that somebody has read them."""

from typing import Any

from django import forms

from listening.interest import Text

LONGEST = 4000
ADOPT = "I have read it, it is true for us, and I adopt it"


def text_field(label: str, help_text: str, rows: int = 6) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": rows})
    )


def interest_fields() -> dict[str, forms.Field]:
    """By name: purpose, necessity, balancing, adopt."""
    return {
        "purpose": text_field("Purpose", "What you read public posts for. It also stands on the public page."),
        "necessity": text_field("Necessity", "Why you cannot reach it with less."),
        "balancing": text_field("Balancing", "Why people’s rights do not outweigh it, and what you do for them.", 10),
        "adopt": forms.BooleanField(
            label=ADOPT,
            help_text="It is kept with your name and the date; earlier versions stay. Nothing is collected without it.",
            error_messages={"required": "Read the record, make it true for you, and tick that you adopt it."},
        ),
    }


class InterestForm(forms.Form):
    def __init__(self, data: Any = None, *, text: Text) -> None:
        super().__init__(data, initial={name: getattr(text, name) for name in ("purpose", "necessity", "balancing")})
        self.fields.update(interest_fields())

    @property
    def text(self) -> Text:
        """Only after a successful is_valid()."""
        return text_in(self.cleaned_data)


def text_in(cleaned: dict[str, Any]) -> Text:
    return Text(*(cleaned[name].replace("\r\n", "\n").strip() for name in ("purpose", "necessity", "balancing")))
