"""Forget: what was deleted, hidden or has become too old leaves every table that holds it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from ingest import set_aside, uploaded
from ingest.emptying import empty
from ingest.erase import erase
from ingest.forget_names import forget_names
from ingest.kept import expire_by_terms
from ingest.purge import purge
from ingest.record import Deletion, Record
from listening.models import Author, Brand, BulkChange, Delivery, Mention, Quarantine, Selection, Source, Tombstone
from listening.models.selection import KEPT_FOR
from listening.people import Person
from listening.retention import days_kept
from listening.secrets import person_keys

TOMBSTONES_KEPT = timedelta(days=30)
SET_ASIDE_KEPT = timedelta(days=30)
DELIVERIES_KEPT = timedelta(days=30)
BATCH = 2000


def follow(deletions: Sequence[Deletion], now: datetime, source: Source | None = None) -> int:
    """Do to stored mentions what happened to their posts. Returns how many rows changed. Call in a transaction.

    With `source`, the one that told, the delay from each deletion to now is counted.
    """
    changed = 0
    for (network, what, mode), group in _grouped(deletions).items():
        ids = {deletion.id: deletion.at for deletion in group}
        follows = _follow_posts if what == "post" else _follow_authors
        changed += follows(network, mode, ids, now, source)
    return changed


def _grouped(deletions: Sequence[Deletion]) -> dict[tuple[str, str, str], list[Deletion]]:
    groups: dict[tuple[str, str, str], list[Deletion]] = {}
    for deletion in deletions:
        groups.setdefault((deletion.network, deletion.what, deletion.mode), []).append(deletion)
    return dict(sorted(groups.items(), key=lambda group: group[0][1] != "post"))


def _follow_posts(
    network: str, mode: str, ids: Mapping[str, datetime | None], now: datetime, source: Source | None
) -> int:
    found = Mention.objects.filter(network=network, external_id__in=list(ids))
    return purge(found, now, source, ids) if mode == "delete" else _hide(found, mode)


def _follow_authors(
    network: str, mode: str, ids: Mapping[str, datetime | None], now: datetime, source: Source | None
) -> int:
    """A stream tells of everybody's accounts, so that most of these wrote nothing that is here."""
    owner = {key: one for one in ids for _, key in person_keys(network, one)}
    authors = Author.objects.filter(network=network, key__in=list(owner))
    if mode != "delete":
        return _hide(Mention.objects.filter(author__in=authors), mode)
    known = {owner[key] for key in authors.values_list("key", flat=True)}
    set_aside.forget(network, [one for one in ids if one not in known])
    return sum(
        erase(network, authors.filter(key__in=[key for _, key in person_keys(network, one)]), [one], now, source, at)
        for one, at in ids.items()
        if one in known
    )


def drop_unconcerned(
    records: Sequence[Record], concerned: Mapping[Person, set[int]], brands: set[int], now: datetime
) -> int:
    """An edit may take a brand's name out of a post: then the mention goes. Returns how many rows went.

    `concerned` holds the brands that each post still concerns, of the `brands` that were asked.
    """
    edited = [(record.network, record.external_id) for record in records if record.edited_at]
    gone = []
    for network in {network for network, _ in edited}:
        ids = [external_id for one, external_id in edited if one == network]
        stored = Mention.objects.filter(network=network, external_id__in=ids, brand__in=brands)
        gone += [
            pk
            for pk, external_id, brand in stored.values_list("pk", "external_id", "brand_id")
            if brand not in concerned.get((network, external_id), set())
        ]
    return purge(Mention.objects.filter(pk__in=gone), now, gone=False) if gone else 0


def _hide(found: QuerySet[Mention], mode: str) -> int:
    mentions = found.order_by("pk").select_for_update()
    ids = list(mentions.values_list("pk", flat=True))
    rows = Mention.objects.filter(pk__in=ids)
    if mode == "restore":
        return rows.filter(hidden="takendown").update(hidden="")
    return rows.filter(hidden="").update(hidden="takendown")


def too_old(now: datetime) -> Iterator[Q]:
    """Which mentions are kept too long, a brand and its exceptions at a time, so that its index of times answers."""
    for brand in Brand.objects.order_by("pk"):
        kept = days_kept(brand)
        before = now - timedelta(days=brand.retention_days)
        yield Q(brand=brand, published_at__lt=before) & ~Q(network__in=list(kept))
        for network, days in kept.items():
            yield Q(brand=brand, network=network, published_at__lt=now - timedelta(days=days))


def _empty(old: Q, now: datetime) -> int:
    found, texts = Mention.objects.filter(old, text_gone_at=None), 0
    while ids := list(found.values_list("pk", flat=True)[:BATCH]):
        texts += empty(ids, now)
    return texts


def expire(now: datetime) -> dict[str, int]:
    """Take the text of mentions that are kept too long, names that were shown long enough, and old stones.

    The rows stay, so that counts stay. Works in batches; returns counts per kind.
    """
    texts = sum(_empty(old, now) for old in too_old(now))
    names = forget_names(now)
    stones, _ = Tombstone.objects.filter(deleted_at__lt=now - TOMBSTONES_KEPT).delete()
    return {"texts": texts, "names": names, "tombstones": stones} | _expire_otherwise(now)


def _expire_otherwise(now: datetime) -> dict[str, int]:
    """What networks' terms no longer let us keep, posts set aside long ago, files that nobody imported, the log of
    webhooks, and what changes of many cases were made from: it holds words that somebody looked for, and reasons that
    somebody wrote."""
    aside, _ = Quarantine.objects.filter(created_at__lt=now - SET_ASIDE_KEPT).delete()
    told, _ = Delivery.objects.filter(queued_at__lt=now - DELIVERIES_KEPT).delete()
    BulkChange.objects.filter(created_at__lt=now - KEPT_FOR).delete()
    Selection.objects.filter(created_at__lt=now - KEPT_FOR).delete()
    return {"by terms": expire_by_terms(now), "set aside": aside, "files": uploaded.expire(now), "deliveries": told}
