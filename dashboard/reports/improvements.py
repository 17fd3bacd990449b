"""Improvements: a brand's board, what stands behind one of them, and what the public page shows."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from dashboard.reports.cells import sums
from dashboard.reports.effect_words import in_a_sentence, told as in_words
from dashboard.reports.effects import LONGEST, Window, at_a_glance, complete, headline, kept, windows
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import Period, last_days
from dashboard.reports.theme_days import target
from listening.models import Brand, Case, Improvement, Theme

Status = Improvement.Status
DAYS = 28
SHOWN = 50  # of one status, and of the cases behind one


@dataclass(frozen=True, slots=True)
class Card:
    """One improvement on the board.

    `cases` whose posts are not hidden; `mentions` of its theme in the last 28 days, None without a theme.
    """

    improvement: Improvement
    theme: Theme | None
    cases: int
    mentions: int | None
    sentence: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Behind:
    """The latest cases behind one, and how many there are."""

    cases: Sequence[Case]
    n: int


@dataclass(frozen=True, slots=True)
class Column:
    status: str
    label: str
    cards: Sequence[Card]
    more: int


@dataclass(frozen=True, slots=True)
class Board:
    columns: Sequence[Column]
    period: Period

    @property
    def empty(self) -> bool:
        return not any(column.cards for column in self.columns)


@dataclass(frozen=True, slots=True)
class Told:
    """One improvement as everybody may read it: the team's own words, a day of its month, what was measured."""

    said: str
    did: str
    month: date
    effect: str


@dataclass(frozen=True, slots=True)
class Completed:
    """An improvement of which a length of time is over: its title and what was found."""

    improvement: Improvement
    sentence: str


def board(brand: Brand, now: datetime) -> Board:
    """Every status with its improvements, the newest first."""
    period = last_days(DAYS, ZoneInfo(brand.time_zone), now)
    mentions: Counter[int | None] = Counter(dict(sums([brand], period, Narrow(), "theme_id")))
    found = list(_of(brand).select_related("owner"))
    shown = Count("cases", filter=Q(cases__mention__hidden=""))
    behind: Counter[int] = Counter(dict(_of(brand).order_by().values_list("pk").annotate(n=shown)))
    cards = [_card(one, behind[one.pk], mentions, now) for one in found]
    return Board([_column(status, label, cards) for status, label in Status.choices], period)


def cases_behind(improvement: Improvement) -> Behind:
    """The cases that stand behind it, without their authors."""
    cases = (
        improvement.cases.filter(mention__hidden="")
        .select_related("mention__author")
        .order_by("-mention__published_at", "-pk")
    )
    only = ("status", "version", "mention__text", "mention__title", "mention__network", "mention__published_at")
    more = ("mention__language", "mention__text_gone_at", "mention__author__handle", "mention__author__name")
    shown = list(cases.only(*only, *more)[:SHOWN])
    return Behind(shown, len(shown) if len(shown) < SHOWN else cases.count())


def public(brand: Brand) -> list[Told]:
    """What is done and may be read by everybody, the newest first."""
    done = _of(brand).filter(public=True, status=Status.DONE).order_by("-done_at", "-pk")
    return [_told(one) for one in done]


def has_public(brand: Brand) -> bool:
    return Improvement.objects.filter(brand=brand, public=True, status=Status.DONE).exists()


def completed(brand: Brand, start: datetime, end: datetime) -> list[Completed]:
    """Those of which a length of time was over between two instants, with what was found; none that found nothing."""
    since = start - timedelta(days=LONGEST + 3)  # what was done before it was told earlier: days of a zone, and LATE
    done = _of(brand).filter(status=Status.DONE, done_at__gt=since).order_by("done_at", "pk")
    return [Completed(one, sentence) for one in done for sentence in _news(one, start, end)]


def _of(brand: Brand) -> QuerySet[Improvement]:
    return Improvement.objects.filter(brand=brand).select_related("brand", "theme__merged_into")


def _column(status: str, label: str, cards: Iterable[Card]) -> Column:
    mine = [card for card in cards if card.improvement.status == status]
    return Column(status, label, mine[:SHOWN], max(0, len(mine) - SHOWN))


def _card(one: Improvement, behind: int, mentions: Counter[int | None], now: datetime) -> Card:
    theme = target(one.theme) if one.theme else None
    window = headline(at_a_glance(one, now))
    sentence = in_a_sentence(window, ZoneInfo(one.brand.time_zone)) if window else ""
    return Card(one, theme, behind, mentions[theme.pk] if theme else None, sentence, verdict(window))


def verdict(window: Window | None) -> str:
    """ "fell", "rose", "same", or "" where nothing was measured."""
    found = window.effect.main if window and window.effect else None
    return found.verdict if found else ""


def _told(one: Improvement) -> Told:
    """With what was stored alone, so that a page for everybody costs next to nothing."""
    effect = kept(one)
    assert one.done_at is not None  # noqa: S101 (a constraint of the table)
    month = one.done_at.astimezone(ZoneInfo(one.brand.time_zone)).date()
    return Told(one.said, one.did, month, in_words(effect) if effect and effect.main else "")


def _news(one: Improvement, start: datetime, end: datetime) -> list[str]:
    """The sentence of the longest length that was over in this time, if it was measured."""
    zone = ZoneInfo(one.brand.time_zone)
    over = [w for w in windows(one, end) if w.effect and w.effect.main and start < complete(one, w.days) <= end]
    length = f", {over[-1].days} days before against {over[-1].days} after." if over else ""
    return [in_a_sentence(window, zone).removesuffix(".") + length for window in over[-1:]]
