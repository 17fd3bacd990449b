"""Wording: masked text as the networks of the engine `earshot` read it, in training and in the product alike."""

import re
from functools import cache

from ingest.enrich.vader import emoji_names

_STRETCHED = re.compile(r"(.)\1{3,}")
_QUOTES = str.maketrans("\u201c\u201d", '""')


def worded(text: str) -> str:
    """`text` (see `masking.mask`) with emoji as the words that name them, four or more of one character as three, and
    runs of spaces as one."""
    if not text.isascii():
        text = _emoji().sub(lambda found: f" {emoji_names()[found[0]]} ", text.translate(_QUOTES))
    return " ".join(_STRETCHED.sub(r"\1\1\1", text).split())


@cache
def _emoji() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, emoji_names()), key=len, reverse=True)))
