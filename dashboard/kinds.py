"""Kinds of sources that people add by hand, out of the catalogue, and what pages say about them."""

from dataclasses import dataclass

from ingest.sources import CATALOGUE, load
from ingest.sources.base import Source as Kind

MADE_ELSEWHERE = ("file", "sample")
"""Files come by import, the sample with the first start."""


@dataclass(frozen=True, slots=True)
class Described:
    """A kind for templates, which would call a class instead of reading it."""

    kind: str
    label: str
    network: str
    summary: str
    note: str
    needs_account: bool


def described(kind: type[Kind]) -> Described:
    return Described(kind.kind, kind.label, kind.network, kind.summary, kind.policy.note, kind.needs_account)


def addable() -> list[type[Kind]]:
    return [load(kind) for kind in CATALOGUE if kind not in MADE_ELSEWHERE]


def without_account() -> list[type[Kind]]:
    """Networks that can be listened to at once."""
    return [kind for kind in addable() if not kind.needs_account]
