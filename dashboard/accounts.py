"""Accounts: a brand's own accounts on one network, many added at once; each line gets an answer of its own.

What is wrong with one line loses none of the others, and what can't be looked up now is added all the same.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard import audit, connect
from ingest.sources import CATALOGUE, load
from ingest.sources.base import Found, Source as Connection, SourceError
from listening.handles import NETWORKS, normal
from listening.models import Brand, Handle, Source, User
from listening.revise import ring_sources
from listening.secrets import Unreadable, unseal
from listening.spending import allowance, bill

SECONDS = 20.0
"""How long a page may wait for a network."""
MADE_UP = "The sample brand’s accounts are made up: nobody is asked."
NOBODY = "No source of this brand can look accounts up here."
TOO_SLOW = "The network did not answer in time."
LABELS = {
    "added": "Added",
    "unchecked": "Added, can’t be checked now",
    "exists": "Already there",
    "suspended": "Suspended or switched off",
    "not_found": "Not found",
    "malformed": "No handle",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line as it was written, what became of it (of LABELS), and why where that needs a sentence."""

    written: str
    state: str
    why: str = ""

    @property
    def label(self) -> str:
        return LABELS[self.state]

    @property
    def kept(self) -> bool:
        """Whether the brand has this account now."""
        return self.state in ("added", "unchecked", "exists")


def add_accounts(brand: Brand, network: str, written: Iterable[str], user: User, now: datetime) -> list[Row]:
    """Add those that can be, once; a row for each line, in the order of the lines."""
    read = [(line, *_read(network, line)) for line in written]
    have = set(brand.handles.filter(network=network).values_list("handle", flat=True))
    new = list(dict.fromkeys(handle for _, handle, _ in read if handle and handle not in have))
    found = _look_up(brand, network, new, now)
    good = [handle for handle in new if found[handle].state in ("there", "unknown")]
    made = [Handle(brand=brand, network=network, handle=one, external_id=found[one].id) for one in good]
    Handle.objects.bulk_create(made, ignore_conflicts=True)
    if good:
        audit.note(user, "changed brand", brand, brand.name, network=NETWORKS[network], accounts_added=len(good))
        ring_sources(brand)
    return list(_rows(read, have, found))


def _read(network: str, line: str) -> tuple[str, str]:
    """The handle, or "" and why there is none."""
    try:
        return normal(network, line), ""
    except ValueError as error:
        return "", str(error)


def _rows(read: Iterable[tuple[str, str, str]], have: set[str], found: Mapping[str, Found]) -> Iterator[Row]:
    states = {"there": "added", "unknown": "unchecked"}
    kept = set(have)
    for line, handle, why in read:
        if not handle:
            yield Row(line, "malformed", why)
        elif handle in kept:
            yield Row(line, "exists")
        else:
            one = found[handle]
            row = Row(line, states.get(one.state, one.state), one.why)
            kept |= {handle} if row.kept else set()
            yield row


def _look_up(brand: Brand, network: str, handles: list[str], now: datetime) -> dict[str, Found]:
    """What the network says of each; "unknown" where it can't be asked."""
    if not handles:
        return {}
    row, source = (None, None) if brand.is_sample else _connection(brand, network, now)
    if source is None:
        return dict.fromkeys(handles, Found("unknown", why=MADE_UP if brand.is_sample else NOBODY))
    found = dict.fromkeys(handles, Found("unknown", why=TOO_SLOW)) | connect.accounts(source, handles, SECONDS)
    if row:
        bill(row, source.spent, now, source.budget_zone)
    return found


def _connection(brand: Brand, network: str, now: datetime) -> tuple[Source | None, Connection | None]:
    """The brand's own source of this network, else the network as it comes where that needs no account."""
    until = time.monotonic() + SECONDS
    bounds: dict[str, Any] = {"out_of_time": lambda: time.monotonic() >= until}
    kinds = [kind for kind in CATALOGUE if load(kind).network == network and load(kind).finds_accounts]
    for row in brand.sources.filter(kind__in=kinds).exclude(state=Source.State.PAUSED).order_by("pk"):
        try:
            told = unseal(row.credentials)
            kind = load(row.kind)
            allowed = allowance(row, kind.budget(row.settings), now)
            return row, connect.connection(kind, row.settings, told, allowance=allowed, **bounds)
        except (Unreadable, SourceError):
            continue
    free = next((load(kind) for kind in kinds if not load(kind).needs_account), None)
    return None, connect.connection(free, {}, {}, **bounds) if free else None
