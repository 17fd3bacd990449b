"""Improving: something to make better, out of a case, a theme or a thought; nobody is contacted for it.

Whoever changes an improvement says which version they saw, as with cases; the audit log keeps what changed, without
what people wrote.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from dashboard import audit
from dashboard.cases.changing import change as change_case
from dashboard.measuring import settle
from dashboard.reports.theme_days import target
from listening.models import Brand, Case, Improvement, Theme, ThemeMember, User

Status = Improvement.Status
FIELDS = ("title", "what", "status", "owner", "theme", "done_at")
PUBLIC = ("public", "said", "did")
MEASURED = ("effect", "unmeasured")  # follow from the rest
WRITTEN = ("title", "what", "said", "did")  # the audit log says that they changed, not what they say
OPEN = (Status.IDEA, Status.DOING)


class Stale(Exception):
    """Somebody else changed the improvement meanwhile; the message is a sentence for people."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody else changed this improvement meanwhile, so nothing was saved. Copy what you wrote, open the "
            "page again, then change it."
        )


@dataclass(frozen=True, slots=True)
class OfCase:
    """What the case's page offers: improvements that it stands behind, open ones that it could join, its theme."""

    theme: Theme | None
    items: list[Improvement]
    open: list[Improvement]

    @property
    def title(self) -> str:
        """A first title, for people to change."""
        return self.theme.title if self.theme else ""


def improvements_of(case: Case) -> OfCase:
    """For templates/components/case_improve.html, which calls it `improve`."""
    items = list(case.improvements.select_related("owner"))
    others = Improvement.objects.filter(brand=case.brand_id, status__in=OPEN).exclude(pk__in=[one.pk for one in items])
    return OfCase(theme_of(case), items, list(others[:50]))


def theme_of(case: Case) -> Theme | None:
    """The theme that the case's mention counts for; None for ungrouped ones and for a theme that is gone."""
    member = ThemeMember.objects.filter(mention=case.mention_id).select_related("theme__merged_into").first()
    theme = target(member.theme) if member and member.theme else None
    return theme if theme and theme.retired_at is None else None


@transaction.atomic
def make(brand: Brand, user: User, title: str, **given: Any) -> Improvement:
    """A new one; `given` may hold what, owner and theme."""
    made = Improvement.objects.create(brand=brand, title=title, created_by=user, **given)
    audit.note(user, "made improvement", brand, _name(made), **in_words({"theme": made.theme, "owner": made.owner}))
    return made


@transaction.atomic
def add_case(improvement: Improvement, case: Case, user: User) -> None:
    """Let a case stand behind it; twice is once."""
    if not improvement.cases.filter(pk=case.pk).exists():
        improvement.cases.add(case)
        audit.note(user, "added case to improvement", improvement.brand, _name(improvement), case=case.pk)


@transaction.atomic
def take_case(improvement: Improvement, case: Case, user: User) -> None:
    improvement.cases.remove(case)
    audit.note(user, "took case from improvement", improvement.brand, _name(improvement), case=case.pk)


def leave_alone(case: Case, version: int, user: User, now: datetime) -> Case:
    """The case is closed without an answer: nobody is contacted. Raises changing.Stale."""
    return change_case(case, version, user, now, status=Case.Status.IGNORED)


@transaction.atomic
def change(improvement: Improvement, version: int, user: User, now: datetime, **changes: Any) -> Improvement:
    """Change what is given (of FIELDS and PUBLIC) and differs; raises Stale when it is not at `version` any more.

    One that becomes done is so from `now` on unless told; the effect is measured anew when its day or theme changes.
    """
    unknown = set(changes) - {*FIELDS, *PUBLIC}
    if unknown:
        raise TypeError(f"An improvement has no {', '.join(sorted(unknown))} to change.")
    given = _following(improvement, {k: v for k, v in changes.items() if getattr(improvement, k) != v}, now)
    if given:
        mine = Improvement.objects.filter(pk=improvement.pk, version=version)
        if not mine.update(version=F("version") + 1, changed_at=now, **given):
            raise Stale
        audit.note(user, "changed improvement", improvement.brand, _name(improvement), **in_words(given))
    fresh = Improvement.objects.select_related("brand", "owner", "theme__merged_into").get(pk=improvement.pk)
    return settle(fresh, now)


def _following(improvement: Improvement, given: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What goes with the changes: the day of a done one, none for the others, and no effect of another day or theme."""
    status = given.get("status", improvement.status)
    done_at = given.get("done_at", improvement.done_at)
    done_at = (done_at or now) if status == Status.DONE else None
    given = {k: v for k, v in given.items() if k != "done_at"}
    if done_at != improvement.done_at:
        given["done_at"] = done_at
    return given | ({"effect": {}, "unmeasured": {}} if {"done_at", "theme"} & set(given) else {})


def in_words(given: Mapping[str, Any]) -> dict[str, Any]:
    """The new values as the audit log keeps them: plain, people by their account, texts only as changed."""
    told = {name: value for name, value in given.items() if name not in MEASURED}
    return {name: "changed" if name in WRITTEN else _plain(value) for name, value in told.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Theme):
        return value.pk
    return str(value) if isinstance(value, User) else value


def _name(improvement: Improvement) -> str:
    return f"improvement {improvement.pk}"
