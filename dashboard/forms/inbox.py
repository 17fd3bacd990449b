"""The inbox's forms: what its address asks for, and what somebody does to the cases they chose."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict

from dashboard.cases import bulk
from dashboard.cases.snoozing import CHOICES, MORNING, until, zone_of
from dashboard.forms.tags import LONGEST, read_tags
from dashboard.reports.cases import LARGE_PAGE, PAGE
from dashboard.reports.spot import Spot
from dashboard.reports.wanted_cases import NOBODY, OPEN_TAB, STATUSES, Wanted
from dashboard.row_number import number_in
from dashboard.templatetags.earshot import intime
from listening.models import Brand, Case, User
from listening.models.case import OPEN

Status = Case.Status


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of an inbox says; nonsense in it is as if it were not there."""

    wanted: Wanted
    after: Spot | None
    size: int

    @property
    def params(self) -> dict[str, str]:
        """The address without the place in the list."""
        return self.wanted.params | ({"size": str(self.size)} if self.size != PAGE else {})

    @classmethod
    def of(cls, data: QueryDict, me: User) -> "Asked":
        tab, assignee = data.get("tab", ""), data.get("assignee", "")
        wanted = Wanted(
            me=me.pk,
            tab=tab if tab in STATUSES else OPEN_TAB,
            kind=data.get("kind", "") if data.get("kind") in Case.Kind.values else "",
            network=_word(data.get("network", ""), 20),
            tag=_word(data.get("tag", ""), LONGEST),
            assignee=assignee if assignee == NOBODY or number_in(assignee) else "",
            text=_word(data.get("q", ""), 200),
        )
        size = LARGE_PAGE if data.get("size") == str(LARGE_PAGE) else PAGE
        return cls(wanted, Spot.read(data.get("after", ""), wanted.order), size)


def _word(text: str, most: int) -> str:
    return text.replace("\0", "").strip()[:most]


class SnoozeFields(forms.Form):
    """Until when, by the clock of whoever asks, and why."""

    until = forms.ChoiceField(choices=[("", "Choose"), *CHOICES], required=False, label="Until")
    day = forms.DateField(required=False, label="Day", widget=forms.DateInput(attrs={"type": "date"}))
    at = forms.TimeField(required=False, label="Time", widget=forms.TimeInput(attrs={"type": "time"}))
    reason = forms.CharField(required=False, max_length=200, label="Why")

    def snooze(self, user: User, brand: Brand, now: datetime) -> dict[str, Any]:
        """The changes of a snooze. Raises ValidationError."""
        told = self.cleaned_data
        try:
            end = until(told.get("until") or "", now, zone_of(user, brand), told.get("day"), told.get("at") or MORNING)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        return {"status": Status.SNOOZED, "snoozed_until": end, "snooze_reason": told.get("reason", "")}


SIMPLE: Mapping[str, tuple[str, str]] = {
    "done": (Status.DONE, "marked as done"),
    "ignored": (Status.IGNORED, "left alone"),
    "waiting": (Status.WAITING, "set to wait for them"),
    "open": (OPEN[1], "opened again"),
}
DOINGS = (*SIMPLE, "mine", "assign", "snooze", "tag")


class BulkForm(SnoozeFields):
    """`seen` are the chosen cases with the version that was on the page; `say` and `changes` what happens to them.

    With `whole` it is for all cases of the list, whichever are chosen.
    """

    do = forms.ChoiceField(
        choices=[(name, name) for name in DOINGS],
        error_messages={"invalid_choice": "Nothing of that kind can be done here. Reload the page and try again."},
    )
    told = forms.IntegerField(required=False)
    whole = forms.BooleanField(required=False)
    assignee = forms.CharField(required=False, max_length=20)
    tag = forms.CharField(required=False, max_length=LONGEST)

    def __init__(self, data: QueryDict, brand: Brand, user: User, workers: Iterable[User], now: datetime) -> None:
        super().__init__(data)
        self._brand, self._user, self._now = brand, user, now
        self._workers = {str(worker.pk): worker for worker in workers}
        self.seen = _seen(data.getlist("case"))
        self.say = ""
        self.changes: dict[str, Any] = {}

    @property
    def was_told(self) -> bool:
        """Whether the page said how many cases this changes, and it were these."""
        return bool(self.cleaned_data["told"] == len(self.seen))

    @property
    def asked(self) -> dict[str, str]:
        """What was sent, without the cases: enough to ask for the same once more.

        "Monday" is a date then, for it may be past midnight until somebody answers.
        """
        sent = {name: self.data[name] for name in self.fields if self.data.get(name)}
        if "snoozed_until" not in self.changes:
            return sent
        end = self.changes["snoozed_until"].astimezone(zone_of(self._user, self._brand))
        return sent | {"until": "date", "day": f"{end:%Y-%m-%d}", "at": f"{end:%H:%M:%S}"}

    def clean(self) -> None:
        whole = self.cleaned_data.get("whole")
        if not (self.seen or whole):
            raise forms.ValidationError("Choose at least one case first.")
        if len(self.seen) > bulk.MOST and not whole:
            raise forms.ValidationError(f"Choose at most {bulk.MOST} cases at a time.")
        self.say, self.changes = self._meant(self.cleaned_data.get("do", ""))

    def _meant(self, do: str) -> tuple[str, dict[str, Any]]:
        if do in SIMPLE:
            status, say = SIMPLE[do]
            return say, {"status": status}
        if do == "mine":
            return f"assigned to {self._user}", {"assignee": self._user}
        if do == "assign":
            return self._assigned(self.cleaned_data.get("assignee", ""))
        if do == "snooze":
            return self._snoozed()
        if do == "tag":
            return self._tagged(self.cleaned_data.get("tag", ""))
        return "", {}

    def _snoozed(self) -> tuple[str, dict[str, Any]]:
        changes = self.snooze(self._user, self._brand, self._now)
        return f"snoozed until {intime(changes['snoozed_until'], zone_of(self._user, self._brand))}", changes

    def _assigned(self, whom: str) -> tuple[str, dict[str, Any]]:
        if whom == NOBODY:
            return "assigned to nobody", {"assignee": None}
        if whom not in self._workers:
            raise forms.ValidationError("Choose somebody who works on this brand, or nobody.")
        return f"assigned to {self._workers[whom]}", {"assignee": self._workers[whom]}

    @staticmethod
    def _tagged(text: str) -> tuple[str, dict[str, Any]]:
        tags = read_tags(text)
        if len(tags) != 1:
            raise forms.ValidationError("Write the tag that these cases get, one without a comma.")
        return f"tagged “{tags[0]}”", {"tag": tags[0]}


def _seen(values: Iterable[str]) -> dict[int, int]:
    """ "12:3" -> {12: 3}; what is none is left out."""
    pairs = [value.partition(":") for value in values]
    numbers = {number_in(pk): number_in(version) for pk, _, version in pairs}
    return {pk: version for pk, version in numbers.items() if pk and version}
