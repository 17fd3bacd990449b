"""Outcomes: how a brand answered the cases of a period and what came of it, and the cases behind each figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, Subquery
from django.db.models.lookups import Exact

from dashboard.cases.opening import week_of
from dashboard.reports.answering import AFTER, NAMES, Figures, Worked, figures, which
from dashboard.reports.cases import UNREAD
from dashboard.reports.period import Period
from listening.models import Brand, Case, CaseRules, Mention, Sentiment

SHOWN = 50
COLUMNS = (
    "pk", "kind", "status", "solved", "mention__published_at", "created_at", "due_at", "replied_at", "closed_at",
    "mention__mood", "mention__author",
)  # fmt: skip
"""What is told of a case, in the order of Worked, and who wrote its mention."""


@dataclass(frozen=True, slots=True)
class Behind:
    """The cases that one figure counts, the newest first; `n` of them, of which some are here."""

    name: str
    n: int
    cases: list[Case]


def outcomes(brand: Brand, period: Period, now: datetime, cases: Sequence[Worked] | None = None) -> Figures:
    """Of the cases that were opened in the period; `cases` are these, where they are read already."""
    rules = CaseRules.objects.filter(brand=brand).first()
    cases = worked(brand, period) if cases is None else cases
    return figures(cases, week_of(rules, brand) if rules else None, now)


def behind(
    brand: Brand, period: Period, name: str, now: datetime, cases: Sequence[Worked] | None = None
) -> Behind | None:
    """None for a name that no figure has; `cases` as above."""
    if name not in NAMES:
        return None
    cases = worked(brand, period) if cases is None else cases
    found = [one.pk for one in which(cases, name, now)]
    whole = Case.objects.filter(pk__in=found).select_related("mention__author", "assignee").defer(*UNREAD)
    return Behind(name, len(found), list(whole.order_by("-created_at", "-pk")[:SHOWN]))


def worked(brand: Brand, period: Period) -> list[Worked]:
    """The cases that were opened in the period, in order; a mention that is hidden meanwhile takes its case along."""
    cases = Case.objects.filter(brand=brand, created_at__gte=period.start, created_at__lt=period.end)
    rows = cases.filter(mention__hidden="").order_by("created_at", "pk").values_list(*COLUMNS, _said_later())
    return [Worked._make((*told, (last,) if last else (), author is not None)) for *told, author, last in rows]


def _said_later() -> Subquery:
    """The sentiment of what answered people said last themselves about the brand in the AFTER that follows the reply;
    of what has none only where nothing else is there."""
    since = OuterRef("replied_at")
    posts = Mention.objects.counted().filter(brand=OuterRef("brand"), author=OuterRef("mention__author"), repost_of="")
    posts = posts.filter(published_at__gt=since, published_at__lte=since + AFTER)
    unclear = Exact(F("mood"), Sentiment.UNSCORED)
    return Subquery(posts.order_by(unclear.asc(), "-published_at", "-pk").values("mood")[:1])
