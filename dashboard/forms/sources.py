"""The form of a source, made from the fields that its network declares."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django import forms

from dashboard.access import administered
from ingest.sources.base import Field, Source as Kind
from listening.models import Brand, Source, User
from listening.secrets import Unreadable, seal, unseal

PREFIX = "f_"
EVERY = Field(
    "every_minutes",
    "Pull every (minutes)",
    "int",
    help="Empty: the network's own pace, {every}.",
    advanced=True,
)

CHANGED = (
    "name", "settings", "credentials", "next_pull_at",
    "state", "error_code", "error_sentence", "error_raw", "error_since", "told_at", "failures",
)  # fmt: skip


class LinesField(forms.CharField):
    """Several values, one a line; cleans to a list without empty lines."""

    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class SourceForm(forms.Form):
    """Name, brands and the network's own fields; secrets are never filled in again.

    `source` is the row that is changed, None for a new one. A secret left empty keeps the stored one.
    """

    name = forms.CharField(max_length=120, label="Name", help_text="For you, when there are several of the kind.")
    brands = forms.ModelMultipleChoiceField(
        Brand.objects.none(), label="Listens for", widget=forms.CheckboxSelectMultiple, required=True
    )

    def __init__(
        self, data: Any = None, *, kind: type[Kind], user: User, brand: Brand, source: Source | None = None
    ) -> None:
        super().__init__(data)
        self.kind, self.source = kind, source
        self.declared = declared(kind)
        self.stored = stored_credentials(source)
        self.fields["brands"].queryset = administered(user)  # type: ignore[attr-defined]
        self.initial["name"] = source.name if source else kind.label
        self.initial["brands"] = list(source.brands.values_list("pk", flat=True)) if source else [brand.pk]
        for one in self.declared:
            self.fields[PREFIX + one.name] = self._form_field(one)
            if one.type != "secret":
                self.initial[PREFIX + one.name] = (source.settings if source else {}).get(one.name, one.default)

    def _form_field(self, one: Field) -> forms.Field:
        kept = one.type == "secret" and one.name in self.stored
        common: dict[str, Any] = {"label": one.label, "help_text": one.help, "required": one.required and not kept}
        if kept:
            common["help_text"] = f"{one.help} Set{_on(self.source)}. Leave it empty to keep it.".strip()
        return make_field(one, common, show=self.source is None)

    @property
    def first_fields(self) -> list[forms.BoundField]:
        return [self["name"], self["brands"], *self._bound(advanced=False)]

    @property
    def advanced_fields(self) -> list[forms.BoundField]:
        return self._bound(advanced=True)

    @property
    def advanced_open(self) -> bool:
        """Whether the folded part holds an error."""
        return any(field.errors for field in self.advanced_fields)

    def _bound(self, advanced: bool) -> list[forms.BoundField]:
        return [self[PREFIX + one.name] for one in self.declared if one.advanced == advanced]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        others = Source.objects.filter(kind=self.kind.kind, name=name).exclude(pk=self.source.pk if self.source else 0)
        if others.exists():
            raise forms.ValidationError(
                f"There is a {self.kind.label} source of this name already: choose another one."
            )
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for one in self.declared:
            value = cleaned.get(PREFIX + one.name)
            if value not in (None, "", []):
                self._check(one, value)
        for name in self._addresses_changed(cleaned):
            if any(not cleaned.get(PREFIX + secret) for secret in self.stored):
                self.add_error(
                    name, "This address changed: enter the secrets again, so that they aren't sent elsewhere."
                )
        return cleaned

    def _check(self, one: Field, value: Any) -> None:
        try:
            if one.check:
                one.check(value)
        except ValueError as error:
            self.add_error(PREFIX + one.name, str(error))

    def _addresses_changed(self, cleaned: Mapping[str, Any]) -> list[str]:
        """Form fields with a new address: stored secrets must not follow unless somebody who knows them says so."""
        if self.source is None:
            return []
        kept = self.source.settings
        addresses = [one for one in self.declared if one.name.endswith("_url")]
        return [
            PREFIX + one.name
            for one in addresses
            if (cleaned.get(PREFIX + one.name) or one.default) != (kept.get(one.name) or one.default)
        ]

    @property
    def settings(self) -> dict[str, Any]:
        """Plain values; only after a successful is_valid()."""
        plain = {one.name: self.cleaned_data.get(PREFIX + one.name) for one in self.declared if one.type != "secret"}
        return {name: value for name, value in plain.items() if value not in (None, "", [])}

    @property
    def credentials(self) -> dict[str, str]:
        """Stored secrets with the newly written ones on top."""
        secret = {one.name: self.cleaned_data.get(PREFIX + one.name) for one in self.declared if one.type == "secret"}
        return {**self.stored, **{name: value for name, value in secret.items() if value}}

    def save(self, now: datetime) -> Source:
        """Make or change the row; brands that the person may not configure keep the source."""
        row = self.source or Source(kind=self.kind.kind)
        credentials = self.credentials
        row.name, row.settings = self.cleaned_data["name"], self.settings
        if credentials != self.stored:
            row.credentials = seal(credentials) if credentials else ""
        row.next_pull_at = now
        if row.state == Source.State.BROKEN:
            row.state, row.error_code, row.error_sentence, row.error_raw = Source.State.ON, "", "", ""
            row.error_since, row.told_at, row.failures = None, None, 0
        # Only these columns: a pull may be writing the others at this moment.
        row.save(update_fields=CHANGED if self.source else None)
        offered = self.fields["brands"].queryset  # type: ignore[attr-defined]
        foreign = list(row.brands.exclude(pk__in=offered))
        row.brands.set([*foreign, *self.cleaned_data["brands"]])
        return row


def declared(kind: type[Kind]) -> list[Field]:
    """The network's fields, and the pace where it is not a stream."""
    own = list(kind.fields)
    if kind.stream or any(one.name == EVERY.name for one in own):
        return own
    pace = f"{int(kind.every.total_seconds() // 60)} minutes"
    return [*own, Field(EVERY.name, EVERY.label, "int", help=EVERY.help.format(every=pace), advanced=True)]


def stored_credentials(source: Source | None) -> dict[str, str]:
    """The opened secrets; none where no key opens them, so that they must be entered again."""
    try:
        return unseal(source.credentials) if source else {}
    except Unreadable:
        return {}


def _on(source: Source | None) -> str:
    """ " on 12 Nov 2026": Fernet tokens carry the time they were made at (bytes 1 to 8, seconds since 1970)."""
    if source is None or not source.credentials:
        return ""
    seconds = int.from_bytes(base64.urlsafe_b64decode(source.credentials)[1:9], "big")
    return f" on {datetime.fromtimestamp(seconds, UTC):%-d %b %Y}"


def make_field(one: Field, common: dict[str, Any], show: bool = False) -> forms.Field:
    if one.type == "bool":
        return forms.BooleanField(**common | {"required": False})
    if one.type == "int":
        return forms.IntegerField(min_value=0, max_value=2_000_000_000, **common)
    if one.type == "list":
        return LinesField(max_length=100_000, **common)
    if one.type == "choice":
        return forms.ChoiceField(choices=one.choices, **common)
    if one.type == "secret":
        # A new source's secret may be shown once more to the person who just typed it; a stored one never is.
        widget = forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}, render_value=show)
        return forms.CharField(max_length=5000, widget=widget, **common)
    if one.type == "url":
        return forms.CharField(max_length=2000, widget=forms.TextInput(attrs={"inputmode": "url"}), **common)
    return forms.CharField(max_length=2000, **common)
