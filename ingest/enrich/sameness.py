"""Sameness: when two posts say the same, for reposts and near-duplicates that a list shows as one row.

Texts are compared without case, accents, links, handles, hash signs and marks. A long text's key is a sketch of its
pairs of words: the two that hash lowest (MinHash, Broder 1997). Texts that share nine of ten pairs have the same key
four times in five, and whoever uses the key must still ask `similar`, for a sketch can be shared by chance.
"""

import re
from functools import lru_cache
from hashlib import blake2b

from listening.query import fold

FEWEST_WORDS, FEWEST_CHARACTERS = 6, 40
"""Shorter texts are never the same by their words: many people write "great service" by themselves."""
ALIKE = 0.75
"""The share of pairs of words that two texts have in common, of all that either has, from which they are the same."""

_LEFT_OUT = re.compile(r"https?://\S+|www\.\S+|^\s*rt\b|(?<!\w)@[\w.@-]+|\u2026")
_SIGNS = ("://", "www.", "@", "\u2026")
"""One of them is in every text of which something is left out, but for a repost's "rt"."""
_WORD = re.compile(r"\w+(?:'\w+)*")


@lru_cache(maxsize=4096)
def essence(text: str) -> tuple[str, ...]:
    """The words of a text that count."""
    folded = fold(text)
    if any(sign in folded for sign in _SIGNS) or folded.lstrip().startswith("rt"):
        folded = _LEFT_OUT.sub(" ", folded)
    return tuple(_WORD.findall(folded))


def is_short(words: tuple[str, ...]) -> bool:
    return len(words) < FEWEST_WORDS or len(" ".join(words)) < FEWEST_CHARACTERS


def sketch(words: tuple[str, ...]) -> int:
    """64 bits, signed, that near-duplicates share: the two lowest hashes of the pairs of words."""
    hashes = {blake2b(pair.encode(), digest_size=8).digest() for pair in _pairs(words)}
    return number("near", *(str(int.from_bytes(lowest, "big")) for lowest in sorted(hashes)[:2]))


def exact(words: tuple[str, ...]) -> int:
    """64 bits, signed, that texts of the same words share."""
    return number("text", *words)


def similar(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether two texts have ALIKE of their pairs of words in common."""
    if a == b:
        return True
    first, second = _pairs(a), _pairs(b)
    return len(first & second) >= ALIKE * len(first | second)


def number(*parts: str) -> int:
    """A number of 64 bits, signed as Postgres has it."""
    return int.from_bytes(blake2b("\x1f".join(parts).encode(), digest_size=8).digest(), "big", signed=True)


def _pairs(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(f"{a} {b}" for a, b in zip(words, words[1:], strict=False))
