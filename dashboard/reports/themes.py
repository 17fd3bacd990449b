"""Themes: what is being talked about, from stored counts, each against the period before.

The shares of the themes, of the ungrouped mentions and of those that were not sorted yet add up to one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from dashboard.reports.cells import sums
from dashboard.reports.coverage import Coverage, coverage
from dashboard.reports.mentions import DEFERRED, Row, rows as mention_rows
from dashboard.reports.narrow import Narrow
from dashboard.reports.overview import why_not
from dashboard.reports.period import HOUR, Period
from dashboard.reports.rate import Trend, trend
from dashboard.reports.volume import Totals, of_cell, totals
from listening.models import Brand, Mention, Theme, ThemeState

EXAMPLES = 3
LOOKED_AT = 12  # newest mentions of a theme among which three different texts are looked for


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """One theme in a period. `share` is of all mentions; `trend` None where the two periods can't be compared.

    `began` is when its first mention was published, of those that were sorted; `networks` (name, mentions).
    """

    theme: Theme
    totals: Totals
    share: float
    trend: Trend | None
    networks: list[tuple[str, int]]
    began: datetime | None
    posts: list[Row]


@dataclass(frozen=True, slots=True)
class Themes:
    """`unsorted` mentions wait for their theme; `why_not` says why there are no trends."""

    lines: list[ThemeLine]
    mentions: int
    ungrouped: Totals
    unsorted: int
    why_not: str

    @property
    def untouched(self) -> bool:
        """Nothing was sorted yet: every count of zero means that nobody looked."""
        return self.unsorted == self.mentions > 0

    @property
    def ungrouped_share(self) -> float | None:
        return self.ungrouped.mentions / self.mentions if self.mentions else None


def themes(brand: Brand, period: Period) -> Themes:
    """All of the brand's themes, the largest first."""
    counted = _counted(brand, period)
    mentions = totals([brand], period).mentions
    shown = list(Theme.objects.filter(brand=brand).shown())
    shown.sort(key=lambda theme: (-counted[theme.pk][0].mentions, theme.pk))
    ids = [theme.pk for theme in shown]
    why_not, trends = _trends(brand, period, ids)
    shown_posts, began = examples(brand, period, ids), _began(ids)
    lines = [
        ThemeLine(
            theme,
            totals_,
            totals_.mentions / mentions if mentions else 0.0,
            trends.get(theme.pk),
            networks.most_common(),
            began.get(theme.pk),
            shown_posts.get(theme.pk, []),
        )
        for theme in shown
        for totals_, networks in [counted[theme.pk]]
    ]
    ungrouped = counted[None][0]
    unsorted = mentions - ungrouped.mentions - sum(line.totals.mentions for line in lines)
    return Themes(lines, mentions, ungrouped, max(0, unsorted), why_not)


def _trends(brand: Brand, period: Period, ids: Sequence[int]) -> tuple[str, dict[int, Trend | None]]:
    """Why there are no trends, or "" and the trend of each theme."""
    previous = period.previous()
    reason = _why_not(brand, coverage(brand, previous))
    if reason or not ids:
        return reason, {}
    now, before = _by_day(brand, period), _by_day(brand, previous)
    hours = _hours(period), _hours(previous)
    return "", {pk: trend(now.get(pk, []), before.get(pk, []), *hours) for pk in ids}


def _why_not(brand: Brand, before: Coverage) -> str:
    """Why there are no trends, "" where there are."""
    if not before.comparable:
        return why_not(before)
    walking = ThemeState.objects.filter(brand=brand, walking=True).exists()
    return "Mentions are being sorted anew: trends follow when all are." if walking else ""


def _counted(brand: Brand, period: Period) -> Mapping[int | None, tuple[Totals, Counter[str]]]:
    """Totals and mentions by network of each theme; None is the key of those in no theme."""
    found: dict[int | None, tuple[Totals, Counter[str]]] = defaultdict(lambda: (Totals(), Counter()))
    for theme, mood, complaint, addressed, network, n in sums(
        [brand], period, Narrow(), "theme_id", "mood", "is_complaint", "is_addressed", "network"
    ):
        so_far, networks = found[theme]
        networks[network] += n
        found[theme] = (so_far + of_cell(mood, complaint, addressed, n), networks)
    return found


def _by_day(brand: Brand, period: Period) -> dict[int | None, list[int]]:
    """Mentions of each theme per UTC or local day; days without any are left out."""
    column = "day" if period.whole_days and not period.hourly and brand.time_zone == period.zone.key else "hour"
    found: dict[int | None, Counter[object]] = defaultdict(Counter)
    for theme, moment, n in sums([brand], period, Narrow(), "theme_id", column):
        found[theme][moment.date() if isinstance(moment, datetime) else moment] += n
    return {theme: list(days.values()) for theme, days in found.items()}


def _hours(period: Period) -> float:
    return (period.until - period.start) / HOUR


EXAMPLE_IDS = """
    SELECT t.id, newest.mention_id
    FROM unnest(%s::bigint[]) AS t(id) CROSS JOIN LATERAL (
        SELECT k.mention_id, k.published_at FROM listening_thememember AS k
        WHERE k.theme_id = t.id AND k.counted AND k.published_at >= %s AND k.published_at < %s
        ORDER BY k.published_at DESC, k.mention_id DESC LIMIT %s
    ) AS newest
    ORDER BY newest.published_at DESC, newest.mention_id DESC
"""
BEGAN = """
    SELECT t.id, first.published_at
    FROM unnest(%s::bigint[]) AS t(id) CROSS JOIN LATERAL (
        SELECT k.published_at FROM listening_thememember AS k WHERE k.theme_id = t.id AND k.counted
        ORDER BY k.published_at, k.mention_id LIMIT 1
    ) AS first
"""


def examples(brand: Brand, period: Period, ids: Sequence[int], but: int | None = None) -> dict[int, list[Row]]:
    """The three newest mentions of each theme that say different things; without the mention `but`."""
    with connection.cursor() as cursor:
        cursor.execute(EXAMPLE_IDS, [list(ids), period.start, period.end, LOOKED_AT])
        pairs = [(theme, pk) for theme, pk in cursor.fetchall() if pk != but]
    texts = dict(Mention.objects.filter(pk__in=[pk for _, pk in pairs]).values_list("pk", "text"))
    chosen = {id_: _different([pk for theme, pk in pairs if theme == id_], texts) for id_ in ids}
    shown = Mention.objects.filter(pk__in=[pk for found in chosen.values() for pk in found])
    made = {row.mention.pk: row for row in mention_rows(brand, shown.select_related("author").defer(*DEFERRED))}
    return {id_: [made[pk] for pk in found if pk in made] for id_, found in chosen.items()}


def _different(pks: Iterable[int], texts: Mapping[int, str]) -> list[int]:
    """The first few that say something, and different things."""
    by_text: dict[str, int] = {}
    for pk in pks:
        if texts.get(pk):
            by_text.setdefault(texts[pk], pk)
    return list(by_text.values())[:EXAMPLES]


def _began(ids: Sequence[int]) -> dict[int, datetime]:
    with connection.cursor() as cursor:
        cursor.execute(BEGAN, [list(ids)])
        return dict(cursor.fetchall())
