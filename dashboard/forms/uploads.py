"""The forms of an import: hand in a file, then confirm how it is to be read."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from dashboard.zones import zones
from ingest.sources import load

LARGEST = 500_000_000
MANDATORY = "text"
USUAL = ("text", "id", "created_at", "author")


class UploadForm(forms.Form):
    file = forms.FileField(
        label="File",
        help_text="CSV, TSV, JSON Lines, or saved pages of X's API, up to 500 MB. Columns are guessed next.",
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError("The file is larger than 500 MB. Split it, or use: manage.py import_posts.")
        return file


class PlanForm(forms.Form):
    """Which column holds what; made from the guessed plan (the JSON of Upload.plan), answers a changed one."""

    network = forms.CharField(
        max_length=20, label="Network", help_text="For rows that name none: x, bluesky, mastodon, reddit, web, ..."
    )
    day_first = forms.BooleanField(required=False, label="3/4/2026 is the third of April")
    time_zone = forms.ChoiceField(choices=zones, label="Time zone of times without one")
    default_time = forms.DateTimeField(
        required=False,
        label="Time for rows without a date",
        widget=forms.DateTimeInput(attrs={"placeholder": "2026-11-23 12:00"}),
        help_text="Empty: such rows are left out and listed.",
    )
    match = forms.BooleanField(
        required=False,
        label="Only rows that one of this brand's queries matches",
        help_text="Otherwise every row counts as a mention, because you say so.",
    )

    def __init__(self, data: Any = None, *, plan: Mapping[str, Any]) -> None:
        kept = {name: plan.get(name) for name in ("network", "day_first", "time_zone", "default_time", "match")}
        super().__init__(data, initial=kept | {f"column_{k}": v for k, v in plan.get("columns", {}).items()})
        self.plan = plan
        choices = [("", "no column"), *((name, name) for name in plan.get("names", ()))]
        for name, label in columns().items() if plan.get("shape") != "x" else ():
            self.fields[f"column_{name}"] = forms.ChoiceField(choices=choices, required=name == MANDATORY, label=label)

    @property
    def first_columns(self) -> list[forms.BoundField]:
        """The columns that were guessed, those that most files have, and those with an error."""
        return [one for one in self._columns() if self._is_first(one)]

    @property
    def more_columns(self) -> list[forms.BoundField]:
        return [one for one in self._columns() if not self._is_first(one)]

    def _columns(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("column_")]

    def _is_first(self, one: forms.BoundField) -> bool:
        return one.name.removeprefix("column_") in USUAL or bool(one.initial) or bool(one.errors)

    @property
    def other_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if not name.startswith("column_")]

    @property
    def confirmed(self) -> dict[str, Any]:
        """The plan as it was confirmed, for Upload.plan; only after a successful is_valid()."""
        cleaned = self.cleaned_data
        chosen = {name.removeprefix("column_"): cleaned[name] for name in cleaned if name.startswith("column_")}
        moment = cleaned["default_time"]
        return {
            **self.plan,
            "columns": {name: column for name, column in chosen.items() if column},
            "network": cleaned["network"].strip().lower(),
            "day_first": cleaned["day_first"],
            "time_zone": cleaned["time_zone"],
            "default_time": moment.isoformat() if moment else "",
            "match": cleaned["match"],
            "questions": [],
        }


def columns() -> Mapping[str, str]:
    """What a column can hold: {"text": "Text", ...}."""
    found: Mapping[str, str] = getattr(load("file"), "columns", {})
    return found
