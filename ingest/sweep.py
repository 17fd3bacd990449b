"""Sweep: stored posts are looked up again, for no network but a stream tells by itself that one was deleted.

How often depends on a post's age, by the network's bands; those whose case is open come first, then the youngest.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from ingest import forget, pipeline
from ingest.doubt import doubtful
from ingest.match import judge_for
from ingest.pull import connect
from ingest.record import Deletion
from ingest.sources import load
from ingest.sources.base import Band, Page, Source as Connection, SourceError, Status, next_day
from ingest.tracked import tracked_by
from listening.models import Mention, Source
from listening.models.case import CLOSED
from listening.spending import allowance, bill

logger = logging.getLogger(__name__)
BATCH = 100
AHEAD = 2000
SECONDS = 100.0
"""How long one task sweeps before it rings again; below the lease, and that below every time limit of the workers."""
LEASE = timedelta(minutes=4)
PAUSE = timedelta(minutes=1)
TROUBLE = timedelta(minutes=5)
OLD_ONES = timedelta(minutes=20)
Stored = tuple[str, Any]
"""A post's external id, and what was kept beside it."""


@dataclass(slots=True)
class Swept:
    """What one sweep came to: posts that were `gone`, how many were `read`, whether all that was due is `done`."""

    gone: int = 0
    read: int = 0
    done: bool = False
    retry_at: datetime | None = None


def due(now: datetime) -> list[Source]:
    """Live sources whose stored posts should be looked up, and that nobody sweeps at this moment."""
    live = Source.objects.filter(state=Source.State.ON).filter(Q(next_sweep_at=None) | Q(next_sweep_at__lte=now))
    return [source for source in live if load(source.kind).sweeps(source.settings)]


def run(source_id: int, now: Callable[[], datetime], seconds: float = SECONDS) -> bool:
    """Sweep a source for a while, unless somebody else does. False: there is more to do, ring again."""
    if not Source.objects.claim_sweep(source_id, now(), LEASE):
        return True
    source = Source.objects.get(pk=source_id)
    until = time.monotonic() + seconds
    swept = sweep(source, now(), lambda: time.monotonic() >= until)
    pause = PAUSE if swept.done else timedelta()
    Source.objects.filter(pk=source_id).update(next_sweep_at=max(swept.retry_at or now(), now() + pause))
    return swept.done or swept.retry_at is not None


def sweep(source: Source, now: datetime, out_of_time: Callable[[], bool] = lambda: False) -> Swept:
    """Look up what is due until it is all done or time is over.

    An error of the network ends the sweep quietly: the source's own pull shows what is wrong. Where reading costs
    money it stays within the budget, is billed, and what it left unread stays due.
    """
    swept = Swept()
    allowed = allowance(source, load(source.kind).budget(source.settings), now)
    connection = connect(source, lambda: now, allowance=allowed, out_of_time=out_of_time)
    try:
        while not out_of_time() and (posts := _due(source, connection, now)):
            for start in range(0, len(posts), BATCH):
                if out_of_time() or not _read(source, connection, posts[start : start + BATCH], swept, now):
                    return swept
        swept.done = not out_of_time()
    except SourceError as error:
        logger.warning("the sweep of source %s stopped: %s", source.pk, error.sentence)
        swept.retry_at = max(error.retry_at or now, now + TROUBLE)
    finally:
        bill(source, connection.spent, now, connection.budget_zone)
    if swept.done and _old_ones_too(source, now):
        Source.objects.filter(pk=source.pk).update(old_sweep_at=now)
    return swept


def _read(source: Source, connection: Connection, posts: Sequence[Stored], swept: Swept, now: datetime) -> bool:
    """One batch. False when the budget is spent: then nothing more is asked for until tomorrow; or when the network
    shows nothing at all: then it is asked again before that is believed."""
    ids = [external_id for external_id, _ in posts]
    connection.stored = dict(posts)
    statuses: list[Status] = []
    whole = False
    try:
        statuses.extend(connection.hydrate(ids))
        whole = not (connection.budget_unit or connection.config.out_of_time())
    finally:  # whoever did not answer was asked, unless the round was broken off
        asked = ids if whole else [status.external_id for status in statuses]
        doubted = connection.leaves_out and doubtful(source.pk, statuses, now)
        if not doubted:
            swept.gone += _follow(source, asked, statuses, now)
            swept.read += len(statuses)
    if doubted:
        swept.retry_at = now + TROUBLE
        return False
    if connection.budget_unit and not asked and not connection.config.out_of_time():
        swept.retry_at = next_day(now, connection.budget_zone)
        return False
    return True


def _due(source: Source, connection: Connection, now: datetime) -> list[Stored]:
    """Posts that are due, each once, the most urgent first."""
    bands = _bands(connection.sweeps(source.settings), now)
    if not _old_ones_too(source, now):
        bands = bands[:1]
    kept = Mention.objects.filter(source=source, text_gone_at=None)
    posts: Any = kept.annotate(looked=Coalesce("swept_at", "collected_at"))
    worked = posts.filter(case__isnull=False).exclude(case__status__in=CLOSED).filter(reduce(or_, bands))
    columns = ["external_id", *(["raw"] if connection.remembers else [])]
    told: dict[str, Any] = {}
    for rows in (worked, *(posts.filter(band) for band in bands)):
        found = rows.order_by("looked", "pk").values_list(*columns)[: AHEAD - len(told)]
        told |= {row[0]: row[-1] for row in found if row[0] not in told}
        if len(told) >= AHEAD:
            break
    return list(told.items())


def _old_ones_too(source: Source, now: datetime) -> bool:
    """Looking through all that is kept takes a while, so it is done every twenty minutes."""
    return source.old_sweep_at is None or source.old_sweep_at <= now - OLD_ONES


def _bands(bands: Sequence[Band], now: datetime) -> list[Q]:
    """For each band: its posts that were not looked up for as long as it says."""
    wanted: list[Q] = []
    younger = timedelta()
    for band in bands:
        one = Q(looked__lte=now - band.every)
        if wanted:
            one &= Q(published_at__lt=now - younger)
        if band.age is not None:
            one &= Q(published_at__gte=now - band.age)
            younger = band.age
        wanted.append(one)
    return wanted


def _follow(source: Source, asked: list[str], statuses: list[Status], now: datetime) -> int:
    network = load(source.kind).network
    changed = [status.record for status in statuses if status.state == "changed" and status.record]
    if changed:
        brands = tuple(tracked_by(source))
        pipeline.take(pipeline.Place(source, "sweep"), Page(records=changed, cursor={}), judge_for(brands), now)
    mine = Mention.objects.filter(network=network)
    there = {status.external_id for status in statuses if status.state in ("alive", "changed", "hidden")}
    with transaction.atomic():
        gone = forget.follow(_deletions(network, statuses), now, source)
        mine.filter(external_id__in=there).update(swept_at=now, alive_at=now)
        mine.filter(external_id__in=[one for one in asked if one not in there]).update(swept_at=now)
        for public in (True, False):
            ids = [s.external_id for s in statuses if s.record and s.record.public_ok is public]
            mine.filter(external_id__in=ids, public_ok=not public).update(public_ok=public)
    return gone


def _deletions(network: str, statuses: Sequence[Status]) -> list[Deletion]:
    """What the answers mean. Who asked since not to be listened to goes, except where they speak to the brand."""
    by_state: dict[str, list[str]] = {}
    for status in statuses:
        by_state.setdefault(status.state, []).append(status.external_id)
    stored = Mention.objects.filter(network=network)
    unwilling = by_state.get("unwilling", [])
    kept = set(stored.filter(external_id__in=unwilling, is_addressed=True).values_list("external_id", flat=True))
    alive = by_state.get("alive", []) + by_state.get("changed", [])
    back = stored.filter(external_id__in=alive, hidden="takendown").values_list("external_id", flat=True).distinct()
    modes = {
        "delete": [*by_state.get("gone", []), *(one for one in unwilling if one not in kept)],
        "hide": by_state.get("hidden", []),
        "restore": list(back),
    }
    return [Deletion(network, "post", one, mode) for mode, ids in modes.items() for one in ids]  # type: ignore[arg-type]
