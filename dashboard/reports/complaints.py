"""Complaints: flagged mentions by the state of the work on them, addressed ones first; among them the newest, or those
of the highest priority (`listening.priority`), first. Reposts and near-duplicates stand in one row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from dashboard.reports import mentions as lists
from dashboard.reports.groups import Folded, once
from dashboard.reports.judgement import Judgement, judgement
from dashboard.reports.mentions import Place, Row, wanted
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import Period
from dashboard.reports.volume import totals
from listening.models import Brand, Case, Mention, User
from listening.models.mention import MentionQuerySet

NEW = Case.Status.NEW
PAGE = 20


NEWEST, PRIORITY = "newest", "priority"
ORDERS = {NEWEST: lists.NEWEST, PRIORITY: ("-priority", "published_at", "pk")}


@dataclass(frozen=True, slots=True)
class Work:
    """Which part of the work: a status, and whose; and what comes first."""

    status: str = NEW
    assignee: int | None = None
    order: str = NEWEST


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a page ended: among the addressed or the overheard ones, after which mention (None: at the start), and for
    lists by priority, of which."""

    addressed: bool
    place: Place | None
    priority: int = 0

    def __str__(self) -> str:
        return f"{'a' if self.addressed else 'o'}{self.priority}_{self.place or ''}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        stored, _, place = text[1:].partition("_")
        if text[:1] not in {"a", "o"} or not (stored.isascii() and stored.isdigit()):
            return None
        return cls(text[0] == "a", Place.read(place), int(stored[:4]))

    @classmethod
    def of(cls, mention: Mention) -> Self:
        return cls(mention.is_addressed, Place.of(mention), mention.priority)

    @property
    def following(self) -> Q:
        """What comes after it among those of the same address by priority."""
        if self.place is None:
            return Q()
        at, pk = self.place.published_at, self.place.pk
        later = Q(published_at__gt=at) | Q(published_at=at, pk__gt=pk)
        return Q(priority__lte=self.priority) & (Q(priority__lt=self.priority) | later)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A complaint with its case, None while nobody has touched it, and what makes it pressing."""

    row: Row
    case: Case | None
    judgement: Judgement

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
    by_status[NEW] = _total(brand, period, narrow) - handled
    return [Tab(status, str(label), by_status.get(status, 0)) for status, label in Case.Status.choices]


def _total(brand: Brand, period: Period, narrow: Narrow) -> int:
    if narrow.countable:
        return totals([brand], period, narrow).mentions
    return wanted(brand, period, narrow).order_by().count()


def _touched(brand: Brand, period: Period, narrow: Narrow) -> QuerySet[Case]:
    mentions = wanted(brand, period, narrow).order_by()
    return Case.objects.filter(mention__in=mentions)


def listing(brand: Brand, period: Period, narrow: Narrow, work: Work, after: Spot | None, size: int = PAGE) -> Listing:
    """One page: all addressed complaints, then the overheard ones."""

    def fetch(last: Mention | None, folded: Folded, n: int) -> list[Mention]:
        spot = Spot.of(last) if last else after or Spot(True, None)
        return _page(brand, period, narrow, work, spot, n, folded)

    if narrow.group is not None:
        mentions = fetch(None, Folded(), size + 1)
        return _listing(brand, mentions, size, Folded(), mentions[size - 1] if mentions[size:] else None)
    matching = _worked(wanted(brand, period, narrow), work)
    found = once(fetch, matching, ("-is_addressed", *ORDERS[work.order]), size + 1)
    full = len(found.mentions) > size
    return _listing(
        brand,
        found.mentions,
        size,
        found.folded,
        found.mentions[size - 1] if full else None if found.end else found.last,
    )


def _listing(brand: Brand, mentions: Sequence[Mention], size: int, folded: Folded, last: Mention | None) -> Listing:
    return Listing(case_rows(brand, mentions[:size], folded), Spot.of(last) if last else None)


def _page(
    brand: Brand, period: Period, narrow: Narrow, work: Work, spot: Spot, size: int, folded: Folded
) -> list[Mention]:
    found: list[Mention] = []
    for addressed in (True, False) if spot.addressed else (False,):
        if narrow.addressed is not None and narrow.addressed != addressed:
            continue
        begin = spot if addressed == spot.addressed else Spot(addressed, None)
        part = narrow.but(addressed=addressed)
        found += _part(brand, period, part, work, begin, size - len(found), folded)
        if len(found) >= size:
            break
    return found


def _part(
    brand: Brand, period: Period, narrow: Narrow, work: Work, spot: Spot, size: int, folded: Folded
) -> list[Mention]:
    mentions = wanted(brand, period, narrow)
    listed = lists.without(_worked(mentions, work), folded)
    if work.order == PRIORITY:
        return _by_priority(listed, spot, size)
    in_order = not (narrow.network or narrow.language or narrow.sentiment)  # of the index of complaints
    if in_order or work.status != NEW or work.assignee or not narrow.countable:
        return lists.page(listed, None, spot.place, size)
    # So many of the newest may be handled already: look as many further back.
    spare = _handled().filter(mention__in=mentions.order_by()).count() + folded.spare
    hours, _ = lists.hours_of_page(brand, period, narrow, spot.place, size + spare)
    return lists.page(listed, hours, spot.place, size, spare)


def _by_priority(mentions: MentionQuerySet, spot: Spot, size: int) -> list[Mention]:
    if spot.place:
        mentions = mentions.filter(spot.following)
    order = ORDERS[PRIORITY]
    pks = list(mentions.order_by(*order).values_list("pk", flat=True)[:size])
    whole = Mention.objects.filter(pk__in=pks).select_related("author").defer(*lists.DEFERRED)
    return list(whole.order_by(*order))


def _worked(mentions: MentionQuerySet, work: Work) -> MentionQuerySet:
    """Those in the state that is asked for; what nobody has touched is new."""
    if work.status != NEW or work.assignee:
        return _with_case(mentions, work)
    return mentions.filter(~Exists(_handled().filter(mention=OuterRef("pk"))))


def _handled() -> QuerySet[Case]:
    return Case.objects.exclude(status=NEW)


def _with_case(mentions: MentionQuerySet, work: Work) -> MentionQuerySet:
    condition = Q(case__status=work.status)
    return mentions.filter(condition & Q(case__assignee=work.assignee) if work.assignee else condition)


def case_rows(brand: Brand, mentions: Sequence[Mention], folded: Folded | None = None) -> list[CaseRow]:
    cases = Case.objects.filter(mention__in=mentions).select_related("assignee").prefetch_related("notes__author")
    by_mention = {case.mention_id: case for case in cases}
    now = timezone.now()
    return [_case_row(row, by_mention.get(row.mention.pk), now) for row in lists.rows(brand, mentions, folded=folded)]


def _case_row(row: Row, case: Case | None, now: datetime) -> CaseRow:
    return CaseRow(row, case, judgement(row.mention, case.status if case else NEW, now))


def row(brand: Brand, pk: int) -> CaseRow:
    """One complaint. Raises Mention.DoesNotExist."""
    mention = Mention.objects.filter(brand=brand, hidden="").select_related("author").defer(*lists.DEFERRED).get(pk=pk)
    return case_rows(brand, [mention])[0]


def workers(brand: Brand) -> list[User]:
    """Who can be given a complaint: the brand's admins and marketers."""
    return list(User.objects.working_for(brand.pk).order_by("name", "email"))


def latest(brand: Brand, period: Period, narrow: Narrow, size: int) -> Iterable[Row]:
    """The first few open complaints, for the overview."""
    narrow, spot = narrow.but(complaint=True), Spot(True, None)
    return lists.rows(brand, _page(brand, period, narrow, Work(), spot, size, Folded()))
