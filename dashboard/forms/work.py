"""WorkForm: what somebody does to one case on its page; it carries what they saw, so that nothing else changes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from django import forms
from django.http import QueryDict

from dashboard.forms.case import STATUSES
from dashboard.forms.inbox import SnoozeFields
from dashboard.forms.tags import read_tags
from dashboard.reports.wanted_cases import NOBODY
from listening.models import Brand, Case, User

FIELDS = ("status", "assignee", "kind", "tags", "solved")
SNOOZED = Case.Status.SNOOZED


def values_of(case: Case) -> dict[str, str]:
    """A case as the fields of its form hold it."""
    return {
        "status": case.status,
        "assignee": str(case.assignee_id or NOBODY),
        "kind": case.kind,
        "tags": ", ".join(case.tags),
        "solved": case.solved,
    }


class WorkForm(SnoozeFields):
    """`was_...` are the values that the page showed: only what differs from them is changed."""

    status = forms.ChoiceField(choices=STATUSES, label="Status")
    assignee = forms.CharField(max_length=20, label="Assignee")
    kind = forms.ChoiceField(choices=Case.Kind.choices, required=False, label="What it is")
    tags = forms.CharField(required=False, max_length=1000, label="Tags")
    solved = forms.ChoiceField(choices=Case.Solved.choices, required=False, label="Solved")
    note = forms.CharField(required=False, max_length=5000, label="Note")
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1)

    def __init__(
        self,
        case: Case,
        brand: Brand,
        user: User,
        workers: Iterable[User],
        now: datetime,
        data: QueryDict | None = None,
    ) -> None:
        self._workers = {str(worker.pk): worker for worker in workers}
        self._about = user, brand, now
        super().__init__(data, initial=values_of(case) | {"version": case.version})
        choices = [(SNOOZED, str(SNOOZED.label)), *STATUSES] if case.status == SNOOZED else STATUSES
        self.fields["status"] = forms.ChoiceField(choices=choices, label="Status")
        gone = {case.assignee_id: str(case.assignee)} if case.assignee else {}
        self.people = {NOBODY: "Nobody"} | {str(pk): name for pk, name in gone.items()}
        self.people |= {pk: str(worker) for pk, worker in self._workers.items()}
        self.was = {name: str(self.data.get(f"was_{name}", self.initial[name])) for name in FIELDS}

    def clean_assignee(self) -> User | None:
        value = str(self.cleaned_data["assignee"])
        if value == NOBODY:
            return None
        if value not in self._workers and value != self.was["assignee"]:
            raise forms.ValidationError("That person does not work on this brand. Choose somebody else.")
        return self._workers.get(value)

    def clean_kind(self) -> str:
        """A page that does not offer it leaves it as it is."""
        return str(self.cleaned_data["kind"] or self.initial["kind"])

    def clean_tags(self) -> list[str]:
        return read_tags(self.cleaned_data["tags"])

    def clean(self) -> None:
        if self.cleaned_data.get("until") and "status" in self.touched:
            self.add_error("until", "Choose a status or a snooze, not both.")
        elif self.cleaned_data.get("until"):
            try:
                self.cleaned_data["snooze"] = self.snooze(*self._about)
            except forms.ValidationError as error:
                self.add_error("until", error)

    @property
    def touched(self) -> list[str]:
        """The fields that this person changed."""
        return [name for name in FIELDS if str(self.data.get(name, self.was[name])) != self.was[name]]

    @property
    def snoozed(self) -> dict[str, str]:
        """What was written into the fields of a snooze."""
        return {name: str(self.data.get(name, "")) for name in ("until", "day", "at", "reason")}

    @property
    def changes(self) -> dict[str, Any]:
        """What to change, after `is_valid()`."""
        given: dict[str, Any] = {name: self.cleaned_data[name] for name in self.touched}
        snooze: dict[str, Any] = self.cleaned_data.get("snooze", {})
        return given | snooze

    def over(self, case: Case) -> QueryDict:
        """The same wishes over the case as a colleague left it: what this person did not touch is the colleague's."""
        data = cast(QueryDict, self.data).copy()
        fresh = values_of(case)
        for name in FIELDS:
            data[f"was_{name}"] = fresh[name]
            if name not in self.touched:
                data[name] = fresh[name]
        data["version"] = str(case.version)
        return data
