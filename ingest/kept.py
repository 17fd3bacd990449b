"""Kept: what a network's own terms no longer let us keep (listening.retention says how long) is taken out."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Q

from ingest.emptying import empty
from ingest.sources import CATALOGUE, load
from listening.models import Author, Cursor, Mention, Quarantine, Source
from listening.retention import KEPT, Kept

BATCH = 2000
NOTHING = "gone:"
"""Begins the random id of a mention whose own id must not be kept."""
NAMES = "below"
"""Where cursors of readings under way keep names of posts; one that nobody goes on with keeps them no longer either."""
RELATIONS: dict[str, Any] = dict.fromkeys(("reply_to", "thread_root", "quote_of", "repost_of", "community"), "")


def expire_by_terms(now: datetime) -> int:
    """Take what a network's terms no longer let us keep. Mentions stay as rows without anything of the post, so that
    the counts of their hours stay; works in batches. Returns how many were emptied."""
    return sum(_expire(network, kept, now) for network, kept in KEPT.items())


def _expire(network: str, kept: Kept, now: datetime) -> int:
    if kept.text is None:
        return 0
    old = Mention.objects.filter(network=network, collected_at__lt=now - kept.text)
    due = old.filter(text_gone_at=None) if kept.ids else old.exclude(external_id__startswith=NOTHING)
    emptied = 0
    while ids := list(due.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        emptied += _empty(ids, kept, now)
    Author.objects.filter(network=network, mentions=None, seen_at__lt=now - kept.text).delete()
    there = Source.objects.order_by().values_list("kind", flat=True).distinct()
    own = [kind for kind in there if kind in CATALOGUE and load(kind).network == network]
    aside = Quarantine.objects.filter(Q(raw__record__network=network) | Q(source__kind__in=own))
    aside.filter(created_at__lt=now - kept.text).delete()
    if not kept.ids:
        under_way = Cursor.objects.filter(source__kind__in=own, value__has_key=NAMES)
        under_way.filter(moved_at__lt=now - kept.text).delete()
    return emptied


@transaction.atomic
def _empty(ids: list[int], kept: Kept, now: datetime) -> int:
    if kept.ids:
        return empty(ids, now)
    for row in (found := list(Mention.objects.filter(pk__in=ids).only("pk"))):
        row.external_id = f"{NOTHING}{uuid4()}"
    Mention.objects.bulk_update(found, ["external_id"])
    return empty(ids, now, group_key=None, edited_at=None, **RELATIONS)
