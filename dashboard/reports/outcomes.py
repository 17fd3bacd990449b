"""Outcomes: how a brand answered the cases of a period and what came of it, and the cases behind each figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.cases.opening import week_of
from dashboard.reports.answering import AFTER, WHICH, Figures, Worked, figures, which
from dashboard.reports.cases import UNREAD
from dashboard.reports.period import Period
from listening.models import Brand, Case, CaseRules, Mention

SHOWN = 50
COLUMNS = {
    "pk": "pk",
    "kind": "kind",
    "status": "status",
    "solved": "solved",
    "published_at": "mention__published_at",
    "opened_at": "created_at",
    "due_at": "due_at",
    "replied_at": "replied_at",
    "closed_at": "closed_at",
    "before": "mention__mood",
}
"""What is told of a case, and where it stands."""
Later = Mapping[int, Sequence[tuple[datetime, str]]]


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
    if name not in WHICH:
        return None
    cases = worked(brand, period) if cases is None else cases
    found = [one.pk for one in which(cases, name, now)]
    whole = Case.objects.filter(pk__in=found).select_related("mention__author", "assignee").defer(*UNREAD)
    return Behind(name, len(found), list(whole.order_by("-created_at", "-pk")[:SHOWN]))


def worked(brand: Brand, period: Period) -> list[Worked]:
    """The cases that were opened in the period, in order; a mention that is hidden meanwhile takes its case along."""
    cases = Case.objects.filter(brand=brand, created_at__gte=period.start, created_at__lt=period.end)
    rows = (
        cases.filter(mention__hidden="").order_by("created_at", "pk").values_list(*COLUMNS.values(), "mention__author")
    )
    told = [(dict(zip(COLUMNS, row, strict=False)), row[-1]) for row in rows]
    later = _later(brand, [(author, case["replied_at"]) for case, author in told if author and case["replied_at"]])
    return [
        Worked(**case, after=_moods(later, author, case["replied_at"]), known=author is not None)
        for case, author in told
    ]


def _later(brand: Brand, answered: Sequence[tuple[int, datetime]]) -> Later:
    """What answered people wrote themselves about the brand since the first of these replies, by author, in order."""
    if not answered:
        return {}
    authors, first = {author for author, _ in answered}, min(at for _, at in answered)
    posts = Mention.objects.counted().filter(brand=brand, author__in=authors, repost_of="", published_at__gt=first)
    found: dict[int, list[tuple[datetime, str]]] = {}
    for author, at, mood in posts.order_by("published_at", "pk").values_list("author", "published_at", "mood"):
        found.setdefault(author, []).append((at, mood))
    return found


def _moods(later: Later, author: int | None, replied_at: datetime | None) -> tuple[str, ...]:
    if author is None or replied_at is None:
        return ()
    return tuple(mood for at, mood in later.get(author, ()) if replied_at < at <= replied_at + AFTER)
