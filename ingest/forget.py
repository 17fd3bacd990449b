"""Forget: what was deleted, hidden or has become too old leaves every table that holds it."""

import hmac
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from ingest.forget_names import forget_names
from ingest.record import Deletion, Record
from ingest.sources import text_limits
from listening.models import Author, Brand, Issue, Mention, Quarantine, Tombstone
from listening.people import Person
from listening.retention import days_kept
from listening.secrets import person_keys

TOMBSTONES_KEPT = timedelta(days=30)
BATCH = 2000
_QUOTED = re.compile(r"/mentions/(\d+)/")
EMPTY: dict[str, Any] = {"text": "", "folded": "", "title": "", "url": "", "raw": None, "links": [], "spans": {}}


def tombstone_key(network: str, external_id: str) -> str:
    """HMAC-SHA256 of a post's id, so that the stone itself tells nothing about the post."""
    pepper = settings.EARSHOT_PEPPERS[max(settings.EARSHOT_PEPPERS)]
    return hmac.digest(pepper.encode(), f"post:{network}:{external_id}".encode(), "sha256").hex()


def tombstone_keys(posts: Iterable[Person]) -> dict[Person, str]:
    return {post: tombstone_key(*post) for post in set(posts)}


def follow(deletions: Sequence[Deletion], now: datetime) -> int:
    """Do to stored mentions what happened to their posts. Returns how many rows changed. Call in a transaction."""
    return sum(
        _follow_posts(network, mode, ids, now) for (network, mode), ids in _grouped(deletions, "post").items()
    ) + sum(_follow_authors(network, mode, ids, now) for (network, mode), ids in _grouped(deletions, "author").items())


def _grouped(deletions: Sequence[Deletion], what: str) -> dict[tuple[str, str], list[str]]:
    groups: dict[tuple[str, str], list[str]] = {}
    for deletion in deletions:
        if deletion.what == what:
            groups.setdefault((deletion.network, deletion.mode), []).append(deletion.id)
    return groups


def _follow_posts(network: str, mode: str, ids: list[str], now: datetime) -> int:
    found = Mention.objects.filter(network=network, external_id__in=ids)
    if mode == "delete":
        return _purge(found, now)
    return _hide(found, mode)


def _follow_authors(network: str, mode: str, ids: list[str], now: datetime) -> int:
    keys = [key for one in ids for _, key in person_keys(network, one)]
    authors = Author.objects.filter(network=network, key__in=keys)
    found = Mention.objects.filter(author__in=authors)
    if mode != "delete":
        return _hide(found, mode)
    return erase(authors, ids, now)


def erase(authors: QuerySet[Author], names: Sequence[str], now: datetime) -> int:
    """Everything of these people: mentions with their cases, letters that quote them, what was set aside, themselves.

    `names` are their ids and handles where known, for what was set aside and never understood. Returns how many
    mentions went. Call in a transaction.
    """
    found = Mention.objects.filter(author__in=authors)
    _forget_letters(set(found.values_list("pk", flat=True)))
    for name in filter(None, names):
        told = json.dumps(name)  # with its quotes, so that a short name is not found inside of a longer one
        Quarantine.objects.annotate(told=Cast("raw", TextField())).filter(told__contains=told).delete()
    gone = _purge(found, now)
    authors.delete()
    return gone


def _forget_letters(mentions: set[int]) -> None:
    """Empty the archived digests that quote one of these mentions: each quote carries the mention's address."""
    if not mentions:
        return
    letters = Issue.objects.exclude(text="").only("pk", "text")
    quoting = [one.pk for one in letters.iterator() if mentions & set(map(int, _QUOTED.findall(one.text)))]
    Issue.objects.filter(pk__in=quoting).update(html="", text="")


def drop_unconcerned(records: Sequence[Record], concerned: Mapping[Person, set[int]], brands: set[int]) -> int:
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
    return Mention.objects.filter(pk__in=gone).delete()[0] if gone else 0


def _hide(found: QuerySet[Mention], mode: str) -> int:
    mentions = found.order_by("pk").select_for_update()
    ids = list(mentions.values_list("pk", flat=True))
    rows = Mention.objects.filter(pk__in=ids)
    if mode == "restore":
        return rows.filter(hidden="takendown").update(hidden="")
    return rows.filter(hidden="").update(hidden="takendown")


def _purge(found: QuerySet[Mention], now: datetime) -> int:
    """Delete rows in the order of their keys, as writers lock them, and leave tombstones."""
    locked = found.order_by("brand_id", "network", "external_id").select_for_update()
    rows = list(locked.values_list("pk", "network", "external_id"))
    stones = {tombstone_key(network, external_id): network for _, network, external_id in rows}
    Tombstone.objects.bulk_create(
        [Tombstone(network=network, key=key, deleted_at=now) for key, network in stones.items()], ignore_conflicts=True
    )
    Mention.objects.filter(pk__in=[pk for pk, _, _ in rows]).delete()
    return len(rows)


def too_old(now: datetime, limits: Mapping[str, int]) -> Iterator[Q]:
    """Which mentions are kept too long, a brand and its exceptions at a time, so that its index of times answers."""
    for brand in Brand.objects.order_by("pk"):
        kept = days_kept(brand, limits)
        before = now - timedelta(days=brand.retention_days)
        yield Q(brand=brand, published_at__lt=before) & ~Q(network__in=list(kept))
        for network, days in kept.items():
            yield Q(brand=brand, network=network, published_at__lt=now - timedelta(days=days))


def _empty(old: Q, now: datetime) -> int:
    found, texts = Mention.objects.filter(old, text_gone_at=None), 0
    while ids := list(found.values_list("pk", flat=True)[:BATCH]):
        texts += Mention.objects.filter(pk__in=ids).update(text_gone_at=now, author=None, complaint_reasons=[], **EMPTY)
    return texts


def expire(now: datetime) -> dict[str, int]:
    """Take the text of mentions that are kept too long, names that were shown long enough, and old stones.

    The rows stay, so that counts stay. Works in batches; returns counts per kind.
    """
    texts = sum(_empty(old, now) for old in too_old(now, text_limits()))
    names = forget_names(now)
    stones, _ = Tombstone.objects.filter(deleted_at__lt=now - TOMBSTONES_KEPT).delete()
    return {"texts": texts, "names": names, "tombstones": stones}
