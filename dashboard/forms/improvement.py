"""The forms of an improvement: what it is and how far it is, and what the public page says of it."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from dashboard.improving import OPEN
from listening.models import Brand, Improvement, Theme, User

NOON = time(12)
NO_TITLE = "Say in a few words what should get better."
OWN_WORDS = "In your own words: nobody’s post is quoted, nobody is named."


class ImprovementForm(forms.Form):
    """`values` is what dashboard.improving.make takes."""

    title = forms.CharField(max_length=160, label="What should get better", error_messages={"required": NO_TITLE})
    what = forms.CharField(
        max_length=5000, required=False, label="What is to be done", widget=forms.Textarea(attrs={"rows": 4})
    )
    theme = forms.ModelChoiceField(
        Theme.objects.none(),
        required=False,
        label="Theme",
        empty_label="No theme: nothing is measured",
        help_text="How often people complain about it is compared before and after.",
    )
    owner = forms.ChoiceField(required=False, label="Owner")

    def __init__(self, data: Any = None, *, brand: Brand, workers: Iterable[User], **initial: Any) -> None:
        super().__init__(data, initial=initial)
        self.brand, self._workers = brand, {str(user.pk): user for user in workers}
        self.fields["theme"].queryset = Theme.objects.filter(brand=brand).shown()  # type: ignore[attr-defined]
        names = [(pk, str(user)) for pk, user in self._workers.items()]
        self.fields["owner"].choices = [("", "Nobody yet"), *names]  # type: ignore[attr-defined]

    def clean_owner(self) -> User | None:
        return self._workers.get(str(self.cleaned_data["owner"]))

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("title", "what", "theme", "owner")}


class NewImprovementForm(ImprovementForm):
    """With `into`, an open improvement that the case joins instead of making another; `seen` is the case's version."""

    into = forms.ModelChoiceField(
        Improvement.objects.none(), required=False, label="Improvement", empty_label="Make a new one"
    )
    leave = forms.BooleanField(required=False, label="Leave this case alone: it is closed and nobody is written to")
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    field_order = ("into", "title", "what", "theme", "owner", "leave")

    def __init__(self, data: Any = None, *, of_case: bool, **given: Any) -> None:
        super().__init__(data, **given)
        if not of_case:
            del self.fields["into"], self.fields["leave"], self.fields["seen"]
            return
        found = Improvement.objects.filter(brand=self.brand, status__in=OPEN)
        self.fields["into"].queryset = found  # type: ignore[attr-defined]
        self.fields["title"].required = False

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not told.get("into") and not told.get("title") and "title" not in self.errors:
            self.add_error("title", NO_TITLE)
        return told


class WorkForm(ImprovementForm):
    """An improvement as it stands; a theme or owner that is gone meanwhile may stay."""

    status = forms.ChoiceField(choices=Improvement.Status, label="Status")
    done_on = forms.DateField(
        required=False,
        label="Done on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="When the change reached people; today unless told. The days before and after it are compared.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def __init__(self, data: Any = None, *, improvement: Improvement, now: datetime, workers: Iterable[User]) -> None:
        self.improvement, self.now, self.zone = improvement, now, ZoneInfo(improvement.brand.time_zone)
        owner = [improvement.owner] if improvement.owner else []
        super().__init__(
            data,
            brand=improvement.brand,
            workers=dict.fromkeys([*workers, *owner]),
            title=improvement.title,
            what=improvement.what,
            theme=improvement.theme_id,
            owner=improvement.owner_id or "",
            status=improvement.status,
            done_on=self._day,
            version=improvement.version,
        )
        theme = self.fields["theme"]
        kept = Theme.objects.filter(pk=improvement.theme_id or 0)
        theme.queryset = theme.queryset | kept  # type: ignore[attr-defined]

    def clean_done_on(self) -> date | None:
        day: date | None = self.cleaned_data["done_on"]
        if day and day > self.now.astimezone(self.zone).date():
            raise forms.ValidationError("That day is yet to come: leave it “In work” until the change is out.")
        return day

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        day = told.get("done_on")
        if day and day != self._day and told.get("status") != Improvement.Status.DONE:
            self.add_error("status", "Choose “Done” as well, or leave the day empty.")
        return told

    @property
    def values(self) -> dict[str, Any]:
        day = self.cleaned_data["done_on"]
        done_at = self.improvement.done_at if day == self._day else day and datetime.combine(day, NOON, self.zone)
        return super().values | {"status": self.cleaned_data["status"], "done_at": done_at}

    @property
    def _day(self) -> date | None:
        done_at = self.improvement.done_at
        return done_at.astimezone(self.zone).date() if done_at else None


class PublicForm(forms.Form):
    """What an admin lets everybody read."""

    public = forms.BooleanField(required=False, label="Show it on the public page")
    said = forms.CharField(max_length=300, required=False, label="You said", help_text=OWN_WORDS)
    did = forms.CharField(max_length=300, required=False, label="We did", help_text=OWN_WORDS)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        for name, asked in (("said", "Write what people said"), ("did", "Write what you did")):
            if told.get("public") and not told.get(name) and name not in self.errors:
                self.add_error(name, f"{asked} before everybody sees it.")
        return told

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("public", "said", "did")}
