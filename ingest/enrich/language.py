"""Language of short posts: the network's word first, detection where it has none, "unknown" rather than a guess."""

import re
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from ingest.language_tags import primary

VERSION = f"py3langid-{version('py3langid')}+1"
UNKNOWN = "unknown"
SHORTEST = 20
LONGEST = 1000
SURELY_ENGLISH = 3

LANGUAGES = """
    af ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko ku
    ky lo lt lv mk ml mn mr ms mt my ne nl nn no pa pl ps pt ro ru si sk sl sq sr sv sw ta te th tl tr uk ur uz vi xh
    yue zh zu
"""
"""What py3langid is asked to choose from: it also knows small and dead languages, and takes tweets for them."""

_ENGLISH = """
    the and you that with this have for not are but my your just can't don't i'm it's they from when would been has
    their about because why how there where after never still please thanks than then our she were them these could
    should i've which into only over again being doing didn't doesn't isn't won't you're we're that's what's what who
    before every
"""
ENGLISH_WORDS = frozenset(_ENGLISH.split())
"""Function words of English: of 10,800 umsab tweets in French, German, Italian, Portuguese and Spanish five hold three
of them, and those are English or half English."""

OTHER_SCRIPTS = frozenset(
    ["am", "ar", "as", "az", "be", "bg", "bn", "bo", "ckb", "dv", "el", "fa", "gu", "he", "hi", "hy", "ja", "ka", "kk"]
    + ["km", "kn", "ko", "ku", "ky", "lo", "mk", "ml", "mn", "mr", "ms", "my", "ne", "or", "pa", "ps", "ru", "sa", "sd"]
    + ["si", "sr", "ta", "te", "tg", "th", "ti", "tt", "ug", "uk", "ur", "uz", "yi", "zh"]
)
"""Languages that are written, or also written, in other letters than Latin ones."""

_FOREIGN_LETTERS = re.compile("[\u0370-\u1cff\u2d00-\u2dff\u3040-\ua4cf\uaa60-\uabff\uac00-\ud7af]")
_NOISE = re.compile(r"https?://\S+|www\.\S+|(?<!\w)[@#][\w.@-]+|&\w+;")
_WORD = re.compile(r"[^\W\d_]+")
_DENSE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def identify(texts: Sequence[str], told: Sequence[str | None]) -> list[str]:
    """ISO 639-1 codes (three letters where there is none) or "unknown", one per text.

    `told` holds the networks' own words (BCP 47 or None); "und", "zxx" and X's q-codes count as not told. A word that
    the script contradicts does not count (an app set to English, a post in Japanese). Detection
    is py3langid (naive Bayes, no randomness: the same text always gives the same answer) on the text without links,
    handles and hashtags, its first 1,000 characters; three different English function words settle it before, five
    times faster; below 20 characters of words it does not try.
    """
    return [_one(text, primary(word)) for text, word in zip(texts, told, strict=True)]


def _one(text: str, told: str | None) -> str:
    if told is None:
        return detect(text)
    if text.isascii() or told in OTHER_SCRIPTS or not _is_foreign(text):
        return told
    found = detect(text)
    return found if found in OTHER_SCRIPTS or found == UNKNOWN else told


def _is_foreign(text: str) -> bool:
    """Whether most letters are of a script that no European language but Greek and the Slavic ones uses."""
    text = _NOISE.sub(" ", text[: 2 * LONGEST])
    foreign = len(_FOREIGN_LETTERS.findall(text))
    return 2 * foreign > sum(character.isalpha() for character in text)


def detect(text: str) -> str:
    """The language of one text by its letters alone, or "unknown"."""
    text = _NOISE.sub(" ", text[: 2 * LONGEST])[:LONGEST]
    if _length(text) < SHORTEST:
        return UNKNOWN
    if len(ENGLISH_WORDS.intersection(text.lower().split())) >= SURELY_ENGLISH:
        return "en"
    label, _ = _identifier().classify(text)
    return primary(label) or UNKNOWN


def _length(text: str) -> int:
    """Characters of words, with one between words; a syllable or ideograph says as much as three letters."""
    words = _WORD.findall(text)
    length = sum(map(len, words)) + len(words) - 1
    return length if text.isascii() else length + 2 * len(_DENSE.findall(text))


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(LANGUAGES.split())
    return identifier
