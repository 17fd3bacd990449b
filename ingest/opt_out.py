"""Opt-out: a person steps out of being listened to, or of being contacted; only keyed hashes of them are kept.

Who is known by a stable id is found by it for ever; who is known by a handle alone is found by it until they change it,
and by their id as soon as a post of theirs arrives.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from ingest.erase import erase
from listening import people
from listening.models import Author, OptOut
from listening.secrets import person_keys

Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What stepping out did: `new` False when the person had stepped out before, `mentions` rows that went."""

    new: bool
    mentions: int


def opt_out(
    network: str,
    stable_id: str,
    reason: str,
    now: datetime,
    scope: str = OptOut.Scope.LISTEN,
    handle: str = "",
) -> Receipt:
    """Keep somebody's wish, and where they don't want to be listened to, erase them.

    `stable_id` as in `Account.id`, "" where only the handle is known. The lock makes it stick: a page of posts that is
    being stored meanwhile is either stored before, and erased here, or looks at the registry after.
    """
    handle = handle.lstrip("@")
    keys = [key for name in people.names_of(network, stable_id, handle) for key in person_keys(*name)]
    with transaction.atomic():
        people.hold_alone()
        authors = _authors(network, keys, handle)
        keys += authors.values_list("key_version", "key")
        new = _keep(network, keys, scope, reason)
        gone = erase(network, authors, [stable_id, handle], now) if scope == OptOut.Scope.LISTEN else 0
    return Receipt(new, gone)


def _authors(network: str, keys: list[Key], handle: str) -> QuerySet[Author]:
    known = Q(key__in=[key for _, key in keys])
    return Author.objects.filter(known | Q(handle__iexact=handle) if handle else known, network=network)


def _keep(network: str, keys: list[Key], scope: str, reason: str) -> bool:
    """A row for each key, so that authors stored under an older pepper are found as well. False if all were there."""
    rows = [
        OptOut(network=network, key_version=version, key=key, scope=scope, reason=reason)
        for version, key in dict.fromkeys(keys)
    ]
    before = OptOut.objects.filter(network=network, scope=scope, key__in=[row.key for row in rows]).exists()
    OptOut.objects.bulk_create(rows, ignore_conflicts=True)
    return not before
