"""The forms of a theme: its name and query, and the theme that it is merged into."""

from typing import Any

from django import forms

from listening.models import Brand, Theme
from listening.query import MAX_CHARACTERS, QueryError, parse
from listening.query.people import NOT_PEOPLE, asks_for_people
from listening.sensitive import sensitive


class ThemeForm(forms.Form):
    """Themes that the machine found have a name only: their phrases change from day to day."""

    name = forms.CharField(max_length=120, label="Name")
    query = forms.CharField(
        max_length=MAX_CHARACTERS,
        label="Query",
        widget=forms.Textarea(attrs={"rows": 4, "class": "code", "spellcheck": "false", "autocapitalize": "off"}),
        help_text="In the query language, for example: refund* OR “money back”. The brand’s name is not needed.",
    )

    def __init__(self, data: Any = None, *, brand: Brand, theme: Theme | None = None) -> None:
        super().__init__(data, initial={"name": theme.title, "query": theme.query} if theme else None)
        self.brand, self.theme = brand, theme
        if theme and theme.origin == Theme.Origin.MACHINE:
            del self.fields["query"]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if (sentence := sensitive(name)) and not (self.theme and name == self.theme.title):
            raise forms.ValidationError(sentence)
        others = Theme.objects.filter(brand=self.brand).shown().exclude(pk=self.theme.pk if self.theme else 0)
        if any(name.casefold() == other.title.casefold() for other in others):
            raise forms.ValidationError(f"{self.brand.name} already has a theme named “{name}”: choose another name.")
        return name

    def clean_query(self) -> str:
        text: str = self.cleaned_data["query"].replace("\r\n", "\n").strip()
        try:
            query = parse(text)
        except QueryError as error:
            raise forms.ValidationError(error.sentence) from error
        if asks_for_people(query):
            raise forms.ValidationError(NOT_PEOPLE)
        return text


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(
        Theme.objects.none(),
        label="Merge into",
        empty_label="Choose a theme",
        help_text="This theme’s mentions are then counted there.",
    )

    def __init__(self, data: Any = None, *, theme: Theme) -> None:
        super().__init__(data)
        field = self.fields["into"]
        field.queryset = Theme.objects.filter(brand=theme.brand).shown().exclude(pk=theme.pk)  # type: ignore[attr-defined]
