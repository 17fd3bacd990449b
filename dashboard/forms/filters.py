"""Filters: what the address of a page asks for, checked; every view is a link and Back works."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from dashboard.reports import period as periods
from dashboard.reports.narrow import NO, UNGROUPED, YES, Narrow
from dashboard.reports.period import Period
from listening.models import Brand, Sentiment
from listening.query import MAX_CHARACTERS, QueryError, parse
from listening.query.people import NOT_PEOPLE, asks_for_people

VALUE = re.compile(r"-?[A-Za-z0-9_.]{1,40}(-[A-Za-z0-9]{1,20})*")
KIND = re.compile(r"-?\w[\w &/-]{0,39}")
MOST_DIGITS = 20
EITHER = (("", "Any"), (YES, "Yes"), (NO, "No"))
THEME = re.compile(rf"[0-9]{{1,18}}|{UNGROUPED}")
MOODS = {*Sentiment.values, *(f"-{value}" for value in Sentiment.values)}


class Values(forms.Field):
    """Several values of one name; what can't be a value is dropped, for an old link should still work."""

    widget = forms.MultipleHiddenInput

    def __init__(self, allowed: Iterable[str] | None = None, pattern: re.Pattern[str] = VALUE) -> None:
        super().__init__(required=False)
        self.pattern = pattern
        self.allowed = frozenset(allowed) if allowed is not None else None

    def clean(self, value: object) -> tuple[str, ...]:
        values = [str(one) for one in value] if isinstance(value, list | tuple) else []
        return tuple(dict.fromkeys(one for one in values if self._fits(one)))

    def _fits(self, value: str) -> bool:
        return value in self.allowed if self.allowed is not None else bool(self.pattern.fullmatch(value))


class Filters(forms.Form):
    """After `is_valid()`, `period` and `narrow` hold what was asked for, or the defaults where it makes no sense."""

    q = forms.CharField(required=False, max_length=MAX_CHARACTERS, label="Search")
    network = Values()
    language = Values()
    sentiment = Values(MOODS)
    kind = Values(pattern=KIND)
    group = forms.RegexField(r"^-?\d{1,19}$", required=False, max_length=MOST_DIGITS)
    complaint = forms.ChoiceField(choices=EITHER, required=False)
    addressed = forms.ChoiceField(choices=EITHER, required=False)
    unsure = forms.ChoiceField(choices=EITHER, required=False)
    theme = forms.CharField(required=False, max_length=20)
    own = forms.ChoiceField(choices=(("", "No"), (YES, "Yes")), required=False)

    def __init__(self, data: QueryDict, zone: ZoneInfo, now: datetime, days: int = 30) -> None:
        super().__init__({n: data.getlist(n) if n in LISTS else data.get(n, "") for n in self.base_fields})
        self.narrow = Narrow()
        self.period: Period = periods.last_days(days, zone, now)
        self._wanted: Mapping[str, str] = {name: data.get(name, "") for name in ("days", "from", "to")}
        self._zone, self._now, self._days = zone, now, days

    def clean_q(self) -> str:
        text = str(self.cleaned_data["q"]).strip()
        if text:
            try:
                query = parse(text)
            except QueryError as error:
                raise forms.ValidationError(error.sentence, code="query") from error
            if asks_for_people(query):
                raise forms.ValidationError(NOT_PEOPLE, code="query")
        return text

    def clean_theme(self) -> str:
        """What can't be a theme is dropped, like a value of a list."""
        text = str(self.cleaned_data["theme"])
        return text if THEME.fullmatch(text) else ""

    def clean(self) -> None:
        try:
            self.period = periods.from_params(self._wanted, self._zone, self._now, self._days)
        except ValueError as error:
            self.add_error(None, str(error))
        cleaned = self.cleaned_data
        self.narrow = Narrow(
            network=cleaned.get("network", ()),
            language=cleaned.get("language", ()),
            sentiment=cleaned.get("sentiment", ()),
            complaint=_either(cleaned.get("complaint")),
            addressed=_either(cleaned.get("addressed")),
            unsure=_either(cleaned.get("unsure")),
            theme=cleaned.get("theme", ""),
            text=cleaned.get("q", ""),
            own=cleaned.get("own") == YES,
            kind=cleaned.get("kind", ()),
            group=_key(cleaned.get("group")),
        )

    @classmethod
    def of(cls, request: HttpRequest, brand: Brand, days: int = 30) -> Self:
        """The checked filters of a request to one of the brand's pages; periods are in the brand's zone."""
        filters = cls(request.GET, ZoneInfo(brand.time_zone), timezone.now(), days)
        filters.is_valid()
        return filters

    @property
    def sentences(self) -> list[str]:
        """What is wrong with the address, in words."""
        return [str(sentence) for sentences in self.errors.values() for sentence in sentences]


LISTS = ("network", "language", "sentiment", "kind")


def _either(value: str | None) -> bool | None:
    return {YES: True, NO: False}.get(value or "")


def _key(text: str | None) -> int | None:
    """A number that fits Postgres's bigint, or None."""
    key = int(text) if text else None
    return key if key is not None and -(2**63) <= key < 2**63 else None
