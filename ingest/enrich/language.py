"""Language of short posts: the network's word first, detection where it has none, "unknown" rather than a guess."""

import re
from collections.abc import Sequence
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from ingest.language_tags import primary

UNKNOWN = "unknown"
VERSION = "py3langid-0.4"
SHORTEST = 20
LONGEST = 1000

_NOISE = re.compile(r"https?://\S+|www\.\S+|(?<!\w)[@#][\w.@-]+|&\w+;")
_WORD = re.compile(r"[^\W\d_]+")
_DENSE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def identify(texts: Sequence[str], told: Sequence[str | None]) -> list[str]:
    """ISO 639-1 codes (three letters where there is none) or "unknown", one per text.

    `told` holds the networks' own words (BCP 47 or None); "und", "zxx" and X's q-codes count as not told. Detection
    is py3langid (naive Bayes, no randomness: the same text always gives the same answer) on the text without links,
    handles and hashtags, its first 1,000 characters; below 20 characters of words it does not try.
    """
    return [primary(word) or detect(text) for text, word in zip(texts, told, strict=True)]


def detect(text: str) -> str:
    """The language of one text by its letters alone, or "unknown"."""
    text = _NOISE.sub(" ", text[: 2 * LONGEST])[:LONGEST]
    if _length(text) < SHORTEST:
        return UNKNOWN
    label, _ = _identifier().classify(text)
    return primary(label) or UNKNOWN


def _length(text: str) -> int:
    """Characters of words, with one between words; a syllable or ideograph says as much as three letters."""
    words = _WORD.findall(text)
    length = sum(map(len, words)) + len(words) - 1
    return length if text.isascii() else length + 2 * len(_DENSE.findall(text))


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE)
