"""Drivers: which networks, which themes and which posts a spike is made of."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from dashboard.reports.cells import sums
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import Period
from dashboard.spikes.subjects import Subject
from listening.models import Brand, Mention, Spike

BEFORE = timedelta(days=28)
POSTS = 3
THEMES = 5
ENGAGEMENT = Coalesce(F("likes"), 0) + Coalesce(F("shares"), 0) + Coalesce(F("replies"), 0)


def drivers(spike: Spike, until: datetime) -> dict[str, Any]:
    """As the column of the same name: networks and themes with their usual share of the four weeks before, and the
    posts that got most likes, shares and replies. `sorted` is False while the brand's mentions are still being sorted
    into themes: then the themes are told later (`dashboard.spikes.judging`)."""
    narrow = narrow_of(spike)
    networks = _parts(spike, narrow, until, "network")
    themes = [] if spike.theme else [part for part in _parts(spike, narrow, until, "theme_id") if part[0] is not None]
    return {
        "networks": networks,
        "themes": themes[:THEMES],
        "sorted": sorted_into_themes().filter(pk=spike.brand_id).exists(),
        "mentions": _posts(spike, narrow, until),
        "total": sum(n for _, n, _ in networks),
    }


def sorted_into_themes() -> QuerySet[Brand]:
    """The brands whose mentions are."""
    return Brand.objects.filter(theme_state__walking=False, theme_state__sorted_to__isnull=False)


def narrow_of(spike: Spike) -> Narrow:
    """Which mentions the spike counts."""
    return Subject.of(spike).narrow(spike.measure)


def _parts(spike: Spike, narrow: Narrow, until: datetime, by: str) -> list[list[Any]]:
    """[value, count, usual share], the largest first."""
    now = _sums(spike, narrow, spike.began_at, until, by)
    before = _sums(spike, narrow, spike.began_at - BEFORE, spike.began_at, by)
    usual = sum(before.values())
    largest = sorted(now.items(), key=lambda found: (-found[1], str(found[0])))
    return [[value, n, before.get(value, 0) / usual if usual else None] for value, n in largest]


def _sums(spike: Spike, narrow: Narrow, start: datetime, end: datetime, by: str) -> dict[Any, int]:
    return dict(sums([spike.brand], Period(start, end, end, ZoneInfo("UTC")), narrow, by))


def _posts(spike: Spike, narrow: Narrow, until: datetime) -> list[int]:
    mentions = Mention.objects.filter(brand=spike.brand, published_at__gte=spike.began_at, published_at__lt=until)
    found = mentions.counted().filter(narrow.condition).order_by(ENGAGEMENT.desc(), "published_at", "pk")
    if spike.theme:
        found = found.filter(themed__theme=int(spike.theme))
    return list(found.values_list("pk", flat=True)[:POSTS])
