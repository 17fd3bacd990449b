"""CaseForm: what somebody does about a complaint; only the fields that were sent change."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from listening.models import Case, User

NOBODY = "nobody"
STATUSES = [choice for choice in Case.Status.choices if choice[0] != Case.Status.SNOOZED]  # that needs a time


class CaseForm(forms.Form):
    """`changes` holds status, assignee (a User or None) and note, those that were sent and not empty."""

    status = forms.ChoiceField(required=False, choices=STATUSES)
    assignee = forms.CharField(required=False, max_length=20)
    note = forms.CharField(required=False, max_length=5000)
    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)

    def __init__(self, data: QueryDict, workers: Iterable[User]) -> None:
        super().__init__(data)
        self._workers = {str(user.pk): user for user in workers}

    def clean_assignee(self) -> User | str | None:
        value = str(self.cleaned_data["assignee"])
        if value in {"", NOBODY}:
            return value
        if value not in self._workers:
            raise forms.ValidationError("That person does not work on this brand. Reload the page and choose again.")
        return self._workers[value]

    @property
    def changes(self) -> dict[str, Any]:
        sent = {name: value for name, value in self.cleaned_data.items() if value and name != "version"}
        return sent | ({"assignee": None} if sent.get("assignee") == NOBODY else {})
