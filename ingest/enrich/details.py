"""Details: what kind of complaint a post is, how hard it is put, what it asks, and how long its author waited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from ingest.enrich import asks, kind, strength, waiting
from ingest.enrich.complaint import LONGEST, Reason
from ingest.enrich.kind_cues import KINDS
from ingest.enrich.phrases import Found, spans, words
from ingest.enrich.waiting import Waiting

POSSIBLE = 0.1
"""Below this probability a post gets no kind and no strength: there is nothing to sort."""

OwnPhrases = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DetailsInput:
    """One post: its text, the probability of a complaint (None: not scored), VADER's compound, when it was posted, and
    (kind, phrase) of the brand. `spelled` as in `ComplaintInput`."""

    text: str
    p: float | None
    compound: float | None
    posted: datetime | None = None
    phrases: OwnPhrases = ()
    spelled: list[str] | None = None


@dataclass(frozen=True, slots=True)
class Details:
    """`kind` is "" and `strength` None where a complaint is out of the question. `reasons` point at the words that
    tell a wait, repeated attempts and the kind."""

    kind: str = ""
    strength: int | None = None
    asks: str = ""
    waiting_days: int | None = None
    reasons: tuple[Reason, ...] = ()


NONE = Details()


def find(inputs: Sequence[DetailsInput]) -> list[Details]:
    """One Details per input, in order. Pure."""
    return [_find(one) for one in inputs]


@cache
def version() -> str:
    """What is stored with each finding: the versions of all four."""
    return f"{kind.VERSION} {strength.version()} {asks.VERSION} {waiting.VERSION}"


def _find(one: DetailsInput) -> Details:
    if one.p is None:
        return NONE
    text = one.text[:LONGEST]
    spelled = words(text) if one.spelled is None else one.spelled
    asked = asks.asks(spelled)
    if one.p < POSSIBLE:
        return Details(asks=asked)
    told = waiting.waiting(text, one.posted)
    found = kind.kind(spelled, one.phrases)
    level = strength.strength(text, spelled, one.compound, bool(told.why), told.times)
    return Details(found.name, level, asked, told.days, (*_waits(told), *_kind_reason(text, found.cue, found.name)))


def _waits(told: Waiting) -> list[Reason]:
    reasons = [Reason(told.start, told.end, told.why)] if told.why else []
    if told.times:
        reasons.append(Reason(told.times_start, told.times_end, f"tried {told.times} times"))
    return reasons


def _kind_reason(text: str, cue: Found | None, name: str) -> list[Reason]:
    if cue is None:
        return []
    places = spans(text)
    return [Reason(places[cue.first][0], places[cue.last][1], KINDS.get(name, f"is about {name}"))]
