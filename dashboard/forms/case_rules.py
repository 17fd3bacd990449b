"""The forms of what becomes a case by itself: the brand's rules as a whole, and one rule with its query."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from dashboard.cases.assigning import team
from dashboard.forms.tags import read_tags
from dashboard.reports.period import last_days
from dashboard.reports.spread import spread
from dashboard.templatetags.earshot import network
from listening.line.decide import DAYS
from listening.models import Brand, Case, CaseRule, CaseRules, User
from listening.query import MAX_CHARACTERS, QueryError, parse
from listening.sensitive import sensitive

HOURS = [(hour, f"{hour:02}:00") for hour in range(25)]
MOST_HOURS = 720
MOST_RULES = 50
COLUMNS = ("from_priority", "only_answerable", "assign", "reply_hours", "days", "start", "end", "voice")


class CaseRulesForm(forms.Form):
    """`cleaned_data` holds COLUMNS, as the table has them."""

    from_priority = forms.IntegerField(
        label="Open a case from this priority on",
        required=False,
        min_value=0,
        max_value=200,
        help_text="In steps of ten; a strong complaint that speaks to you has 50 or more. Empty: priority alone opens "
        "nothing.",
    )
    only_answerable = forms.BooleanField(
        label="Only what your line lets be answered",
        required=False,
        help_text="Everything else is still counted, and anybody can open a case for it by hand.",
    )
    assign = forms.ChoiceField(
        label="Who gets a new case",
        choices=CaseRules.Assign.choices,
        help_text="Among the brand's admins and marketers.",
    )
    reply_hours = forms.IntegerField(
        label="First reply within so many business hours", min_value=1, max_value=MOST_HOURS
    )
    start = forms.TypedChoiceField(label="Open from", choices=HOURS[:-1], coerce=int)
    end = forms.TypedChoiceField(label="Open until", choices=HOURS[1:], coerce=int)
    days = forms.TypedMultipleChoiceField(
        label="Open on",
        choices=list(enumerate(DAYS)),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: every day.",
    )
    voice = forms.CharField(
        label="How the brand speaks",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For those who write: du or Sie, how to say sorry, how to sign.",
    )

    def __init__(self, data: Any = None, *, rules: CaseRules) -> None:
        super().__init__(data, initial={name: getattr(rules, name) for name in COLUMNS})
        self.fields["start"].help_text = f"Business hours are in the zone of the brand, {rules.brand.time_zone}."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("start", 0) >= cleaned.get("end", 24):
            self.add_error("end", "The day ends before it begins: choose a later hour.")
        return cleaned


class CaseRuleForm(forms.Form):
    """`cleaned_data` holds a CaseRule's columns; `rule` is what they would make. `pointer` shows where a query ends to
    make sense."""

    name = forms.CharField(label="Name", max_length=80)
    query = forms.CharField(
        label="Query",
        required=False,
        max_length=MAX_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 4, "class": "code", "spellcheck": "false", "autocapitalize": "off"}),
        help_text="In the query language, for example: refund* OR “money back”. Empty: whatever was said.",
    )
    kinds = forms.MultipleChoiceField(
        label="Kinds",
        choices=Case.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: all.",
    )
    networks = forms.MultipleChoiceField(
        label="Networks", required=False, widget=forms.CheckboxSelectMultiple, help_text="None chosen: all."
    )
    addressed_only = forms.BooleanField(label="Only what speaks to you", required=False, initial=True)
    assignee = forms.ModelChoiceField(
        User.objects.none(),
        label="Give it to",
        required=False,
        empty_label="as for all cases",
    )
    tags = forms.CharField(
        label="Tags", required=False, max_length=400, help_text="Separated by commas, for example: refund, urgent."
    )
    active = forms.BooleanField(label="Use this rule", required=False, initial=True)

    def __init__(self, data: Any = None, *, brand: Brand, rule: CaseRule | None = None) -> None:
        super().__init__(data, initial=_initial(rule) if rule else None)
        self.brand, self.kept, self.pointer = brand, rule, ""
        people, networks = self.fields["assignee"], self.fields["networks"]
        people.queryset = User.objects.filter(pk__in=[one.pk for one in team(brand)])  # type: ignore[attr-defined]
        networks.choices = _networks(brand)  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if refused := sensitive(name):
            raise forms.ValidationError(refused)
        others = CaseRule.objects.filter(brand=self.brand).exclude(pk=self.kept.pk if self.kept else 0)
        if any(name.casefold() == other.casefold() for other in others.values_list("name", flat=True)):
            raise forms.ValidationError(f"{self.brand.name} already has a rule named “{name}”: choose another name.")
        if not self.kept and others.count() >= MOST_RULES:
            raise forms.ValidationError(f"There are {MOST_RULES} rules already. Delete one first.")
        return name

    def clean_query(self) -> str:
        text: str = self.cleaned_data["query"].replace("\r\n", "\n").strip()
        try:
            if text:
                parse(text)
        except QueryError as error:
            self.pointer = error.pointer(text)
            raise forms.ValidationError(error.sentence) from error
        return text

    def clean_tags(self) -> list[str]:
        return read_tags(self.cleaned_data["tags"])

    @property
    def rule(self) -> CaseRule | None:
        """Not saved; None while something else than the name is wrong."""
        wrong = set(self.errors) - {"name"}
        if wrong:
            return None
        return CaseRule(brand=self.brand, **{k: v for k, v in self.cleaned_data.items() if k != "name"})


def _initial(rule: CaseRule) -> dict[str, Any]:
    names = ("name", "query", "kinds", "networks", "addressed_only", "assignee", "active")
    return {name: getattr(rule, name) for name in names} | {"tags": ", ".join(rule.tags)}


def _networks(brand: Brand) -> list[tuple[str, str]]:
    """Those in which the brand was mentioned in the last months, and those that its rules name already."""
    period = last_days(90, ZoneInfo(brand.time_zone), timezone.now())
    named = brand.case_rule_set.values_list("networks", flat=True)
    found = {*spread(brand, period).networks, *(one for networks in named for one in networks)}
    return sorted((one, network(one)) for one in found)
