"""Purge: how long after its deletion at a network on loopback a post is gone from the tables.

The sweep: a day at a Mastodon-like server compressed in time. It holds 100,000 posts, 10,000 of them are deleted over
the day at random moments; the clock goes on minute by minute as beat would ring, and the true moment of each deletion
is known. `EARSHOT_BENCH_HOURS` makes the day shorter. The stream: a real minute with a Jetstream
that posts and deletes several times a second, pulled as a worker would; read from the same machine's clock.
"""

import os
import random
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any, ClassVar

from django.db import connection

from bench.floors import percentile
from bench.jetstream import Jetstream, running
from ingest import sweep
from ingest.pull import pull
from ingest.sources import CATALOGUE
from ingest.sources.base import Band, Check, Cursor, Page, Policy, Source as Kind, Status, Target, Tracked
from listening.models import Brand, Mention, PurgeDelay, Query, Source
from listening.models.tally import tally_differences

DAY = datetime(2026, 6, 1, tzinfo=UTC)
PER_HOUR, DELETED_PER_HOUR = 4167, 417
HOURS = 4
SWEEP_CEILING, STREAM_CEILING = 15 * 60, 60
STREAM_SECONDS, PAUSE = 60, 0.12

POSTS = """
    INSERT INTO listening_mention (brand_id, source_id, network, external_id, url, title, text, folded, published_at,
      collected_at, language, own, hidden, public_ok, back_fill, sentiment, sentiment_engine, complaint,
      complaint_reasons, complaint_engine, addressed, addressed_evidence, reply_to, thread_root, quote_of, repost_of,
      community, links, spans, query_versions)
    SELECT %(brand)s, %(source)s, 'loopback', 'p' || g, '', '', 'Acme is mentioned', 'acme is mentioned', at, at, 'en',
      false, '', true, false, 'neutral', 'vader', false, '[]', 'cues', 'talked_about', '', '', '', '', '', '',
      '[]', '{}', '{}'
    FROM (SELECT g, %(start)s::timestamptz + (g - %(first)s) * interval '1 hour' / %(n)s AS at
          FROM generate_series(%(first)s, %(first)s + %(n)s - 1) g) posts
"""


class Loopback(Kind):
    """A network that is asked about its posts, twenty at a time, and knows when each was deleted."""

    kind, label, network, summary = "loopback", "Loopback", "loopback", "For the benchmark."
    policy = Policy(bands=(Band(timedelta(days=1), timedelta(minutes=10)), Band(timedelta(days=30), timedelta(days=1))))
    deleted: ClassVar[dict[str, datetime]] = {}

    def targets(self, tracked: Sequence[Tracked]) -> list[Target]:
        return []

    def poll(self, target: Target, cursor: Cursor | None) -> Iterator[Page]:
        return iter(())

    def check(self) -> Check:
        return Check(True, "Fine.")

    def hydrate(self, ids: Sequence[str]) -> Iterator[Status]:
        now = self.config.now()
        for one in ids:
            gone = one in self.deleted and self.deleted[one] <= now
            yield Status(one, "gone" if gone else "alive")


def run() -> dict[str, Any]:
    """Seconds from deletion to purge: true ones, and those of the sweep as the product itself counts ("at most")."""
    brand = Brand.objects.create(name="Acme", slug="acme")
    Query.objects.create(brand=brand, text="acme")
    figures = _sweeps(brand) | _streams(brand)
    figures["tally_ok"] = int(tally_differences() == [])
    figures["floors"] = {"tally_ok": 1, "sweep_purged": 1, "stream_purged": 1, "stream_told": 1}
    figures["ceilings"] = {"sweep_p95_seconds": SWEEP_CEILING, "stream_p95_seconds": STREAM_CEILING}
    return figures


def _sweeps(brand: Brand) -> dict[str, Any]:
    CATALOGUE["loopback"] = "bench.purge.Loopback"
    hours = int(os.environ.get("EARSHOT_BENCH_HOURS", HOURS))
    source = Source.objects.create(kind="loopback", name="Loopback", next_pull_at=DAY)
    source.brands.add(brand)
    dice, delays, read, began = random.Random(1), [], 0, time.perf_counter()
    Loopback.deleted = {}
    for minute in range(hours * 60):
        now = DAY + timedelta(minutes=minute)
        if minute % 60 == 0:
            _an_hour(brand, source, minute // 60, dice)
        if sweep.due(now):
            before = {one for one, at in Loopback.deleted.items() if at <= now}
            source.refresh_from_db()
            read += sweep.sweep(source, now).read
            there = set(Mention.objects.filter(external_id__in=before).values_list("external_id", flat=True))
            delays += [(now - Loopback.deleted.pop(one)).total_seconds() for one in before - there]
            Source.objects.filter(pk=source.pk).update(next_sweep_at=now + sweep.PAUSE)
    took = time.perf_counter() - began
    return {
        "sweep_hours": hours,
        "sweep_purged": len(delays),
        "sweep_p50_seconds": round(percentile(delays, 0.5)),
        "sweep_p95_seconds": round(percentile(delays, 0.95)),
        "sweep_slowest_seconds": round(max(delays)),
        "sweep_looked_up": read,
        "sweep_looked_up_per_second": round(read / took),
        "sweep_counted": sum(PurgeDelay.objects.filter(source=source).values_list("n", flat=True)),
    }


def _an_hour(brand: Brand, source: Source, hour: int, dice: random.Random) -> None:
    """The posts of an hour, and when some of them will be deleted: most soon, some later that day."""
    first, start = hour * PER_HOUR, DAY + timedelta(hours=hour)
    values: dict[str, int | datetime] = {"brand": brand.pk, "source": source.pk, "first": first, "n": PER_HOUR}
    values["start"] = start
    with connection.cursor() as cursor:
        cursor.execute(POSTS, values)
        cursor.execute("ANALYZE listening_mention")
    for n in dice.sample(range(PER_HOUR), DELETED_PER_HOUR):
        at = start + timedelta(hours=n / PER_HOUR) + timedelta(minutes=dice.expovariate(1 / 90))
        Loopback.deleted[f"p{first + n}"] = at


def _streams(brand: Brand) -> dict[str, Any]:
    with running() as jetstream:
        chosen = {"jetstream_url": jetstream.url, "appview_url": "", "replay_hours": 0}
        source = Source.objects.create(kind="bluesky", name="Stream", next_pull_at=DAY, settings=chosen)
        source.brands.add(brand)
        pull(source.pk, budget=timedelta(seconds=2))
        delays = _a_minute(source, jetstream)
    rows = PurgeDelay.objects.filter(source=source)
    return {
        "stream_purged": len(delays),
        "stream_p50_seconds": round(percentile(delays, 0.5), 2),
        "stream_p95_seconds": round(percentile(delays, 0.95), 2),
        "stream_slowest_seconds": round(max(delays), 2),
        "stream_told": sum(rows.filter(told=True).values_list("n", flat=True)),
    }


def _a_minute(source: Source, jetstream: Jetstream) -> list[float]:
    """Posts and deletions go out while a thread pulls; when each is gone is looked at eight times a second."""
    until = time.monotonic() + STREAM_SECONDS
    worker = Thread(target=_pulling, args=[source.pk, until + 5], daemon=True)
    worker.start()
    posted: list[tuple[int, float]] = []
    deleted: dict[str, float] = {}
    delays: list[float] = []
    while time.monotonic() < until + 4:
        if time.monotonic() < until:
            number = len(jetstream.frames)
            posted.append((number, jetstream.post(f"Acme said something, number {number}")))
            old = next((one for one in posted if time.time() - one[1] > 3), None)
            if old:
                posted.remove(old)
                if Mention.objects.filter(external_id=jetstream.uri(old[0])).exists():
                    uri, at = jetstream.delete(old[0])
                    deleted[uri] = at
        time.sleep(PAUSE)
        there = set(Mention.objects.filter(external_id__in=deleted).values_list("external_id", flat=True))
        now = time.time()
        delays += [now - deleted.pop(uri) for uri in list(deleted) if uri not in there]
    worker.join(timeout=30)
    return delays


def _pulling(source_id: int, until: float) -> None:
    """As a worker: drain, ring again."""
    while time.monotonic() < until:
        pull(source_id, budget=timedelta(seconds=10))
    connection.close()
