"""VADER, the first sentiment engine: a lexicon and a few rules for English, in this library's own words, faster.

The scores are those of vaderSentiment 3.3.2 to the last digit (a test compares thousands of texts). What is gained
comes from what the library does for each word and need not: it lowers the whole text again for every lexicon word,
compares each neighbour with sixty negations one by one, and looks up each character among the emoji.

Source of the method: Hutto & Gilbert, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media
Text", ICWSM 2014.
"""

import math
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.metadata import version
from typing import Any, NamedTuple

from vaderSentiment.vaderSentiment import (
    BOOSTER_DICT,
    N_SCALAR,
    NEGATE,
    SentimentIntensityAnalyzer,
    SentiText,
    allcap_differential,
    normalize,
)

from ingest.enrich.calibration import probabilities
from ingest.enrich.engines import UNSCORED, Label, Sentiment
from ingest.enrich.language import UNKNOWN

THRESHOLD = 0.05
"""Compound at or beyond which a text is positive or negative: the authors' own recommendation."""

_FOREIGN = """
    die war bad hell gift fatal mist rat no sin dick kind ha haha hahaha lol xd fun super top ok fan cool solid hero
    pain rot alarm tot mad fine gross stark brave cut
"""
FALSE_FRIENDS = frozenset(_FOREIGN.split())
"""Words of VADER's lexicon that are also words of other languages, with another meaning or as loans."""

_ASCII_WORD = re.compile(r"[A-Za-z']+")
_NEGATIONS = frozenset(NEGATE)
_BEFORE, _AFTER = 3, 2


class Analyzer(SentimentIntensityAnalyzer):  # type: ignore[misc]
    """The library's analyzer without its repeated work."""

    def __init__(self) -> None:
        super().__init__()
        self._signs = frozenset(self.emojis)
        self._word = lru_cache(maxsize=65_536)(self._read)

    def compound(self, text: str) -> float:
        """The library's `polarity_scores(text)["compound"]`."""
        if not text.isascii() and not self._signs.isdisjoint(text):
            text = self._described(text)
        read = [self._word(token) for token in text.split()]
        if not any(word.counts for word in read):
            return 0.0
        valences = self._valences(read)
        words = [word.lowered for word in read]
        if "but" in words:
            valences = self._but_check(words, valences)
        total = float(sum(valences))
        if total:
            total += math.copysign(self._punctuation_emphasis(text), total)
        return float(round(normalize(total), 4))

    def _read(self, token: str) -> "_Word":
        word = SentiText._strip_punc_if_word(token)
        lowered = word.lower()
        return _Word(word, lowered, lowered in self.lexicon and lowered not in BOOSTER_DICT)

    def _valences(self, read: list["_Word"]) -> list[float]:
        """One valence per word; each lexicon word is judged by the library within its own small window."""
        valences: list[float] = [0] * len(read)
        words = [word.word for word in read]
        window: Any = _Window(allcap_differential(words))
        for i, word in enumerate(read):
            if word.counts and not self._is_kind_of(read, i):
                start = max(0, i - _BEFORE)
                window.words_and_emoticons = words[start : i + _AFTER + 1]
                valences[i] = self.sentiment_valence(0, window, word.word, i - start, [])[0]
        return valences

    @staticmethod
    def _is_kind_of(read: list["_Word"], i: int) -> bool:
        return read[i].lowered == "kind" and i + 1 < len(read) and read[i + 1].lowered == "of"

    def has_signs(self, text: str) -> bool:
        """Whether the text holds an emoji or an emoticon, which read alike in all languages."""
        return not self._signs.isdisjoint(text) or any(
            token in self.lexicon and not token.isalnum() for token in text.split()
        )

    def _described(self, text: str) -> str:
        """Emoji as the words that describe them, with a space before unless one is there."""
        pieces: list[str] = []
        spaced = True
        for character in text:
            description = self.emojis.get(character)
            if description is None:
                pieces.append(character)
                spaced = character == " "
            else:
                pieces.append(description if spaced else " " + description)
                spaced = False
        return "".join(pieces)

    @staticmethod
    def _negation_check(valence: float, words: list[str], start_i: int, i: int) -> float:
        """The library's rule with its negations in a set."""
        lowered = [word.lower() for word in words]
        word = lowered[i - (start_i + 1)]
        negates = word in _NEGATIONS or "n't" in word
        if start_i == 0:
            return valence * N_SCALAR if negates else valence
        if start_i == 1:
            if lowered[i - 2] == "never" and lowered[i - 1] in ("so", "this"):
                return valence * 1.25
            if lowered[i - 2] == "without" and lowered[i - 1] == "doubt":
                return valence
        elif lowered[i - 3] == "never" and lowered[i - 2] in ("so", "this") or lowered[i - 1] in ("so", "this"):
            return valence * 1.25
        elif lowered[i - 3] == "without" and "doubt" in (lowered[i - 2], lowered[i - 1]):
            return valence
        return valence * N_SCALAR if negates else valence


class _Word(NamedTuple):
    """A token as the library reads it; `counts` where its lexicon scores it."""

    word: str
    lowered: str
    counts: bool


class _Window:
    """What the library's rules read of a text: a few words around one, and whether capitals mean anything."""

    def __init__(self, is_cap_diff: bool) -> None:
        self.is_cap_diff = is_cap_diff
        self.words_and_emoticons: list[str] = []


class Vader:
    """The engine. English is scored; other languages are not.

    Texts too short for a language ("thanks!", "worst app ever", ":(") are scored only where they hold a word of
    VADER's lexicon that is no word of another language, or an emoticon or emoji and no such false friend, so that
    "die Post" stays unscored.
    """

    name = "vader"
    version = f"{version('vaderSentiment')}+1"

    def score(self, texts: Sequence[str], languages: Sequence[str]) -> list[Sentiment]:
        """As `Engine.score`: negative at compound <= -0.05, positive at >= 0.05, neutral between."""
        analyzer = _analyzer()
        return [
            _sentiment(analyzer.compound(text)) if language == "en" or self._reads(text, language) else UNSCORED
            for text, language in zip(texts, languages, strict=True)
        ]

    @staticmethod
    def _reads(text: str, language: str) -> bool:
        if language != UNKNOWN:
            return False
        analyzer = _analyzer()
        words = {word.lower().strip("'") for word in _ASCII_WORD.findall(text)}
        if any(word in analyzer.lexicon for word in words - FALSE_FRIENDS):
            return True
        return words.isdisjoint(FALSE_FRIENDS) and analyzer.has_signs(text)


def label_of(compound: float) -> Label:
    """The class of a compound score."""
    if compound >= THRESHOLD:
        return "positive"
    return "negative" if compound <= -THRESHOLD else "neutral"


def _sentiment(compound: float) -> Sentiment:
    return Sentiment(label_of(compound), *probabilities(compound), compound)


@cache
def _analyzer() -> Analyzer:
    return Analyzer()
