"""Talk: the largest themes of a period in a few lines, for the overview and the digest. One query on stored counts."""

from dataclasses import dataclass

from dashboard.reports.cells import sums
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import Period
from listening.models import Brand, Theme


@dataclass(frozen=True, slots=True)
class TalkLine:
    """One theme; `share` is of all mentions, `of_largest` of the largest theme (for bars)."""

    theme: Theme
    mentions: int
    share: float
    of_largest: float


@dataclass(frozen=True, slots=True)
class Talk:
    """`ungrouped` mentions were sorted into no theme."""

    lines: list[TalkLine]
    ungrouped: int
    ungrouped_share: float


def talk(brand: Brand, period: Period, mentions: int, narrow: Narrow = Narrow(), most: int = 5) -> Talk:  # noqa: B008
    """The `most` largest themes; `mentions` is how many the period holds. Empty where only one theme is asked for."""
    shown = {theme.pk: theme for theme in Theme.objects.filter(brand=brand).shown()}
    if narrow.theme or not shown:
        return Talk([], 0, 0.0)
    counts: dict[int | None, int] = dict(sums([brand], period, narrow, "theme_id"))
    largest = sorted((pk for pk in shown if counts.get(pk)), key=lambda pk: (-counts[pk], pk))[:most]
    whole, top = max(mentions, 1), counts[largest[0]] if largest else 1
    lines = [TalkLine(shown[pk], counts[pk], counts[pk] / whole, counts[pk] / top) for pk in largest]
    ungrouped = counts.get(None, 0)
    return Talk(lines, ungrouped, ungrouped / whole)
