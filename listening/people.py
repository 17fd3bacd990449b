"""People in the tables: keyed hashes of many at once, who stepped out, and the lock that makes that stick."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection
from django.db.models import F, Q, QuerySet

from listening.handles import id_of
from listening.models import Author, OptOut, Withheld
from listening.secrets import peppers, person_hash, person_key, person_keys

OPT_OUT_LOCK = 7_309_001
"""Advisory lock: whoever stores mentions holds it shared, whoever erases a person holds it alone."""

WISHES = "SELECT key, scope FROM listening_optout WHERE key = ANY (%s::text[])"

Person = tuple[str, str]


def keys_of(people: Iterable[Person]) -> dict[Person, tuple[int, str]]:
    """(network, stable id) -> (key version, HMAC)."""
    return {(network, stable_id): person_key(network, stable_id) for network, stable_id in set(people)}


def hold_shared() -> None:
    """Wait for erasures and keep further ones out until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [OPT_OUT_LOCK])


def hold_alone() -> None:
    """Wait until nobody stores mentions and keep them out until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [OPT_OUT_LOCK])


def handle_person(network: str, handle: str) -> Person:
    """Somebody by their handle, as a key of its own beside the stable id."""
    return network, f"@{handle.lstrip('@').casefold()}"


def names_of(network: str, stable_id: str | None, handle: str | None) -> list[Person]:
    """Somebody by all that is known of them: a wish may have been kept under either."""
    known = stable_id or id_of(network, handle or "")
    by_id = [(network, known)] if known else []
    return [*by_id, handle_person(network, handle)] if handle else by_id


def opted_out(people: Iterable[Person]) -> set[Person]:
    """Those of these people who do not want to be listened to."""
    return {person for person, scope in wishes(people) if scope == OptOut.Scope.LISTEN}


def _by_key(people: Iterable[Person]) -> dict[str, Person]:
    """Each of them under every pepper."""
    known = peppers()
    return {person_hash(pepper, *person): person for person in set(people) for _, pepper in known}


def wishes(people: Iterable[Person]) -> set[tuple[Person, str]]:
    """(person, scope) for each wish that was kept of these people, whichever pepper it was kept under."""
    owner = _by_key(people)
    if not owner:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(WISHES, ["{%s}" % ",".join(owner)])  # noqa: UP031 (hex, in braces)
        return {(owner[key], scope) for key, scope in cursor.fetchall()}


def keep_uncontacted(people: Iterable[Person]) -> None:
    """Who asked by handle or under an older pepper not to be contacted is known by id and newest pepper from now."""
    keys = keys_of(people)
    rows = [
        OptOut(network=network, key_version=version, key=key, scope=OptOut.Scope.CONTACT, reason="carried over")
        for (network, _), (version, key) in keys.items()
    ]
    OptOut.objects.bulk_create(rows, ignore_conflicts=True)


def count_withheld(dropped: Iterable[tuple[int, str, datetime]]) -> None:
    """Remember that posts of opted-out people were dropped: a number per brand, network and day, nothing else."""
    counts = Counter((brand, network, at.date()) for brand, network, at in dropped)
    for (brand, network, day), n in counts.items():
        row, _ = Withheld.objects.get_or_create(brand_id=brand, network=network, day=day)
        Withheld.objects.filter(pk=row.pk).update(n=F("n") + n)


def hashes_of(network: str, told: Mapping[str, str]) -> set[str]:
    """The keyed hashes of somebody under every pepper; `told` holds "handle", "id" or both."""
    names = names_of(network, told.get("id"), told.get("handle"))
    return {key for name in names for _, key in person_keys(*name)}


def authors_of(network: str, told: Mapping[str, str]) -> QuerySet[Author]:
    """The rows of somebody. By handle they are found while it is kept: 30 days after they were last read it is gone."""
    handle = told.get("handle", "").lstrip("@")
    known = Q(key__in=hashes_of(network, told))
    return Author.objects.filter(known | Q(handle__iexact=handle) if handle else known, network=network)
