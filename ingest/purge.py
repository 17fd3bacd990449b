"""Purge: mentions go with everything that hangs on them, a keyed hash stays for a while, and the delay is counted."""

import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.models import CASCADE, SET_NULL, QuerySet
from django.db.models.functions import Coalesce

from ingest import letters
from listening.models import Author, Mention, Source, Tombstone
from listening.models.purge_delay import count_delays
from listening.people import Person
from listening.retention import kept_by


def tombstone_key(network: str, external_id: str) -> str:
    """HMAC-SHA256 of a post's id, so that the stone itself tells nothing about the post."""
    pepper = settings.EARSHOT_PEPPERS[max(settings.EARSHOT_PEPPERS)]
    return hmac.digest(pepper.encode(), f"post:{network}:{external_id}".encode(), "sha256").hex()


def tombstone_keys(posts: Iterable[Person]) -> dict[Person, str]:
    return {post: tombstone_key(*post) for post in set(posts)}


def purge(
    found: QuerySet[Mention],
    now: datetime,
    source: Source | None = None,
    deleted_at: Mapping[str, datetime | None] | datetime | None = None,
    gone: bool = True,
) -> int:
    """Delete rows in the order of their keys, as writers lock them, and leave tombstones where a network allows them.

    Reposts of these posts go as well, for they are the same words, archived letters that quote one are emptied, and
    an author of whom nothing else is here goes too.
    `gone=False`: the posts are still at their network and only concern nobody here any more; then no stone stays, for
    they may concern somebody again, and others' reposts are judged by themselves.
    With `source` the delay is counted: from `deleted_at` (by external id, or for all) where the network told it, else
    from when the post was last seen alive. Returns how many rows went. Call in a transaction.
    """
    alive = Coalesce("alive_at", "collected_at")
    locked = found.annotate(alive=alive).order_by("brand_id", "network", "external_id").select_for_update()
    rows = list(locked.values_list("pk", "network", "external_id", "alive", "author_id"))
    if not rows:
        return 0
    posts = {(network, external_id): alive for _, network, external_id, alive, _ in rows}
    if gone:
        _leave_stones(posts, now)
    if source is not None:
        _count(source, posts, deleted_at, now)
    authors = {pk: author for pk, *_, author in rows} | (_reposts(posts) if gone else {})
    letters.forget(authors)
    _delete(list(authors))
    Author.objects.filter(pk__in=set(filter(None, authors.values())), mentions=None).delete()
    return len(authors)


def _delete(ids: list[int]) -> None:
    """What Django's delete() does, with one statement for all mentions instead of one for each hundred: the triggers
    of the tally work once a statement. A relation that is new and not listed in the models' own words is refused by
    the database."""
    for relation in Mention._meta.related_objects:
        rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": ids})
        if relation.on_delete is CASCADE:
            rows.delete()
        elif relation.on_delete is SET_NULL:
            rows.update(**{relation.field.name: None})
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM listening_mention WHERE id = ANY(%s)", [ids])


def _leave_stones(posts: Iterable[Person], now: datetime) -> None:
    stones = [
        Tombstone(network=network, key=tombstone_key(network, external_id), deleted_at=now)
        for network, external_id in posts
        if kept_by(network).tombstones
    ]
    Tombstone.objects.bulk_create(stones, ignore_conflicts=True)


def _reposts(posts: Iterable[Person]) -> dict[int, int | None]:
    """Row id -> id of whoever repeated one of these posts."""
    found: dict[int, int | None] = {}
    by_network: dict[str, list[str]] = {}
    for network, external_id in posts:
        by_network.setdefault(network, []).append(external_id)
    for network, ids in by_network.items():
        rows = Mention.objects.exclude(repost_of="").filter(network=network, repost_of__in=ids)
        found |= dict(rows.order_by("brand_id", "external_id").select_for_update().values_list("pk", "author_id"))
    return found


def _count(
    source: Source,
    posts: Mapping[Person, datetime],
    deleted_at: Mapping[str, datetime | None] | datetime | None,
    now: datetime,
) -> None:
    gone: dict[str, list[tuple[datetime, bool]]] = {}
    for (network, external_id), alive in posts.items():
        at = deleted_at.get(external_id) if isinstance(deleted_at, Mapping) else deleted_at
        gone.setdefault(network, []).append((at or alive, at is not None))
    for network, one in gone.items():
        count_delays(source, network, one, now)
