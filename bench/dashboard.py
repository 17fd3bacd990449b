"""Dashboard: the server time of every page with ten thousand and with a million mentions.

EARSHOT_BENCH_TEN_MILLION=1 (or `python -m bench.dashboard --ten-million`) measures ten million as well.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from statistics import median
from time import perf_counter
from typing import Any

from django.conf import settings
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import reverse
from django.utils import timezone

from bench.crowd import a_brand, grow
from bench.floors import percentile
from listening.models import Brand, Case, Mention, User

WARM, ROUNDS = 3, 25
MOST_MILLISECONDS = 100.0
MOST_RATIO = 1.5
SIZES = {"10k": 10_000, "1m": 1_000_000, "10m": 10_000_000}


def run() -> dict[str, Any]:
    """Per page the p95 in milliseconds at each size and the ratio; the worst of both beside the ceilings."""
    setup_test_environment()
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    brand, admin = a_brand()
    names = ["10k", "1m", *(["10m"] if os.environ.get("EARSHOT_BENCH_TEN_MILLION") else [])]
    measured: dict[str, dict[str, float]] = {}
    done = 0
    for name in names:
        print(f"  {SIZES[name]:,} mentions", file=sys.stderr, flush=True)
        grow(brand, done, SIZES[name], timezone.now().isoformat())
        done = SIZES[name]
        for page, (p95, middle) in measure(brand, admin).items():
            measured.setdefault(page, {}).update({f"p95_{name}": p95, f"median_{name}": middle})
    pages = {page: figures | _ratios(figures, names[1:]) for page, figures in measured.items()}
    worst = max(figures["p95_1m"] for figures in pages.values())
    ratio = max(figures["ratio"] for figures in pages.values())
    return {
        "pages": pages,
        "worst_p95_1m": worst,
        "worst_ratio": ratio,
        "ceilings": {"worst_p95_1m": MOST_MILLISECONDS, "worst_ratio": MOST_RATIO},
        "ok": worst <= MOST_MILLISECONDS and ratio <= MOST_RATIO,
    }


def _ratios(figures: Mapping[str, float], names: list[str]) -> dict[str, float]:
    return {
        f"ratio{'' if name == '1m' else '_' + name}": round(figures[f"p95_{name}"] / figures["p95_10k"], 2)
        for name in names
    }


def measure(brand: Brand, admin: User) -> dict[str, tuple[float, float]]:
    """(p95, median) of each page in milliseconds, warm, through the whole of Django but for the socket."""
    client = Client()
    client.force_login(admin)
    return {page: _times(client, url) for page, url in pages(brand)}


def _times(client: Client, url: str) -> tuple[float, float]:
    times = []
    for _ in range(WARM + ROUNDS):
        begun = perf_counter()
        response = client.get(url)
        times.append((perf_counter() - begun) * 1000)
        if response.status_code != 200:
            raise SystemExit(f"{url} answered {response.status_code}")
    return round(percentile(times[WARM:], 0.95), 1), round(median(times[WARM:]), 1)


def pages(brand: Brand) -> Iterator[tuple[str, str]]:
    """(name, address) of every page, those of lists also narrowed, searched and deep down."""
    slug = [brand.slug]
    mention = Mention.objects.filter(brand=brand, is_complaint=True, hidden="", own=False).order_by("-published_at")[20]
    Case.objects.get_or_create(mention=mention, status=Case.Status.DONE)
    yield "home", reverse("home") + "?all=1"
    for days in (7, 30, 90):
        yield f"overview, {days} days", reverse("overview", args=slug) + f"?days={days}"
    yield "overview, narrowed", reverse("overview", args=slug) + "?network=mastodon&sentiment=negative"
    mentions = reverse("mentions", args=slug)
    yield "mentions", mentions
    yield "mentions, 90 days", mentions + "?days=90"
    yield "mentions, a rare language", mentions + "?days=90&language=cy"
    yield "mentions, narrowed", mentions + "?complaint=yes&addressed=yes&network=x"
    yield "mentions, a frequent word", mentions + "?q=acme"
    yield "mentions, a rare word", mentions + "?days=90&q=zebra"
    deep = Mention.objects.filter(brand=brand).order_by("published_at")[min(2000, 500)]
    yield "mentions, deep down", mentions + f"?days=90&after={deep.published_at:%Y%m%dT%H%M%S.%f}-{deep.pk}"
    yield "mention", reverse("mention", args=[*slug, mention.pk])
    complaints = reverse("complaints", args=slug)
    yield "complaints", complaints
    yield "complaints, 90 days", complaints + "?days=90"
    yield "complaints, done", complaints + "?status=done"
    yield "complaints by priority", complaints + "?order=priority"
    yield "complaints by priority, 90 days", complaints + "?days=90&order=priority"
    yield "complaints, one kind", complaints + "?days=90&kind=safety"
    for name in (
        "brand_settings",
        "queries",
        "query_new",
        "sources",
        "complaint_settings",
        "members",
        "uploads",
        "audit",
    ):
        yield name, reverse(name, args=slug)
    yield "query", reverse("query", args=[*slug, brand.queries.get().pk])
    yield "source", reverse("source", args=[*slug, brand.sources.get().pk])
    yield "account", reverse("account")


if __name__ == "__main__":
    from bench.__main__ import _run  # the bench makes its own database

    if "--ten-million" in sys.argv:
        os.environ["EARSHOT_BENCH_TEN_MILLION"] = "1"
    print(json.dumps(_run("dashboard"), indent=1))
