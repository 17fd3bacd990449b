"""Themes: what is being talked about, from stored counts, each against the period before.

The shares of the themes, of the ungrouped mentions and of those that were not sorted yet add up to one.
"""

import math
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
from dashboard.reports.volume import Totals, of_cell, totals
from listening.models import Brand, Mention, Theme, ThemeState

EXAMPLES = 3
LOOKED_AT = 12  # newest mentions of a theme among which three different texts are looked for
Z = 1.96


@dataclass(frozen=True, slots=True)
class Trend:
    """How many times as often as in the period before, per hour, with a 95 % interval."""

    ratio: float
    low: float
    high: float
    before: int

    @property
    def verdict(self) -> str:
        """ "more" or "less" where the interval leaves no doubt, else "unclear"."""
        return "more" if self.low > 1 else "less" if self.high < 1 else "unclear"


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """One theme in a period. `share` is of all mentions; `trend` None where the two periods can't be compared.

    `began` is when its first mention was published, of those that were sorted; `networks` (name, mentions).
    """

    theme: Theme
    totals: Totals
    share: float
    of_largest: float
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
    def ungrouped_share(self) -> float | None:
        return self.ungrouped.mentions / self.mentions if self.mentions else None


def themes(brand: Brand, period: Period, most: int | None = None, posts: bool = True) -> Themes:
    """The brand's themes, the largest first; the first `most` of them."""
    shown = list(Theme.objects.filter(brand=brand).shown())
    now = _counted(brand, period)
    all_ = totals([brand], period).mentions
    previous = period.previous()
    then = coverage(brand, previous)
    reason = _why_not(brand, then)
    trends_known = bool(shown) and not reason
    before = _by_day(brand, previous) if trends_known else {}
    ordered = sorted(shown, key=lambda theme: (-now[theme.pk][0].mentions, theme.pk))[:most]
    days = _by_day(brand, period) if trends_known else {}
    hours = _hours(period), _hours(previous)
    trends = {t.pk: trend(days.get(t.pk, []), before.get(t.pk, []), *hours) for t in ordered if trends_known}
    ids = [theme.pk for theme in ordered]
    examples = _examples(brand, period, ids) if posts else {}
    began = _began(ids)
    largest = max((now[pk][0].mentions for pk in ids), default=0) or 1
    lines = [
        ThemeLine(
            theme,
            now[theme.pk][0],
            now[theme.pk][0].mentions / all_ if all_ else 0.0,
            now[theme.pk][0].mentions / largest,
            trends.get(theme.pk),
            now[theme.pk][1].most_common(),
            began.get(theme.pk),
            examples.get(theme.pk, []),
        )
        for theme in ordered
    ]
    ungrouped = now[None][0]
    grouped = sum(now[theme.pk][0].mentions for theme in shown)
    return Themes(lines, all_, ungrouped, max(0, all_ - ungrouped.mentions - grouped), reason)


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


def trend(now: Sequence[int], before: Sequence[int], hours: float, hours_before: float) -> Trend | None:
    """The ratio of two rates of mentions, given as counts per day and the hours that both periods lasted.

    The interval is that of a rate ratio on the log scale (Rothman, Greenland and Lash, "Modern Epidemiology", with half
    a mention added to both), widened by how much more the days differ than chance would have it (quasi-Poisson: talk
    comes in bursts). None where nothing was said in either period.
    """
    n, m = sum(now), sum(before)
    if not hours or not hours_before or not n + m:
        return None
    spread = math.sqrt(max(1.0, _dispersion(now, hours), _dispersion(before, hours_before)))
    centre = math.log((n + 0.5) / (m + 0.5) * hours_before / hours)
    error = Z * spread * math.sqrt(1 / (n + 0.5) + 1 / (m + 0.5))
    return Trend(math.exp(centre), math.exp(centre - error), math.exp(centre + error), m)


def _dispersion(days: Sequence[int], hours: float) -> float:
    """Variance over mean of the counts per day; 1 for chance alone."""
    length = max(len(days), round(hours / 24))
    mean = sum(days) / length if length else 0.0
    if length < 2 or not mean:
        return 1.0
    squares = sum((n - mean) ** 2 for n in days) + (length - len(days)) * mean**2
    return squares / (length - 1) / mean


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


def _examples(brand: Brand, period: Period, ids: Sequence[int]) -> dict[int, list[Row]]:
    """The three newest mentions of each theme that say different things."""
    with connection.cursor() as cursor:
        cursor.execute(EXAMPLE_IDS, [list(ids), period.start, period.end, LOOKED_AT])
        pairs = cursor.fetchall()
    mentions = Mention.objects.filter(pk__in=[pk for _, pk in pairs]).select_related("author").defer(*DEFERRED)
    by_pk = {mention.pk: mention for mention in mentions}
    chosen = {id_: _different(by_pk[pk] for theme, pk in pairs if theme == id_ and pk in by_pk) for id_ in ids}
    made = {row.mention.pk: row for row in mention_rows(brand, [m for found in chosen.values() for m in found])}
    return {id_: [made[mention.pk] for mention in found] for id_, found in chosen.items()}


def _different(mentions: Iterable[Mention]) -> list[Mention]:
    by_text: dict[str, Mention] = {}
    for mention in mentions:
        if mention.text:
            by_text.setdefault(mention.text, mention)
    return list(by_text.values())[:EXAMPLES]


def _began(ids: Sequence[int]) -> dict[int, datetime]:
    with connection.cursor() as cursor:
        cursor.execute(BEGAN, [list(ids)])
        return dict(cursor.fetchall())
