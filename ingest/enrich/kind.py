"""Kind: what a complaint is about, by phrases; a brand's own phrases come before the shipped ones.

Each kind counts the words of the phrases that were found, the longest at each place; the largest count wins. Measured
figures: docs/complaints.md.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from ingest.enrich.kind_cues import KINDS, OTHER, PATTERNS
from ingest.enrich.phrases import Found, Phrases, words

VERSION = "kind-1"
OWN = 10
"""How many words one word of a brand's own phrase counts for."""

_ORDER = {name: place for place, name in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Kind:
    """`cue` is the longest phrase that spoke for it, None for "other"."""

    name: str
    cue: Found | None


def kind(spelled: Sequence[str], own: tuple[tuple[str, str], ...] = ()) -> Kind:
    """The kind of a complaint with these words; `own` are (kind, phrase) of the brand. Kinds may be the brand's own."""
    found = [(cue, 1) for cue in _shipped().find(spelled)]
    if own:
        found += [(cue, OWN) for cue in _phrases(own).find(spelled)]
    if not found:
        return Kind(OTHER, None)
    scores: Counter[str] = Counter()
    for cue, weight in _longest(found):
        scores[cue.name] += weight * (cue.last - cue.first + 1)
    best = min(scores, key=lambda name: (-scores[name], _ORDER.get(name, -1), name))
    cues = [cue for cue, _ in found if cue.name == best]
    return Kind(best, max(cues, key=lambda cue: cue.last - cue.first))


def readable(phrase: str) -> str:
    """A phrase as somebody wrote it, as the matcher's words: no patterns, so that nobody has to learn them."""
    return " ".join(word for word in words(phrase) if word not in "!?.")


def _longest(found: Iterable[tuple[Found, int]]) -> list[tuple[Found, int]]:
    """Of the phrases of one kind that overlap, the longest: "on hold" within "on hold for" counts once."""
    kept: list[tuple[Found, int]] = []
    ends: dict[str, int] = {}
    for cue, weight in sorted(found, key=lambda one: (one[0].first, -one[0].last)):
        if cue.first > ends.get(cue.name, -1):
            ends[cue.name] = cue.last
            kept.append((cue, weight))
    return kept


@cache
def _shipped() -> Phrases:
    return Phrases(
        (name, pattern.strip())
        for name, patterns in PATTERNS.items()
        for pattern in patterns.replace(";", "\n").splitlines()
        if pattern.strip()
    )


@lru_cache(maxsize=256)
def _phrases(own: tuple[tuple[str, str], ...]) -> Phrases:
    return Phrases(own)
