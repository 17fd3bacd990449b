"""Stop: does somebody ask to be left alone? Only asked of posts that turned to the brand; it proposes, and a person
decides.

Precision before recall: "Stop selling this", "leave my money alone" and "they never contacted me" must not fit. Texts
are folded first (case and accents are gone); the phrases stand in `stop_phrases`.
"""

import re

from ahocorasick_rs import AhoCorasick

from ingest.enrich.stop_phrases import LATIN, OTHER_SCRIPTS
from listening.query import fold

_PHRASES = tuple(
    (tuple(fold(hints).split("|")), re.compile(phrase))
    for hints, phrase in (*LATIN, *((hints, fold(phrase)) for hints, phrase in OTHER_SCRIPTS))
)
"""Each phrase with words of which it holds one: most posts hold none of them, and cost one quick look."""
_OWNERS = [(hint, phrase) for hints, phrase in _PHRASES for hint in hints]
_LOOK = AhoCorasick([hint for hint, _ in _OWNERS])
_QUOTED = re.compile(r"[“\"«„][^”\"»“\n]{0,300}[”\"»“]")


def says_stop(text: str) -> bool:
    """Whether the writer asks, in their own words, not to be contacted."""
    said = " ".join(fold(_QUOTED.sub(" ", text)).split())
    found = {number for number, _, _ in _LOOK.find_matches_as_indexes(said, overlapping=True)}
    return any(phrase.search(said) for phrase in {_OWNERS[number][1] for number in found})
