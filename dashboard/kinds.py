"""Kinds of sources that people add by hand, out of the catalogue."""

from ingest.sources import CATALOGUE, load
from ingest.sources.base import Source as Kind

MADE_ELSEWHERE = ("file", "sample")
"""Files come by import, the sample with the first start."""


def addable() -> list[type[Kind]]:
    return [load(kind) for kind in CATALOGUE if kind not in MADE_ELSEWHERE]


def without_account() -> list[type[Kind]]:
    """Networks that can be listened to at once."""
    return [kind for kind in addable() if not kind.needs_account]
