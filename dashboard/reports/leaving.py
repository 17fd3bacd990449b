"""Leaving: which posts may leave Earshot in a file or a letter, and with how much of them.

Posts stay here whose authors asked that nobody sees them without signing in, or that they go into no bulk data set,
and those of people who could not be asked yet. Where a network's terms limit how long or how often its texts may be
copied, only the fact of a post leaves: nobody deletes what lies in a file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, Case, Q, Value, When

from dashboard.reports import search
from dashboard.reports.mentions import DEFERRED, NEWEST, wanted, who
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import Period
from ingest.sources import CATALOGUE, load
from listening.models import Brand, Mention
from listening.models.mention import MentionQuerySet
from listening.retention import KEPT
from listening.veil import veiled

MOST = 10_000
LOOKED_AT = 100_000
WITHOUT_TEXT = {"x", *(network for network, kept in KEPT.items() if kept.text)}
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
    """Mentions that stay, by their authors' word or for want of one."""
    kinds = [load(kind) for kind in CATALOGUE if load(kind).declares]
    here = Q(source__kind__in=[one.kind for one in kinds])
    left = Q(source=None, network__in=[one.network for one in kinds])  # their source was removed
    unknown = Q(author__isnull=False, author__bulk_ok=None) & (here | left)
    return Q(public_ok=False) | Q(author__bulk_ok=False) | unknown


def leaving(brand: Brand, period: Period, narrow: Narrow) -> Leaving:
    """Raises QueryError for a text that is no query."""
    read = _newest(brand, period, narrow)[0][:MOST]
    may = [one for one in read if not _stays(one)]
    return Leaving(may, len(read) - len(may))


def counted(brand: Brand, period: Period, narrow: Narrow) -> Counted:
    """The same, counted. Without words that are looked for the database counts and no post is read. Raises QueryError
    for a text that is no query."""
    back_to = None
    if narrow.text:
        read, back_to = _newest(brand, period, narrow)
        told = [(_stays(one), one.network in WITHOUT_TEXT) for one in read]
    else:
        bare = Case(When(network__in=WITHOUT_TEXT, then=Value(True)), default=Value(False))
        told = list(_flagged(brand, period, narrow).order_by(*NEWEST).values_list("stays", bare)[: MOST + 1])
    posts = [bare for stays, bare in told[:MOST] if not stays]
    return Counted(len(posts), sum(posts), min(len(told), MOST) - len(posts), len(told) > MOST, back_to)


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
