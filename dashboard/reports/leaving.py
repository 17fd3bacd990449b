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
from listening.retention import KEPT
from listening.veil import veiled

MOST = 10_000
LOOKED_AT = 100_000
WITHOUT_TEXT = {"x", *(network for network, kept in KEPT.items() if kept.text)}
"""X: 500 posts a day and person (docs.x.com/developer-terms/policy); Reddit and YouTube: listening.retention."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """The newest posts of a list, as far as they may leave. `left_out` stay here; `more`: the list holds older ones;
    `looked_back_to` where a search ended before it was through."""

    mentions: list[Mention]
    left_out: int
    more: bool
    looked_back_to: datetime | None = None

    @property
    def without_text(self) -> int:
        return sum(one.network in WITHOUT_TEXT for one in self.mentions)


def stays() -> Q:
    """Mentions that stay, by their authors' word or for want of one."""
    kinds = [load(kind) for kind in CATALOGUE if load(kind).declares]
    here = Q(source__kind__in=[one.kind for one in kinds])
    left = Q(source=None, network__in=[one.network for one in kinds])  # their source was removed
    unknown = Q(author__isnull=False, author__bulk_ok=None) & (here | left)
    return Q(public_ok=False) | Q(author__bulk_ok=False) | unknown


def leaving(brand: Brand, period: Period, narrow: Narrow) -> Leaving:
    """Raises QueryError for a text that is no query."""
    flag = Case(When(stays(), then=Value(True)), default=Value(False), output_field=BooleanField())
    found = wanted(brand, period, narrow).annotate(stays=flag)
    stopped_at = None
    if narrow.text:
        read, stopped_at = search.found(found, narrow.text, MOST + 1, LOOKED_AT)
    else:
        read = list(found.select_related("author").defer(*DEFERRED).order_by(*NEWEST)[: MOST + 1])
    may = [one for one in read[:MOST] if not getattr(one, "stays")]  # noqa: B009 - an annotation
    back_to = stopped_at.published_at if stopped_at else None
    return Leaving(may, len(read[:MOST]) - len(may), len(read) > MOST, back_to)


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
