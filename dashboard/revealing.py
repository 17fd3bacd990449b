"""Revealing: whoever works on a case that the line lets be answered may see who wrote it, for a day, and it is noted.

Everybody else, and everywhere else, sees a pseudonym (dashboard.reports.mentions.who).
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from dashboard import audit
from dashboard.access import WORKERS, role_of
from listening.asking import Asked, look
from listening.line import Policy
from listening.models import Brand, Case, Line, Reveal, User
from listening.models.case import CLOSED
from listening.models.reveal import SHOWN_FOR

Told = tuple[Policy, Asked]
"""The line, and what it says of an answer without any words."""


class Hidden(Exception):
    """The name is not for this person now; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class ShownName:
    """A name as who asked for it sees it. `url` "" where the profile's address is not known."""

    handle: str
    name: str
    url: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Revealing:
    """What components/reveal.html shows: the name, or whether it may be asked for, or why not."""

    case: Case
    shown: ShownName | None
    may: bool
    why_not: str


def why_not(case: Case, user: User, now: datetime, told: Told | None = None) -> str:
    """Why this person can't see the name, in a sentence; "" when they can. `told`: what the line says of an answer now,
    where it was asked already."""
    if role_of(user, case.brand) not in WORKERS:
        return "Only admins and marketers who work on cases see names."
    if case.status in CLOSED:
        return "The case is closed: names are shown while somebody works on it."
    author = case.mention.author
    if author is None or not author.handle:
        return "The name is not kept any more."
    if case.mention.hidden or not _answerable(case, now, told):
        return "The line leaves this person alone: so does Earshot with the name."
    return ""


def _answerable(case: Case, now: datetime, told: Told | None) -> bool:
    """That this person was answered lately does not count: whoever answered them goes on working with them."""
    policy, asked = told or (Line.objects.of(case.brand).read(), None)
    return look(case.mention, replace(policy, repeat_days=0), now, known=asked)[0].verdict != "refused"


@transaction.atomic
def reveal(case: Case, user: User, now: datetime) -> ShownName:
    """Show the name to this person for a day, and note that they asked, without the name. Raises Hidden.

    Asking again while it is shown prolongs nothing and notes nothing.
    """
    Case.objects.select_for_update().get(pk=case.pk)
    author, refused = case.mention.author, why_not(case, user, now)
    if refused or author is None:
        raise Hidden(refused)
    if not _in_force(user, now).filter(case=case).exists():
        Reveal.objects.create(case=case, user=user, author=author, at=now, until=now + SHOWN_FOR)
        audit.note(user, "saw a name", case.brand, f"mention {case.mention_id}", case=case.pk)
    return names_shown(user, case.brand, now)[case.mention_id]


def revealing(case: Case, user: User, now: datetime, told: Told | None = None) -> Revealing:
    """What the component shows: the name while this person may see it and has asked for it in the last 24 hours; `told`
    as in `why_not`."""
    refused = why_not(case, user, now, told)
    shown = None if refused else names_shown(user, case.brand, now).get(case.mention_id)
    return Revealing(case, shown, not refused, refused)


def names_shown(user: User, brand: Brand, now: datetime) -> dict[int, ShownName]:
    """By mention: the names that this person asked for and that have not expired, for the rows of cases.

    A row shows one only where the line's verdict beside it is no refusal.
    """
    found = _in_force(user, now).filter(case__brand=brand).select_related("author", "case")
    open_ = found.exclude(case__status__in=CLOSED).exclude(author__handle="").filter(author=F("case__mention__author"))
    return {
        one.case.mention_id: ShownName(one.author.handle, one.author.name, one.author.url, one.until)
        for one in open_.order_by("until")
    }


def _in_force(user: User, now: datetime) -> QuerySet[Reveal]:
    still_works = Q(case__brand__memberships__user=user, case__brand__memberships__role__in=WORKERS)
    found = Reveal.objects.filter(user=user, until__gt=now)
    return found if user.is_superuser else found.filter(still_works)
