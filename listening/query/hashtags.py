"""Hashtags: the words that people join in one."""

import re
from collections.abc import Iterator
from functools import lru_cache

# Over one letter per character: u upper, l lower (and marks), d digit, o letters without case.
_MIXED = re.compile(r"(?<![ul])l(?=ul)ul+|u+(?!l)|u?l+|d+|o+")
_FLAT = re.compile(r"[^_]+")


def words_of_hashtag(tag: str) -> Iterator[tuple[int, int]]:
    """Where the words of a hashtag stand: cut at _, before a capital after a small letter (AcmeFail), before the last
    of several capitals (BTFail), and in such tags around digits. iPhone, eBay and all-small tags stay whole.
    """
    kinds = "".join(map(_kind, tag))
    pattern = _MIXED if "l" in kinds and "u" in kinds else _FLAT
    for found in pattern.finditer(kinds):
        yield found.span()


@lru_cache(maxsize=4096)
def _kind(character: str) -> str:
    if character == "_":
        return "_"
    if character.isdigit():
        return "d"
    if character.isupper():
        return "u"
    return "o" if character.isalpha() and not character.islower() else "l"
