"""Dashboard: the server time of every page with ten thousand and with a million mentions.

`python -m bench dashboard --ten-million` measures ten million as well.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from bench.crowd import a_brand, grow
from bench.floors import percentile
from listening.collecting import OF_A_REQUEST, spare_what_is_loaded
from listening.models import Brand, Case, Mention, User

WARM, ROUNDS = 3, 40
DEEP = 80  # days down a list of ninety
MOST_MILLISECONDS = 100.0
MOST_RATIO = 1.5
SIZES = {"10k": 10_000, "1m": 1_000_000, "10m": 10_000_000}


def run() -> dict[str, Any]:
    """Per page the p95 in milliseconds at each size and the ratio; the worst of both beside the ceilings."""
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    get_resolver().url_patterns  # noqa: B018 (all views, loaded as in listening.asgi)
    spare_what_is_loaded(OF_A_REQUEST)  # as the web process does
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
    """(p95, median) of each page in milliseconds, warm, through the whole of Django but for the socket.

    Pages take turns, so that a bad minute of the machine falls on all of them and not on one.
    """
    client = Client()
    client.force_login(admin)
    addresses = dict(pages(brand))
    times: dict[str, list[float]] = {page: [] for page in addresses}
    for _ in range(WARM + ROUNDS):
        for page, url in addresses.items():
            times[page].append(_time(client, url))
    return {page: (round(percentile(of[WARM:], 0.95), 1), round(median(of[WARM:]), 1)) for page, of in times.items()}


def _time(client: Client, url: str) -> float:
    begun = perf_counter()
    response = client.get(url)
    milliseconds = (perf_counter() - begun) * 1000
    if response.status_code != 200:
        raise SystemExit(f"{url} answered {response.status_code}")
    return milliseconds


def pages(brand: Brand) -> Iterator[tuple[str, str]]:
    """(name, address) of every page, those of lists also narrowed, searched and deep down."""
    slug = [brand.slug]
    mention = Mention.objects.filter(brand=brand, is_complaint=True, hidden="", own=False).order_by("-published_at")[20]
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
    old = timezone.now() - timedelta(days=DEEP)
    deep = Mention.objects.filter(brand=brand, published_at__lt=old).order_by("-published_at")[0]
    yield "mentions, deep down", mentions + f"?days=90&after={deep.published_at:%Y%m%dT%H%M%S.%f}-{deep.pk}"
    yield "mention", reverse("mention", args=[*slug, mention.pk])
    complaints = reverse("complaints", args=slug)
    yield "complaints", complaints
    yield "complaints, 90 days", complaints + "?days=90"
    yield "complaints, done", complaints + "?status=done"
    yield "complaints by priority", complaints + "?order=priority"
    yield "complaints by priority, 90 days", complaints + "?days=90&order=priority"
    yield "complaints, one kind", complaints + "?days=90&kind=safety"
    inbox = reverse("inbox", args=slug)
    yield "inbox", inbox
    yield "inbox, mine", inbox + "?tab=mine"
    yield "inbox, done", inbox + "?tab=done"
    yield "inbox, narrowed", inbox + "?kind=complaint&network=bluesky"
    yield "inbox, a rare word", inbox + "?q=zebra"
    yield "inbox, 100 on a page", inbox + "?size=100"
    case = Case.objects.filter(brand=brand, status=Case.Status.NEW).order_by("-priority")[5]
    yield "case", reverse("case", args=[*slug, case.pk])
    for name in (
        "case_figures",
        "themes",
        "theme_new",
        "spikes",
        "improvements",
        "improvement_new",
        "line",
        "quality",
        "engine",
        "notice_settings",
        "brand_settings",
        "handles",
        "interest",
        "case_settings",
        "case_rule_new",
        "saved_replies",
        "webhooks",
        "webhook_new",
        "queries",
        "query_new",
        "sources",
        "complaint_settings",
        "members",
        "uploads",
        "audit",
        "notice",
    ):
        yield name, reverse(name, args=slug)
    yield "mentions_export, 90 days", reverse("mentions_export", args=slug) + "?days=90"
    yield "query", reverse("query", args=[*slug, brand.queries.get().pk])
    yield "source", reverse("source", args=[*slug, brand.sources.get().pk])
    for name in ("account", "opt_outs", "rights_requests", "step_out"):
        yield name, reverse(name)
