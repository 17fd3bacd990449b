"""Cases: the inbox, one tab at a time in the order of its work, page by page without counting rows.

What came back from a snooze stands on top, then what is overdue, then the highest priority, and among those the oldest.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Q

from dashboard.reports import mentions as lists
from dashboard.reports.judgement import Judgement, judgement
from dashboard.reports.mentions import Row
from dashboard.reports.spot import Order, Spot, beyond, key, turned
from dashboard.reports.wanted_cases import LABELS, MINE, MOST_LOOKED_UP, STATUSES, UNASSIGNED, Wanted
from listening.line import Decision
from listening.models import Brand, Case, Note
from listening.models.case import CLOSED, OPEN, CaseQuerySet

PAGE, LARGE_PAGE = 25, 100
MOST_COUNTED = 10_000
UNREAD = tuple(f"mention__{name}" for name in lists.DEFERRED)
"""What no page of cases shows of their mentions."""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case as a row of the inbox shows it. `row` holds no text where the network hides the post, and no verdict."""

    case: Case
    row: Row
    overdue: bool
    notes: int


@dataclass(frozen=True, slots=True)
class CaseHead:
    """One case as its page shows it, with what the line says and what makes it pressing. `row` as above."""

    case: Case
    row: Row
    judgement: Judgement
    overdue: bool


@dataclass(frozen=True, slots=True)
class Listing:
    lines: list[CaseLine]
    next: Spot | None


@dataclass(frozen=True, slots=True)
class Tab:
    """`more`: there are more than `count`, which is as far as anybody counts."""

    name: str
    label: str
    count: int
    more: bool


def counts(brand: Brand, wanted: Wanted) -> list[Tab]:
    """How many cases fit in each tab."""
    most = MOST_LOOKED_UP if wanted.reads_mentions else MOST_COUNTED
    found = {name: of_tab(brand, replace(wanted, tab=name))[: most + 1].count() for name in STATUSES}
    return [Tab(name, LABELS[name], min(n, most), n > most) for name, n in found.items()]


def of_tab(brand: Brand, wanted: Wanted) -> CaseQuerySet:
    """The cases of a tab, in no order."""
    cases = Case.objects.filter(wanted.condition, brand=brand, status__in=STATUSES[wanted.tab]).order_by()
    if wanted.tab in CLOSED:
        return cases.filter(closed_at__isnull=False)  # as all have; it is what the index of closed cases holds
    if wanted.tab == MINE:
        return cases.filter(assignee=wanted.me)
    return cases.filter(assignee=None) if wanted.tab == UNASSIGNED else cases


def parts(wanted: Wanted, now: datetime) -> list[Q]:
    """What stands above what, in a tab."""
    if STATUSES[wanted.tab] != OPEN:
        return [Q()]
    overdue = Q(due_at__lt=now, replied_at=None)
    return [Q(woke_at__isnull=False), Q(woke_at=None) & overdue, Q(woke_at=None) & ~overdue]


def listing(brand: Brand, wanted: Wanted, after: Spot | None, now: datetime, size: int = PAGE) -> Listing:
    """One page after a place."""
    found = walk(brand, wanted, after, now, size + 1)
    last = spot_of(found[size - 1], wanted, now) if len(found) > size else None
    return Listing(lines(found[:size], now), last)


def walk(
    brand: Brand, wanted: Wanted, after: Spot | None, now: datetime, size: int, back: bool = False, bare: bool = False
) -> list[Case]:
    """The next cases after a place; with `back` those before it, the nearest first. `bare`: only which they are."""
    found: list[Case] = []
    order = turned(wanted.order) if back else wanted.order
    numbered = list(enumerate(parts(wanted, now)))
    for number, part in reversed(numbered) if back else numbered:
        if after and (number > after.part if back else number < after.part):
            continue
        begin = beyond(order, after.values) if after and after.part == number else Q()
        found += _part(of_tab(brand, wanted).filter(part & begin), wanted, order, size - len(found), bare)
        if len(found) >= size:
            break
    return found


def _part(cases: CaseQuerySet, wanted: Wanted, order: Order, size: int, bare: bool) -> list[Case]:
    """Status by status, each in the order of the index."""
    named = {name.removeprefix("-") for name in order}
    whole = cases.only(*named) if bare else cases.select_related("assignee", "mention__author").defer(*UNREAD)
    found = [case for status in STATUSES[wanted.tab] for case in whole.filter(status=status).order_by(*order)[:size]]
    return sorted(found, key=lambda case: key(order, case))[:size]


def spot_of(case: Case, wanted: Wanted, now: datetime) -> Spot | None:
    """Where a case stands in a tab; None where it has no place in such an order."""
    part = 0 if STATUSES[wanted.tab] != OPEN or case.woke_at else 1 if case.overdue(now) else 2
    return Spot.of(part, wanted.order, case)


def lines(cases: Sequence[Case], now: datetime) -> list[CaseLine]:
    notes = dict(Note.objects.filter(case__in=cases).order_by().values_list("case").annotate(n=Count("pk")))
    return [
        CaseLine(one, shown(lists.brief(one.mention, one.pk)), one.overdue(now), notes.get(one.pk, 0)) for one in cases
    ]


def head(brand: Brand, case: Case, now: datetime, verdict: Decision) -> CaseHead:
    """`verdict` is what the line says of an answer."""
    [row] = lists.rows(brand, [case.mention], line={case.mention_id: verdict})
    return CaseHead(case, shown(row), judgement(case.mention, case.status, now), case.overdue(now))


def shown(row: Row) -> Row:
    """Without words and reasons where the network hides the post."""
    return replace(row, text=[], reasons=[], matched=[]) if row.mention.hidden else row


def neighbours(brand: Brand, wanted: Wanted, case: Case, now: datetime) -> tuple[Case | None, Case | None]:
    """The cases before and after one in a tab, wherever the tab would have it."""
    spot = spot_of(case, wanted, now)
    if spot is None:
        return None, next(iter(walk(brand, wanted, None, now, 1, bare=True)), None)
    before, after = (walk(brand, wanted, spot, now, 1, back=back, bare=True) for back in (True, False))
    return next(iter(before), None), next(iter(after), None)


def tags(lines: Iterable[CaseLine]) -> list[str]:
    """Those of the shown cases, to choose from."""
    return sorted({tag for line in lines for tag in line.case.tags}, key=str.casefold)
