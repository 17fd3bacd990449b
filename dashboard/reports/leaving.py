"""Leaving: which posts may leave Earshot in a file, and with how much of them.

Posts stay here whose authors asked that nobody sees them without signing in, or that they go into no bulk data set,
and those of people who could not be asked yet. Where a network's terms limit how long or how often its texts may be
copied, only the fact of a post leaves: nobody deletes what lies in a file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, Case, Count, F, OuterRef, Q, Subquery, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber
from django.db.models.lookups import Exact

from dashboard.reports import search
from dashboard.reports.mentions import DEFERRED, NEWEST, wanted, who
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import Period
from ingest.sources import CATALOGUE, load
from listening.models import Author, Brand, Mention, Source
from listening.models.mention import MentionQuerySet
from listening.retention import FOR_A_TIME
from listening.veil import veiled

MOST = 10_000
LOOKED_AT = 100_000
WITHOUT_TEXT = {"x", *FOR_A_TIME}
"""X: 500 posts a day and person (docs.x.com/developer-terms/policy); Reddit and YouTube: listening.retention."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """The newest posts of a list, as far as they may leave. `left_out` stay here."""

    mentions: list[Mention]
    left_out: int


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of the newest posts of a list leave, and how many of these without text; `left_out` stay here; `more`:
    the list holds older ones; `looked_back_to` where a search ended before it was through."""

    posts: int
    without_text: int
    left_out: int
    more: bool
    looked_back_to: datetime | None = None


def stays() -> Q:
    """Mentions that stay, by their authors' word or for want of one. Only who may have given it is looked up."""
    kinds = [load(kind) for kind in CATALOGUE if load(kind).declares]
    theirs = Source.objects.filter(kind__in=[one.kind for one in kinds])
    asks = Q(source__in=theirs) | Q(source=None)  # none: their source was removed
    unasked = When(asks & Q(author__isnull=False), then=Value(False))
    word = Subquery(Author.objects.filter(pk=OuterRef("author")).values("bulk_ok"))
    may = Coalesce(word, Case(unasked, default=Value(True)))
    return Q(public_ok=False) | Q(network__in=[one.network for one in kinds]) & Q(Exact(may, False))


def leaving(brand: Brand, period: Period, narrow: Narrow) -> Leaving:
    """Raises QueryError for a text that is no query."""
    read = _newest(brand, period, narrow)[0][:MOST]
    may = [one for one in read if not _stays(one)]
    return Leaving(may, len(read) - len(may))


def counted(brand: Brand, period: Period, narrow: Narrow) -> Counted:
    """The same, counted. Without words that are looked for the database counts and no post is read. Raises QueryError
    for a text that is no query."""
    if not narrow.text:
        return _counted_there(_flagged(brand, period, narrow))
    read, back_to = _newest(brand, period, narrow)
    posts = [one for one in read[:MOST] if not _stays(one)]
    bare = sum(one.network in WITHOUT_TEXT for one in posts)
    return Counted(len(posts), bare, len(read[:MOST]) - len(posts), len(read) > MOST, back_to)


def _counted_there(flagged: MentionQuerySet) -> Counted:
    place = Window(RowNumber(), order_by=[F("published_at").desc(), F("pk").desc()])
    leave = Q(place__lte=MOST, stays=False)
    told = (
        flagged.annotate(place=place)
        .order_by(*NEWEST)[: MOST + 1]
        .aggregate(
            read=Count("pk"),
            posts=Count("pk", filter=leave),
            bare=Count("pk", filter=leave & Q(network__in=WITHOUT_TEXT)),
        )
    )
    left_out = min(told["read"], MOST) - told["posts"]
    return Counted(told["posts"], told["bare"], left_out, more=told["read"] > MOST)


def _flagged(brand: Brand, period: Period, narrow: Narrow) -> MentionQuerySet:
    flag = Case(When(stays(), then=Value(True)), default=Value(False), output_field=BooleanField())
    return wanted(brand, period, narrow).annotate(stays=flag)


def _newest(brand: Brand, period: Period, narrow: Narrow) -> tuple[list[Mention], datetime | None]:
    """One more than may be in a file; and how far back a search came that ended before that and before it was
    through."""
    found = _flagged(brand, period, narrow)
    if narrow.text:
        read, place = search.found(found, narrow.text, MOST + 1, LOOKED_AT)
        return read, place.published_at if place else None
    return list(found.select_related("author").defer(*DEFERRED).order_by(*NEWEST)[: MOST + 1]), None


def _stays(one: Mention) -> bool:
    return bool(getattr(one, "stays"))  # noqa: B009 - an annotation


COLUMNS = (
    "published", "network", "who", "title", "text", "language", "sentiment", "complaint", "about", "addressed",
    "mention",
)  # fmt: skip


def table(found: Leaving) -> Iterator[tuple[object, ...]]:
    """Rows under COLUMNS. Nobody is named, and addresses at networks, which name people, stay here; `mention` is the
    number of the mention in Earshot."""
    for one in found.mentions:
        told = one.network not in WITHOUT_TEXT
        title, text = (veiled(part, one.author) if told else "" for part in (one.title, one.text))
        yield (
            one.published_at.isoformat(), one.network, who(one), title, text, one.language, one.mood,
            "yes" if one.is_complaint else "no", one.complaint_kind, one.addressed, one.pk,
        )  # fmt: skip
