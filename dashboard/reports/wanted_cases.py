"""Wanted cases: a tab of the inbox and what narrows it, as conditions that indexes answer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.lookups import Contains, Exact

from dashboard.reports.spot import Order
from listening.models import Brand, Case, Mention
from listening.models.case import OPEN
from listening.query import fold

MINE, UNASSIGNED, OPEN_TAB = "mine", "unassigned", "open"
Status = Case.Status
STATUSES: Mapping[str, tuple[str, ...]] = {
    MINE: OPEN,
    UNASSIGNED: OPEN,
    OPEN_TAB: OPEN,
    "snoozed": (Status.SNOOZED,),
    "waiting": (Status.WAITING,),
    "done": (Status.DONE,),
    "ignored": (Status.IGNORED,),
}
LABELS = {MINE: "Mine", UNASSIGNED: "Unassigned", OPEN_TAB: "Open"} | {
    status: str(Status(status).label) for status in ("snoozed", "waiting", "done", "ignored")
}
PRESSING: Order = ("-priority", "created_at", "pk")
ORDERS: Mapping[str, Order] = {
    "snoozed": ("snoozed_until", "pk"),
    "done": ("-closed_at", "-pk"),
    "ignored": ("-closed_at", "-pk"),
}
NOBODY = "nobody"
MOST_LOOKED_UP = 200
MOST_WORDS = 8
INDEXED = 4  # signs of a word from which the index of words is worth asking


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases: a tab for the person `me`, and what narrows it. `assignee` is an id as text, or "nobody"."""

    me: int
    tab: str = OPEN_TAB
    kind: str = ""
    network: str = ""
    tag: str = ""
    assignee: str = ""
    text: str = ""
    among: tuple[int, ...] | None = None
    """The mentions that hold the words, where they are few (`looked_up`)."""

    @property
    def params(self) -> dict[str, str]:
        """For addresses; the tab is one of them."""
        told = {"kind": self.kind, "network": self.network, "tag": self.tag, "assignee": self.assignee, "q": self.text}
        return {"tab": self.tab} | {name: value for name, value in told.items() if value}

    @property
    def narrowed(self) -> bool:
        return self != Wanted(self.me, self.tab)

    @property
    def order(self) -> Order:
        return ORDERS.get(self.tab, PRESSING)

    @property
    def condition(self) -> Q:
        """All but the tab."""
        found = Q(kind=self.kind) if self.kind else Q()
        found &= Q(Exact(_of_mention("network"), self.network)) if self.network else Q()
        found &= Q(tags__contains=[self.tag]) if self.tag else Q()
        found &= _assigned(self.assignee) if self.assignee else Q()
        if self.among is not None:
            return found & Q(mention__in=self.among)
        for word in self.words:
            found &= Q(Contains(_of_mention("folded", hidden=""), word))
        return found

    @property
    def words(self) -> list[str]:
        return fold(self.text).split()[:MOST_WORDS]

    @property
    def reads_mentions(self) -> bool:
        """Whether each case costs a look at its mention."""
        return bool(self.network or (self.text and self.among is None))


def looked_up(brand: Brand, wanted: Wanted) -> Wanted:
    """With the mentions that hold the words, where these are so rare that the index of words gives all of them."""
    if not any(len(word) >= INDEXED for word in wanted.words):
        return wanted
    holds = reduce(and_, (Q(Contains(F("folded"), word)) for word in wanted.words))
    found = Mention.objects.filter(holds, brand=brand, hidden="").order_by().values_list("pk", flat=True)
    few = tuple(found[: MOST_LOOKED_UP + 1])
    return wanted if len(few) > MOST_LOOKED_UP else replace(wanted, among=few)


def _of_mention(column: str, **condition: str) -> Subquery:
    """A column of a case's mention, case by case: a join would let Postgres walk all mentions of the brand instead."""
    return Subquery(Mention.objects.filter(pk=OuterRef("mention_id"), **condition).order_by().values(column)[:1])


def _assigned(assignee: str) -> Q:
    return Q(assignee=None) if assignee == NOBODY else Q(assignee=int(assignee))
