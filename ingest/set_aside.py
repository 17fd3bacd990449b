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
    wanted = [told for name in names for told in _as_told(name)]
    if not wanted:
        return 0
    there = Quarantine.objects.order_by().values_list("source__kind", flat=True).distinct()
    kinds = [kind for kind in there if kind in CATALOGUE and load(kind).network in (network, "web")]
    rows = Quarantine.objects.filter(source__kind__in=kinds).annotate(told=Cast("raw", TextField()))
    gone, _ = rows.filter(reduce(or_, (Q(told__icontains=one) for one in wanted))).delete()
    return gone


def _as_told(name: str) -> list[str]:
    """With its quotes, so that a short name is not found inside of a longer one; and as it stands inside of a text."""
    whole = json.dumps(name)
    at = json.dumps(f"@{name}")
    return [whole, at, json.dumps(whole)[1:-1], f"'{name}'", f" {name} | ", f"| {name} |"]
