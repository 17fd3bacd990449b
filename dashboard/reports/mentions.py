"""Mentions: the list behind every figure, newest first, page by page without counting rows.

The tally knows in which hours there are mentions of the wanted kind, so a page reads those hours only: the list of a
rare kind among a hundred million mentions costs as much as that of a common one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import reduce
from operator import or_
from typing import Self

from django.db.models import Q
from django.utils import timezone

from dashboard.reports import headlines
from dashboard.reports.cells import sums
from dashboard.reports.groups import Folded, Once, once
from dashboard.reports.headlines import Headline
from dashboard.reports.marking import Matched, Piece, Reason, marked, reasons, why_matched
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import DAY, HOUR, Period, day_start
from listening.asking import verdicts
from listening.line import Decision
from listening.models import Brand, Case, Line, Mention, Query
from listening.models.mention import MentionQuerySet
from listening.veil import veiled

PAGE = 30
MOST_SPANS = 60  # more stretches than that are read as one, and so are those that
NEAR = 7 * DAY  # lie within a week: one walk along the index is quicker than many that end in the table
NEWEST = ("-published_at", "-pk")
DEFERRED = ("raw", "folded", "links")
Hours = Sequence[tuple[datetime, int]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: the next one begins with the mention that follows it."""

    published_at: datetime
    pk: int

    def __str__(self) -> str:
        return f"{self.published_at.astimezone(UTC):%Y%m%dT%H%M%S.%f}-{self.pk}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """From an address; None when it is not one of ours."""
        moment, _, pk = text.partition("-")
        try:
            return cls(datetime.strptime(moment, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), int(pk[:18]))
        except ValueError:
            return None

    @classmethod
    def of(cls, mention: Mention) -> Self:
        return cls(mention.published_at, mention.pk)

    @property
    def following(self) -> Q:
        return Q(published_at__lte=self.published_at) & ~Q(published_at=self.published_at, pk__gte=self.pk)


@dataclass(frozen=True, slots=True)
class Row:
    """One mention as a page shows it. `who` is a pseudonym, and `title` and `text` don't tell it either; `verdict` is
    what the brand's line says of an answer; `same` is how many more of the list say the same; `case` the id of its
    case, where somebody opened one."""

    mention: Mention
    who: str
    title: str
    text: list[Piece]
    matched: list[Matched]
    reasons: list[Reason]
    headline: Headline | None = None
    verdict: Decision | None = None
    same: int = 0
    case: int | None = None

    @property
    def plain(self) -> str:
        """The text without marks."""
        return "".join(piece.text for piece in self.text)


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of rows. `total` is None where only looking at every mention could tell.

    `next` is where the next page begins; `looked_back_to` is set where a search ran out of its budget before the page
    was full: everything after that moment was searched.
    """

    rows: list[Row]
    next: Place | None
    total: int | None
    looked_back_to: datetime | None = None


def wanted(brand: Brand, period: Period, narrow: Narrow) -> MentionQuerySet:
    """The mentions that a figure counts, and with `narrow.own` the brand's own posts; `narrow.text` is not in it."""
    mentions = Mention.objects.filter(brand=brand, hidden="").filter(narrow.of_mentions)
    mentions = mentions.filter(published_at__gte=period.start, published_at__lt=period.end)
    if narrow.theme:
        mentions = mentions.filter(themed__isnull=False, themed__theme=narrow.theme_id)
    return mentions if narrow.own else mentions.filter(own=False)


def listing(brand: Brand, period: Period, narrow: Narrow, after: Place | None = None, size: int = PAGE) -> Listing:
    """One page of a list without a text search (`search.listing` does those)."""
    matching = wanted(brand, period, narrow)
    total = None if narrow.own else matching.count() if not narrow.countable else None

    def fetch(last: Mention | None, folded: Folded, n: int) -> list[Mention]:
        nonlocal total
        place, hours = Place.of(last) if last else after, None
        if narrow.countable:
            hours, total = hours_of_page(brand, period, narrow, place, n + folded.spare)
        return page(without(matching, folded), hours, place, n, folded.spare)

    if narrow.group is not None:
        mentions = fetch(None, Folded(), size + 1)
        return Listing(rows(brand, mentions[:size]), Place.of(mentions[size - 1]) if mentions[size:] else None, total)
    found = once(fetch, matching, NEWEST, size + 1)
    shown = found.mentions[:size]
    return Listing(
        rows=rows(brand, shown, folded=found.folded),
        next=_next(found, shown),
        total=total,
    )


def _next(found: Once, shown: Sequence[Mention]) -> Place | None:
    """After the last row; where only copies were met for long, after the last one that was looked at."""
    if len(found.mentions) > len(shown):
        return Place.of(shown[-1])
    return Place.of(found.last) if found.last and not found.end else None


def without(mentions: MentionQuerySet, folded: Folded) -> MentionQuerySet:
    """Without the members of groups that are known already."""
    return mentions.exclude(group_key__in=folded.keys) if folded.keys else mentions


def hours_of_page(brand: Brand, period: Period, narrow: Narrow, after: Place | None, size: int) -> tuple[Hours, int]:
    """The hours, latest first, that hold the next `size` mentions for certain, and how many the period holds.

    Days are summed first, and only the hours of those that the page needs.
    """
    by_day = brand.time_zone == period.zone.key and period.whole_days and not period.hourly
    if not by_day:
        hours = by_hour(brand, period, narrow)
        return hours, sum(n for _, n in hours)
    days = sorted(sums([brand], period, narrow, "day"), reverse=True)
    return by_hour(brand, _days_of_page(days, period, after, size), narrow), sum(n for _, n in days)


def _days_of_page(days: Sequence[tuple[date, int]], period: Period, after: Place | None, size: int) -> Period:
    """The part of the period that the page lies in; of the day of `after` some are on earlier pages."""
    last = after.published_at.astimezone(period.zone).date() if after else period.last_day
    first = last
    for day, n in days:
        if day > last:
            continue
        first = day
        size -= n if day < last or not after else 0
        if size <= 0:
            break
    # In zones with half-hour offsets the first hour of a day belongs to the day before: one day more on either side.
    start = max(period.start, day_start(first - DAY, period.zone))
    end = min(period.end, day_start(last + 2 * DAY, period.zone))
    return replace(period, start=start, end=max(start, end), days=None)


def by_hour(brand: Brand, period: Period, narrow: Narrow) -> Hours:
    """(hour, number of mentions), the latest first, hours without any left out."""
    return sorted(((hour, n) for hour, n in sums([brand], period, narrow, "hour")), reverse=True)


def page(
    mentions: MentionQuerySet, hours: Hours | None, after: Place | None, size: int, spare: int = 0
) -> list[Mention]:
    """The first `size` of these mentions after a place; `hours` says where to look, None for everywhere.

    `spare` is how many of those that `hours` counts may be missing from `mentions`.
    """
    if after:
        mentions = mentions.filter(after.following)
    if hours is not None:
        spans = list(windows(hours, after.published_at if after else None, size + spare))
        if not spans:
            return []
        if len(spans) > MOST_SPANS or spans[0][1] - spans[-1][0] <= NEAR:
            spans = [(spans[-1][0], spans[0][1])]
        mentions = mentions.filter(reduce(or_, (_between(start, end) for start, end in spans)))
    # Which ones is answered by the index alone; only those of the page are then read as a whole.
    pks = list(mentions.order_by("-published_at", "-pk").values_list("pk", flat=True)[:size])
    whole = Mention.objects.filter(pk__in=pks).select_related("author").defer(*DEFERRED)
    return list(whole.order_by("-published_at", "-pk"))


def _between(start: datetime, end: datetime) -> Q:
    return Q(published_at__gte=start, published_at__lt=end)


def windows(hours: Hours, before: datetime | None, size: int) -> Iterator[tuple[datetime, datetime]]:
    """The latest stretches that hold `size` mentions for certain; of the hour of `before` some are on earlier pages."""
    open_: tuple[datetime, datetime] | None = None
    for hour, n in hours:
        if before and hour > before:
            continue
        if open_ and open_[0] - hour == HOUR:
            open_ = (hour, open_[1])
        else:
            if open_:
                yield open_
            open_ = (hour, hour + HOUR)
        size -= 0 if before and before - hour < HOUR else n
        if size <= 0:
            break
    if open_:
        yield open_


def rows(
    brand: Brand,
    mentions: Iterable[Mention],
    found: dict[int, list[tuple[int, int]]] | None = None,
    folded: Folded | None = None,
    line: Mapping[int, Decision] | None = None,
) -> list[Row]:
    """Mentions as pages show them; `found` are the spans of a search by mention, `folded` the groups of the list, and
    `line` what the line says of each, where it was asked already."""
    names = {str(pk): name for pk, name in Query.objects.filter(brand=brand).values_list("pk", "name")}
    mentions = list(mentions)
    same = headlines.shared(brand, mentions)
    made = (row(mention, names, (found or {}).get(mention.pk, [])) for mention in mentions)
    folded = folded or Folded()
    line = line or verdicts(brand, Line.objects.of(brand).read(), mentions, timezone.now())
    cases = dict(Case.objects.filter(mention__in=mentions).values_list("mention_id", "pk"))
    return [
        replace(
            one,
            headline=same.get(one.mention.title),
            verdict=line[one.mention.pk],
            same=folded.more(one.mention),
            case=cases.get(one.mention.pk),
        )
        for one in made
    ]


def row(mention: Mention, names: dict[str, str], searched: Sequence[tuple[int, int]] = ()) -> Row:
    title = veiled(mention.title, mention.author)
    return Row(mention, who(mention), title, marked(mention, searched), why_matched(mention, names), reasons(mention))


def brief(mention: Mention, case: int | None = None) -> Row:
    """For lists that show what was said and by whom, and nothing else: asks neither the line nor the queries."""
    title = veiled(mention.title, mention.author)
    return Row(mention, who(mention), title, marked(mention), matched=[], reasons=[], case=case)


def who(mention: Mention) -> str:
    """Nobody has a name here, whomever they spoke to: dashboard.revealing shows it to who works on the case."""
    return mention.author.pseudonym if mention.author else "somebody"
