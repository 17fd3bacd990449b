"""Themes: a 90-day window answered from stored counts, and how fast mentions are sorted and themes found.

EARSHOT_BENCH_THEMES sets the number of mentions (a million unless told).
"""

import os
import sys
from datetime import timedelta
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

from bench.crowd import a_brand, grow
from bench.floors import percentile
from dashboard.reports.period import last_days
from dashboard.reports.talk import talk
from dashboard.reports.themes import themes
from ingest.themes.assign import assign
from ingest.themes.corpus import names, parts
from ingest.themes.finding import find
from listening.models import Brand, Theme, ThemeMember, ThemeState
from listening.models.theme_tally import fold_themes

ROUNDS = 10
CEILINGS = {"window_seconds": 2.0}
FLOORS = {"sorted_per_second": 3000}
"""The speed at which the pipeline takes posts in: sorting must keep up with it."""
QUERIES = [f"{word} AND lang:{code}" for word in ("again", "week", "update") for code in ("en", "de", "fr")]
PHRASES = ("staff",)


def run() -> dict[str, Any]:
    """Seconds for the page's report on 90 days (the slowest of ten) and for the overview's five lines; speeds."""
    size = int(os.environ.get("EARSHOT_BENCH_THEMES", "1000000"))
    brand, _ = a_brand()
    now = timezone.now()
    print(f"  {size:,} mentions", file=sys.stderr, flush=True)
    grow(brand, 0, size, now.isoformat())
    found = _found_per_second(brand)
    sorted_ = _sorted_per_second(brand)
    period = last_days(90, ZoneInfo(brand.time_zone), timezone.now())
    return {
        "mentions": size,
        "of_the_brand": brand.mentions.count(),
        "window_seconds": _slowest(lambda: themes(brand, period)),
        "overview_seconds": _slowest(lambda: talk(brand, period, size)),
        "sorted_per_second": sorted_,
        "posts_searched_per_second": found,
        "ungrouped_share": themes(brand, period).ungrouped_share,
        "ceilings": CEILINGS,
        "floors": FLOORS,
    }


def _found_per_second(brand: Brand) -> int:
    begun = perf_counter()
    read = parts(brand, timezone.now())
    find(read.ours, read.past, read.others, names(brand))
    return round((len(read.ours) + len(read.past) + len(read.others)) / (perf_counter() - begun))


def _sorted_per_second(brand: Brand) -> int:
    """The walk over all mentions of the brand, members and counts written; rows merged afterwards, as a task does."""
    for phrase in PHRASES:
        Theme.objects.create(brand=brand, name=phrase, phrases=[phrase])
    for query in QUERIES:
        Theme.objects.create(brand=brand, name=query, query=query, origin=Theme.Origin.ADMIN)
    now = timezone.now()
    ThemeState.objects.create(
        brand=brand, find_at=now + timedelta(days=1), walking=True, sorted_to=now + timedelta(hours=1)
    )
    begun = perf_counter()
    read = assign(brand, now)
    seconds = perf_counter() - begun
    while fold_themes():
        pass
    with connection.cursor() as cursor:
        for table in ("thememember", "themetally", "themetallyday"):
            cursor.execute(f"VACUUM ANALYZE listening_{table}")
    if read != ThemeMember.objects.count():
        raise SystemExit(f"{read} mentions were sorted, {ThemeMember.objects.count()} have a member")
    return round(read / seconds)


def _slowest(work: Any) -> float:
    times = []
    for _ in range(ROUNDS):
        begun = perf_counter()
        work()
        times.append(perf_counter() - begun)
    return round(percentile(times, 1.0), 3)
