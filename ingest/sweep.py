"""Sweep: read stored posts again where a network does not tell deletions by itself."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from ingest import forget, pipeline
from ingest.match import judge_for
from ingest.pull import allowance, bill, connect
from ingest.record import Deletion
from ingest.sources import load
from ingest.sources.base import Page, SourceError, Status
from ingest.tracked import tracked_by
from listening.models import Mention, Source

logger = logging.getLogger(__name__)
BATCH = 100
BATCHES = 5
NEW = timedelta(hours=24)
OLD = timedelta(days=30)


def sweep_due(now: datetime) -> int:
    """Sweep every live source once, a few batches each. Returns how many posts were found gone."""
    return sum(sweep(source, now) for source in Source.objects.filter(state=Source.State.ON) if _sweeps(source))


def sweep(source: Source, now: datetime) -> int:
    """Read the posts again that were not looked at for longest; young ones more often than old ones.

    An error of the network ends the sweep of this source quietly: its own pull shows what is wrong. Where reading
    costs money it stays within the budget, is billed, and what it left unread stays due.
    """
    gone = 0
    connection = connect(source, lambda: now, allowance=allowance(source, now))
    for _ in range(BATCHES):
        ids = _due(source, now)
        if not ids:
            break
        try:
            statuses = list(connection.hydrate(ids))
        except SourceError as error:
            logger.warning("the sweep of source %s stopped: %s", source.pk, error.sentence)
            break
        read = [status.external_id for status in statuses] if connection.budget_unit else ids
        gone += _follow(source, read, statuses, now)
        if connection.budget_unit and not read:
            break
    bill(source, connection.spent, now)
    return gone


def _sweeps(source: Source) -> bool:
    return load(source.kind).policy.sweep_days is not None


def _due(source: Source, now: datetime) -> list[str]:
    kind = load(source.kind)
    often = timedelta(days=int(source.settings.get("sweep_days") or kind.policy.sweep_days or 1))
    soon = often if kind.budget_unit else timedelta(hours=1)
    young = Q(published_at__gte=now - NEW) & (Q(swept_at=None) | Q(swept_at__lt=now - soon))
    older = Q(published_at__gte=now - OLD) & (Q(swept_at=None) | Q(swept_at__lt=now - often))
    due = Mention.objects.filter(source=source, text_gone_at=None, collected_at__lt=now - timedelta(minutes=15))
    rows = due.filter(young | older).order_by(F("swept_at").asc(nulls_first=True), "pk")
    return list(dict.fromkeys(rows.values_list("external_id", flat=True)[:BATCH]))


def _follow(source: Source, ids: list[str], statuses: list[Status], now: datetime) -> int:
    network = load(source.kind).network
    modes = {"gone": "delete", "hidden": "hide"}
    deletions = [Deletion(network, "post", s.external_id, modes[s.state]) for s in statuses if s.state in modes]  # type: ignore[arg-type]
    changed = [status.record for status in statuses if status.state == "changed" and status.record]
    if changed:
        brands = tuple(tracked_by(source))
        pipeline.take(pipeline.Place(source, "sweep"), Page(records=changed, cursor={}), judge_for(brands), now)
    with transaction.atomic():
        gone = forget.follow(deletions, now)
        Mention.objects.filter(source=source, external_id__in=ids).update(swept_at=now)
    return gone
