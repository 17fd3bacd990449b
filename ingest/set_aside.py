"""Set aside: what was never understood goes with the person whom it names."""

import json
from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from ingest.sources import CATALOGUE, load
from listening.models import Quarantine


def forget(network: str, names: Iterable[str]) -> int:
    """Delete posts of this network that were set aside and hold one of these names as a whole value, or as a word of
    a frame that was no JSON at all. Returns how many went."""
    wanted = [name for name in names if name]
    if not wanted:
        return 0
    there = Quarantine.objects.order_by().values_list("source__kind", flat=True).distinct()
    kinds = [kind for kind in there if kind in CATALOGUE and load(kind).network in (network, "web")]
    rows = Quarantine.objects.filter(source__kind__in=kinds).annotate(told=Cast("raw", TextField()))
    return sum(rows.filter(_holds(name)).delete()[0] for name in wanted) if kinds else 0


def _holds(name: str) -> Q:
    """One after the other, and each narrowed to what an index of the text finds: a stream tells of accounts that left
    all day long, nearly all of people of whom nothing is here."""
    whole = reduce(or_, (Q(told__icontains=one) for one in _as_told(name)))
    return whole if set(name) & set('"\\') else Q(told__icontains=name) & whole


def _as_told(name: str) -> list[str]:
    """With its quotes, so that a short name is not found inside of a longer one; and as it stands inside of a text."""
    whole = json.dumps(name, ensure_ascii=False)  # as Postgres writes JSON
    at = json.dumps(f"@{name}", ensure_ascii=False)
    return [whole, at, json.dumps(whole)[1:-1], f"'{name}'", f" {name} | ", f"| {name} |"]
