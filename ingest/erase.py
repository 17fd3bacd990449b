"""Erase: everything of a person that any table or folder holds."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import QuerySet

from ingest import set_aside, uploaded
from ingest.purge import purge
from listening.models import Author, Contact, Mention, Source
from listening.people import names_of
from listening.secrets import person_keys


def erase(
    network: str,
    authors: QuerySet[Author],
    names: Sequence[str],
    now: datetime,
    source: Source | None = None,
    deleted_at: datetime | None = None,
) -> int:
    """Everything of these accounts of one person: mentions with their cases, reposts of them, letters that quote them,
    what was set aside, what waits in files to be imported, and the account itself.

    `names` are their ids and handles where known, for what was never understood; `source` and `deleted_at` as in
    `purge`. Returns how many mentions went. Call in a transaction.
    """
    told = {*filter(None, names), *filter(None, authors.values_list("handle", flat=True))}
    _unname_contacts(network, authors)
    found = Mention.objects.filter(author__in=list(authors.values_list("pk", flat=True))).values_list("pk", flat=True)
    repeated = Mention.objects.filter(network=network, repost_author__in=_keys(network, told)).exclude(repost_author="")
    ids = {*found, *repeated.values_list("pk", flat=True)}
    gone = purge(Mention.objects.filter(pk__in=ids), now, source, deleted_at)
    set_aside.forget(network, told)
    uploaded.forget(network, told)
    authors.delete()
    return gone


def _keys(network: str, names: Iterable[str]) -> list[str]:
    """Under every pepper, as an id and as a handle: what a name is, nobody said."""
    people = [person for name in names for person in names_of(network, name, name)]
    return [key for person in people for _, key in person_keys(*person)]


def _unname_contacts(network: str, authors: QuerySet[Author]) -> None:
    """That somebody was answered still counts; who it was can't be found out any more, not by the pepper either."""
    keys = list(authors.values_list("key", flat=True))
    Contact.objects.filter(network=network, key__in=keys).update(key=secrets.token_hex(32))
