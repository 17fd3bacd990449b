"""Revise: a query gets a new text, and the text that was live stays in its history."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from listening.models import Brand, Query, QueryVersion, Source, User


class Outdated(Exception):
    """Somebody else changed the query after it was read."""


@transaction.atomic
def begin(brand: Brand, name: str, text: str, author: User | None, **values: object) -> Query:
    """A new query with its first version."""
    query = Query.objects.create(brand=brand, name=name, text=text, **values)
    QueryVersion.objects.create(query=query, number=query.version, text=text, author=author)
    return query


@transaction.atomic
def revise(query: Query, text: str, author: User | None) -> bool:
    """Make `text` live under the next version number; False when it already is. Raises Outdated.

    `query` carries the version that the author saw.
    """
    if Query.objects.filter(pk=query.pk, version=query.version, text=text).exists():
        return False
    former = Query.objects.values_list("text", flat=True).get(pk=query.pk)
    changed = Query.objects.filter(pk=query.pk, version=query.version).update(
        text=text, version=F("version") + 1, changed_at=timezone.now()
    )
    if not changed:
        raise Outdated(
            "Somebody else changed this query since you opened it. Look at their text, then change it again."
        )
    # Queries that were not made through `begin` have no first version yet.
    QueryVersion.objects.get_or_create(query=query, number=query.version, defaults={"text": former})
    query.text, query.version = text, query.version + 1
    QueryVersion.objects.create(query=query, number=query.version, text=text, author=author)
    return True


def ring_sources(brand: Brand) -> int:
    """Let the sources of a brand pull at once instead of at their next turn. Returns how many."""
    now = timezone.now()
    return Source.objects.filter(brands=brand, state=Source.State.ON, next_pull_at__gt=now).update(next_pull_at=now)
