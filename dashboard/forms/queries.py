"""The form of a query: a text that can be read, and golden posts that it gets right."""

from typing import Any

from django import forms

from listening.models import Brand, Query
from listening.query import MAX_CHARACTERS, Query as Parsed, QueryError, check_golden, parse

MOST_GOLDEN = 50


class GoldenField(forms.CharField):
    """Example posts with an empty line between them; cleans to a list."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 3})
        super().__init__(label=label, required=False, max_length=20_000, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        blocks = super().clean(value).replace("\r\n", "\n").split("\n\n")
        examples = [block.strip() for block in blocks if block.strip()]
        if len(examples) > MOST_GOLDEN:
            raise forms.ValidationError(f"Keep up to {MOST_GOLDEN} examples; these are {len(examples)}.")
        return examples


class QueryForm(forms.Form):
    """`pointer` holds the wrong line with a caret under the position, after a text that can't be read."""

    name = forms.CharField(max_length=120, label="Name", initial="Main")
    text = forms.CharField(
        max_length=MAX_CHARACTERS,
        label="Query",
        strip=True,
        widget=forms.Textarea(attrs={"rows": 5, "class": "code", "spellcheck": "false", "autocapitalize": "off"}),
        help_text="Words, “phrases”, AND OR NOT, brackets, NEAR/5, complain*, {BT} for exact case, raw:“AT&T”.",
    )
    must_match = GoldenField("Posts that it must match", help_text="Examples, with an empty line between two of them.")
    must_not_match = GoldenField("Posts that it must not match", help_text="Saving is refused when one is caught.")
    active = forms.BooleanField(required=False, initial=True, label="Use this query")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, brand: Brand, query: Query | None = None, **kwargs: Any) -> None:
        fields = ("name", "text", "must_match", "must_not_match", "active", "version")
        kept = {name: getattr(query, name) for name in fields} if query else {}
        super().__init__(data, initial=kwargs.pop("initial", {}) | kept, **kwargs)
        self.brand, self.query = brand, query
        self.pointer = ""
        self.parsed: Parsed | None = None

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        taken = self.brand.queries.filter(name=name).exclude(pk=self.query.pk if self.query else 0)
        if taken.exists():
            raise forms.ValidationError(f"{self.brand.name} already has a query named “{name}”: choose another name.")
        return name

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        try:
            self.parsed = parse(text)
        except QueryError as error:
            self.pointer = error.pointer(text)
            raise forms.ValidationError(error.sentence) from error
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.parsed is not None:
            must, must_not = cleaned.get("must_match", []), cleaned.get("must_not_match", [])
            for broken in check_golden(self.parsed, must, must_not):
                self.add_error("text", broken.sentence)
        return cleaned
