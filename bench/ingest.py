"""Ingest: records through clean, match, language, VADER, complaint and store with the tally, into embedded Postgres.

The baseline, in the same run and on the same database, is what a plain script would do: one ORM `get_or_create` and
one VADER call per post. `processes` workers share the work as Celery workers would, each with its own pages.
"""

import multiprocessing
import os
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.db import connections
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from ingest.match import Judge
from ingest.pipeline import Place, take
from ingest.record import Record
from ingest.sources.base import Page
from ingest.sources.sample import MARKET
from ingest.sources.sample.posts import hour_posts
from ingest.tracked import tracked_by
from listening.collecting import spare_what_is_loaded
from listening.interest import DRAFT, adopt
from listening.models import Brand, Handle, Mention, Query, Source

FLOOR_PER_SECOND, FLOOR_RATIO = 3000, 15
PAGE, PAGES, BASELINE = 1000, 12, 400
NOW = datetime(2026, 6, 1, tzinfo=UTC)
BRAND = MARKET.brands[0]


def run() -> dict[str, Any]:
    """{"per_second", "one_process", "baseline", "ratio", "floors", "ok"}; mentions a second, higher is better."""
    spare_what_is_loaded()  # as a worker does
    source = _source()
    posts = _posts(PAGE * (PAGES + 1))
    _take(source.pk, [posts[:PAGE]], "warm")
    one = _rate(lambda: _take(source.pk, _pages(posts, "one"), "one"), PAGE * PAGES)
    baseline = _rate(lambda: _plainly(posts[:BASELINE]), BASELINE)
    workers = max(2, os.cpu_count() or 1)
    connections.close_all()
    both = _rate(lambda: _together(source.pk, posts, workers), PAGE * PAGES * workers)
    ratio = max(one, both) / baseline
    return {
        "per_second": round(both),
        "processes": workers,
        "one_process": round(one),
        "baseline": round(baseline),
        "ratio": round(ratio, 1),
        "ratio_one_process": round(one / baseline, 1),
        "floors": {"per_second": FLOOR_PER_SECOND, "ratio": FLOOR_RATIO},
        "ok": both >= FLOOR_PER_SECOND and ratio >= FLOOR_RATIO,
    }


def _source() -> Source:
    brand = Brand.objects.create(name=BRAND.name, slug="bench-ingest", engine="vader")  # as the plain script
    adopt(brand, None, DRAFT, NOW)
    for text in BRAND.queries:
        Query.objects.create(brand=brand, text=text)
    for handle in BRAND.handles:
        Handle.objects.create(brand=brand, network=handle.network, handle=handle.handle, external_id=handle.id)
    source = Source.objects.create(kind="sample", name="bench", next_pull_at=NOW)
    source.brands.add(brand)
    return source


def _posts(n: int) -> list[Record]:
    """Posts of the sample market that concern the brand."""
    found: list[Record] = []
    for hours in count():
        hour = NOW - timedelta(hours=hours)
        found += [post.record for post in hour_posts("bench", NOW.date(), hour) if _wanted(post.record)]
        if len(found) >= n:
            return found[:n]
    raise AssertionError


def _wanted(post: Record) -> bool:
    """About the brand, and not by the sample's person who stepped out."""
    stepped_out = post.author is not None and post.author.id == MARKET.opted_out[1]
    return BRAND.name.lower() in post.text.lower() and not stepped_out


def _pages(posts: Sequence[Record], tag: str) -> list[list[Record]]:
    fresh = [replace(post, external_id=f"{tag}:{i}") for i, post in enumerate(posts[PAGE:])]
    return [fresh[i : i + PAGE] for i in range(0, len(fresh), PAGE)]


def _take(source_id: int, pages: Sequence[Sequence[Record]], key: str) -> None:
    source = Source.objects.get(pk=source_id)
    judge = Judge(tuple(tracked_by(source)))
    for number, page in enumerate(pages):
        taken = take(Place(source, key), Page(records=page, cursor={"page": number}), judge, NOW)
        if taken.new != len(page):
            raise AssertionError(f"only {taken.new} of {len(page)} records were stored: {taken}")


def _together(source_id: int, posts: Sequence[Record], workers: int) -> None:
    work = [(source_id, _pages(posts, f"together{i}"), f"together{i}") for i in range(workers)]
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        pool.starmap(_take, work)


def _plainly(posts: Sequence[Record]) -> None:
    """The plain script: no cleaning, no matching, no complaint; a row and a score per post."""
    brand = Brand.objects.get(slug="bench-ingest")
    analyzer = SentimentIntensityAnalyzer()
    for i, post in enumerate(posts):
        score = analyzer.polarity_scores(post.text)["compound"]
        Mention.objects.get_or_create(
            brand=brand,
            network=post.network,
            external_id=f"plain:{i}",
            defaults={
                "text": post.text,
                "folded": post.text.lower(),
                "published_at": post.published_at,
                "collected_at": NOW,
                "compound": score,
                "sentiment": "positive" if score > 0.05 else "negative" if score < -0.05 else "neutral",
            },
        )


def _rate(work: Any, n: int) -> float:
    began = time.perf_counter()
    work()
    return n / (time.perf_counter() - began)
