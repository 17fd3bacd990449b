"""Drivers: which networks and which posts a spike is made of."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F
from django.db.models.functions import Coalesce

from dashboard.reports.cells import sums
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import Period
from listening.models import Measure, Mention, Spike

BEFORE = timedelta(days=28)
POSTS = 3
ENGAGEMENT = Coalesce(F("likes"), 0) + Coalesce(F("shares"), 0) + Coalesce(F("replies"), 0)


def drivers(spike: Spike, until: datetime) -> dict[str, Any]:
    """As the column of the same name: networks with their usual share of the four weeks before, and the posts that
    got most likes, shares and replies."""
    narrow = narrow_of(spike)
    now = _networks(spike, narrow, spike.began_at, until)
    before = _networks(spike, narrow, spike.began_at - BEFORE, spike.began_at)
    usual = sum(before.values())
    networks = [
        [name, n, before.get(name, 0) / usual if usual else None]
        for name, n in sorted(now.items(), key=lambda found: (-found[1], found[0]))
    ]
    return {"networks": networks, "mentions": _posts(spike, narrow, until), "total": sum(now.values())}


def narrow_of(spike: Spike) -> Narrow:
    """Which mentions the spike counts."""
    return Narrow(
        network=(spike.network,) if spike.network else (),
        complaint=True if spike.measure == Measure.COMPLAINTS else None,
    )


def _networks(spike: Spike, narrow: Narrow, start: datetime, end: datetime) -> dict[str, int]:
    period = Period(start, end, end, ZoneInfo("UTC"))
    return dict(sums([spike.brand], period, narrow, "network"))


def _posts(spike: Spike, narrow: Narrow, until: datetime) -> list[int]:
    mentions = Mention.objects.filter(brand=spike.brand, published_at__gte=spike.began_at, published_at__lt=until)
    found = mentions.counted().filter(narrow.condition).order_by(ENGAGEMENT.desc(), "published_at", "pk")
    return list(found.values_list("pk", flat=True)[:POSTS])
