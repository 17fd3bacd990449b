"""The form of the first start and of each new brand: a name, accounts, networks that need no account, and why."""

from dataclasses import asdict, dataclass
from typing import Any

from django import forms

from dashboard.forms.handles import handle_fields
from dashboard.forms.interest import interest_fields, text_in
from dashboard.forms.quick_select import QuickSelect
from dashboard.forms.sources import make_field
from dashboard.kinds import without_account
from dashboard.zones import zones
from ingest.sources.base import Field, Source as Kind
from listening.handles import NETWORKS
from listening.interest import DRAFT, Text
from listening.models import Brand
from listening.query import MAX_CHARACTERS, Query as Parsed, QueryError, parse
from listening.suggest import suggest


@dataclass(frozen=True, slots=True)
class Choice:
    """One network: its checkbox, and the fields that it can't do without."""

    kind: type[Kind]
    use: forms.BoundField
    fields: list[forms.BoundField]


@dataclass(frozen=True, slots=True)
class Chosen:
    kind: type[Kind]
    settings: dict[str, Any]


class StartForm(forms.Form):
    """`text` left empty means: the query that is suggested for the name."""

    name = forms.CharField(
        max_length=120, label="Brand name", widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )
    kind = forms.ChoiceField(choices=Brand.Kind.choices, initial=Brand.Kind.OWN, label="It is")
    time_zone = forms.ChoiceField(
        choices=zones, initial="UTC", label="Time zone", help_text="For days and digests.", widget=QuickSelect
    )
    text = forms.CharField(
        max_length=MAX_CHARACTERS,
        required=False,
        label="Query",
        widget=forms.Textarea(attrs={"rows": 2, "class": "code", "spellcheck": "false", "autocapitalize": "off"}),
        help_text="What counts as a mention. Left empty, it is made from the name.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(handle_fields())
        self.fields.update(interest_fields())
        self.initial = {**self.initial, **asdict(DRAFT)}
        self.kinds = without_account()
        for kind in self.kinds:
            self.fields[f"use_{kind.kind}"] = forms.BooleanField(
                required=False, initial=not needed(kind), label=kind.label, help_text=kind.summary
            )
            self.fields.update({f"{kind.kind}_{one.name}": _optional(one) for one in offered(kind)})
        self.parsed: Parsed | None = None
        self.pointer = ""

    @property
    def suggestion(self) -> str:
        """The query for the name as it stands in the form."""
        return suggest(str(self["name"].value() or ""))

    @property
    def handle_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("handles_")]

    @property
    def interest_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("purpose", "necessity", "balancing")]

    @property
    def interest(self) -> Text:
        """The record that was adopted; only after a successful is_valid()."""
        return text_in(self.cleaned_data)

    @property
    def choices(self) -> list[Choice]:
        return [
            Choice(kind, self[f"use_{kind.kind}"], [self[f"{kind.kind}_{one.name}"] for one in offered(kind)])
            for kind in self.kinds
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["text"] = (cleaned.get("text") or suggest(cleaned.get("name", ""))).replace("\r\n", "\n")
        if cleaned["text"]:
            self._read(cleaned["text"])
        for kind in self.kinds:
            if cleaned.get(f"use_{kind.kind}"):
                self._check(kind, cleaned)
        return cleaned

    def _read(self, text: str) -> None:
        try:
            self.parsed = parse(text)
        except QueryError as error:
            self.pointer = error.pointer(text)
            self.add_error("text", error.sentence)

    def _check(self, kind: type[Kind], cleaned: dict[str, Any]) -> None:
        for one in offered(kind):
            name = f"{kind.kind}_{one.name}"
            value = cleaned.get(name)
            if one.required and value in (None, "", []):
                self.add_error(name, f"{kind.label} needs this. Fill it in, or untick {kind.label}.")
            elif value not in (None, "", []):
                self._checked(one, name, value)

    def _checked(self, one: Field, name: str, value: Any) -> None:
        try:
            if one.check:
                one.check(value)
        except ValueError as error:
            self.add_error(name, str(error))

    @property
    def accounts(self) -> dict[str, list[str]]:
        return {network: self.cleaned_data[f"handles_{network}"] for network in NETWORKS}

    @property
    def chosen(self) -> list[Chosen]:
        """The ticked networks with what was filled in for them; after is_valid() or a failed one."""
        return [Chosen(kind, self._settings(kind)) for kind in self.kinds if self.cleaned_data.get(f"use_{kind.kind}")]

    def _settings(self, kind: type[Kind]) -> dict[str, Any]:
        values = {one.name: self.cleaned_data.get(f"{kind.kind}_{one.name}") for one in offered(kind)}
        return {name: value for name, value in values.items() if value not in (None, "", [])}


def offered(kind: type[Kind]) -> list[Field]:
    """The fields that a first start asks for: what must be there; the rest keeps its default."""
    return [one for one in kind.fields if one.required and one.type != "secret"]


def needed(kind: type[Kind]) -> bool:
    """Whether something must be filled in before the network can be used."""
    return any(one.required and not one.default for one in offered(kind))


def _optional(one: Field) -> forms.Field:
    field = make_field(one, {"label": one.label, "help_text": one.help, "required": False, "initial": one.default})
    if one.type == "list":
        field.widget.attrs |= {"rows": 2, "class": "short"}
    return field
