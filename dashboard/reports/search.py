"""Search: the list with a text in the query language.

Postgres gets a coarse condition that may find too much and never too little; the matcher judges. A rare text is
fetched through the text index at once; a frequent one is read from the newest mention back, batch by batch, until the
page is full or the budget is spent, and then the page says how far it looked and offers to go on.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import and_, or_
from time import monotonic

from django.db import connection
from django.db.models import Q

from dashboard.reports import mentions as lists
from dashboard.reports.judging import Spans, judged
from dashboard.reports.mentions import PAGE, Listing, Place, Row
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import Period
from listening.models import Brand, Mention
from listening.models.mention import MentionQuerySet
from listening.query import Query, parse
from listening.query.coarse import postgres
from listening.query.coarse.tree import Coarser, Every, Everything, Has, Nothing, Some

RARE = 2000  # rows: fewer are fetched through the text index and sorted
FIRST_BATCH, LARGEST_BATCH = 100, 1600
MOST_ROWS = 20_000
MOST_SECONDS = 0.4

Found = tuple[Mention, Spans]


def listing(brand: Brand, period: Period, narrow: Narrow, after: Place | None = None, size: int = PAGE) -> Listing:
    """One page of a list, with or without a text. Raises QueryError for a text that is no query."""
    if not narrow.text:
        return lists.listing(brand, period, narrow, after, size)
    query = parse(narrow.text)
    candidates = _candidates(lists.wanted(brand, period, narrow), query)
    found: list[Found] = []
    stopped_at: Place | None = None
    for batch in _batches(candidates, after):
        found += judged(query, batch)
        if len(found) > size:
            break
        if isinstance(batch, _Last):
            stopped_at = Place.of(batch[-1])
            break
    return _listing(brand, found, size, stopped_at)


def _listing(brand: Brand, found: list[Found], size: int, stopped_at: Place | None) -> Listing:
    shown = found[:size]
    following = Place.of(shown[-1][0]) if len(found) > size else stopped_at
    return Listing(
        rows=lists.rows(brand, [mention for mention, _ in shown], {mention.pk: spans for mention, spans in shown}),
        next=following,
        total=None,
        looked_back_to=stopped_at.published_at if stopped_at and len(found) <= size else None,
    )


def among(brand: Brand, period: Period, narrow: Narrow, ids: Iterable[int]) -> list[Row]:
    """Which of these mentions belong to a list, as rows, the newest first."""
    mentions = list(_ready(lists.wanted(brand, period, narrow).filter(pk__in=list(ids))))
    if not narrow.text:
        return lists.rows(brand, mentions)
    found = list(judged(parse(narrow.text), mentions))
    return lists.rows(brand, [mention for mention, _ in found], {mention.pk: spans for mention, spans in found})


def found(mentions: MentionQuerySet, text: str, size: int, most: int) -> tuple[list[Mention], Place | None]:
    """The newest `size` that a text finds, for exports; and where it ended before that and before it was through,
    because it looks at no more than about `most`."""
    query = parse(text)
    candidates, after, read, hits = _candidates(mentions, query), None, 0, list[Mention]()
    while read < most:
        batch = list(_ready(candidates.filter(after.following) if after else candidates)[:LARGEST_BATCH])
        hits += [mention for mention, _ in judged(query, batch)]
        if len(batch) < LARGEST_BATCH or len(hits) >= size:
            return hits[:size], None
        after, read = Place.of(batch[-1]), read + len(batch)
    return hits, after


class _Last(list[Mention]):
    """A batch after which the budget is spent although there is more."""


def _batches(candidates: MentionQuerySet, after: Place | None) -> Iterator[Sequence[Mention]]:
    """Candidates from the newest back, in growing batches within the budget of rows and seconds."""
    begun, read, size = monotonic(), 0, FIRST_BATCH
    while True:
        batch = list(_ready(candidates.filter(after.following) if after else candidates)[:size])
        read += len(batch)
        if len(batch) < size:
            yield batch
            return
        after = Place.of(batch[-1])
        if read >= MOST_ROWS or monotonic() - begun > MOST_SECONDS:
            yield _Last(batch)
            return
        yield batch
        size = min(size * 2, LARGEST_BATCH)


def _ready(mentions: MentionQuerySet) -> MentionQuerySet:
    return mentions.select_related("author").defer("raw", "folded").order_by("-published_at", "-pk")


def _candidates(mentions: MentionQuerySet, query: Query) -> MentionQuerySet:
    condition = coarse(query)
    if condition is None:
        return mentions
    narrowed = mentions.filter(condition)
    if _estimate(condition) > RARE:
        return narrowed
    # Few enough for the text index: left to itself, the planner may walk the whole brand for the sake of the order.
    return mentions.filter(pk__in=list(narrowed.order_by().values_list("pk", flat=True)[: RARE * 5]))


def coarse(query: Query) -> Q | None:
    """A condition on the folded text that every match fulfils; None where no text is ruled out."""
    tree = postgres.coarse(query)
    return None if isinstance(tree, Everything) else _condition(tree)


def _condition(tree: Coarser) -> Q:
    match tree:
        case Has(text):
            return Q(folded__contains=text)
        case Every(parts):
            return reduce(and_, map(_condition, parts))
        case Some(parts):
            return reduce(or_, map(_condition, parts))
        case Nothing():
            return Q(pk__in=[])
        case Everything():
            return Q()


def _estimate(condition: Q) -> int:
    """How many rows the planner expects."""
    sql, params = Mention.objects.filter(condition).order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        (plan,) = cursor.fetchone()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return int(plan[0]["Plan"]["Plan Rows"])
