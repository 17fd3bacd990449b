"""Complaints: flagged mentions by the state of the work on them, addressed ones first, the newest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from dashboard.reports import mentions as lists
from dashboard.reports.mentions import Place, Row, wanted
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import Period
from dashboard.reports.volume import totals
from listening.models import Brand, Case, Membership, Mention, User
from listening.models.mention import MentionQuerySet

NEW = Case.Status.NEW
PAGE = 20


@dataclass(frozen=True, slots=True)
class Work:
    """Which part of the work: a status, and whose."""

    status: str = NEW
    assignee: int | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a page ended: among the addressed or the overheard ones, and after which mention (None: at the start)."""

    addressed: bool
    place: Place | None

    def __str__(self) -> str:
        return f"{'a' if self.addressed else 'o'}{self.place or ''}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        return cls(text[0] == "a", Place.read(text[1:])) if text[:1] in {"a", "o"} and text else None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A complaint with its case, None while nobody has touched it."""

    row: Row
    case: Case | None

    @property
    def status(self) -> str:
        return self.case.status if self.case else NEW


@dataclass(frozen=True, slots=True)
class Listing:
    rows: list[CaseRow]
    next: Spot | None
    looked_back_to: None = None


@dataclass(frozen=True, slots=True)
class Tab:
    status: str
    label: str
    count: int


def counts(brand: Brand, period: Period, narrow: Narrow) -> list[Tab]:
    """How many complaints there are of each status; what nobody has touched is new."""
    touched = _touched(brand, period, narrow)
    by_status = dict(touched.order_by().values_list("status").annotate(n=Count("pk")))
    handled = sum(n for status, n in by_status.items() if status != NEW)
    by_status[NEW] = totals([brand], period, narrow).mentions - handled
    return [Tab(status, str(label), by_status.get(status, 0)) for status, label in Case.Status.choices]


def _touched(brand: Brand, period: Period, narrow: Narrow) -> QuerySet[Case]:
    mentions = wanted(brand, period, narrow).order_by()
    return Case.objects.filter(mention__in=mentions)


def listing(brand: Brand, period: Period, narrow: Narrow, work: Work, after: Spot | None, size: int = PAGE) -> Listing:
    """One page: all addressed complaints, then the overheard ones."""
    spot = after or Spot(True, None)
    mentions = _page(brand, period, narrow, work, spot, size + 1)
    more = mentions[size:]
    shown = case_rows(brand, mentions[:size])
    last = mentions[size - 1] if more else None
    return Listing(shown, Spot(last.is_addressed, Place.of(last)) if last else None)


def _page(brand: Brand, period: Period, narrow: Narrow, work: Work, spot: Spot, size: int) -> list[Mention]:
    found: list[Mention] = []
    for addressed in (True, False) if spot.addressed else (False,):
        if narrow.addressed is not None and narrow.addressed != addressed:
            continue
        place = spot.place if addressed == spot.addressed else None
        part = narrow.but(addressed=addressed)
        found += _part(brand, period, part, work, place, size - len(found))
        if len(found) >= size:
            break
    return found


def _part(brand: Brand, period: Period, narrow: Narrow, work: Work, place: Place | None, size: int) -> list[Mention]:
    mentions = wanted(brand, period, narrow)
    if work.status != NEW or work.assignee:
        return lists.page(_with_case(mentions, work), None, place, size)
    handled = Case.objects.exclude(status=NEW)
    open_ = mentions.filter(~Exists(handled.filter(mention=OuterRef("pk"))))
    if not (narrow.network or narrow.language or narrow.sentiment):
        return lists.page(open_, None, place, size)  # the index of complaints is in this very order
    # So many of the newest may be handled already: look as many further back.
    spare = handled.filter(mention__in=mentions.order_by()).count()
    hours, _ = lists.hours_of_page(brand, period, narrow, place, size + spare)
    return lists.page(open_, hours, place, size, spare)


def _with_case(mentions: MentionQuerySet, work: Work) -> MentionQuerySet:
    condition = Q(case__status=work.status)
    return mentions.filter(condition & Q(case__assignee=work.assignee) if work.assignee else condition)


def case_rows(brand: Brand, mentions: Sequence[Mention]) -> list[CaseRow]:
    cases = Case.objects.filter(mention__in=mentions).select_related("assignee").prefetch_related("notes__author")
    by_mention = {case.mention_id: case for case in cases}
    return [CaseRow(row, by_mention.get(row.mention.pk)) for row in lists.rows(brand, mentions)]


def row(brand: Brand, pk: int) -> CaseRow:
    """One complaint. Raises Mention.DoesNotExist."""
    mention = Mention.objects.filter(brand=brand, hidden="").select_related("author").defer(*lists.DEFERRED).get(pk=pk)
    return case_rows(brand, [mention])[0]


def workers(brand: Brand) -> list[User]:
    """Who can be given a complaint: the brand's admins and marketers."""
    working = Q(memberships__brand=brand, memberships__role__in=[Membership.Role.ADMIN, Membership.Role.MARKETER])
    users = User.objects.filter(working | Q(is_superuser=True), is_active=True)
    return list(users.distinct().order_by("name", "email"))


def latest(brand: Brand, period: Period, narrow: Narrow, size: int) -> Iterable[Row]:
    """The first few open complaints, for the overview."""
    return lists.rows(brand, _page(brand, period, narrow.but(complaint=True), Work(), Spot(True, None), size))
