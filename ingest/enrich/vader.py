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
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from itertools import pairwise
from typing import Any

from vaderSentiment.vaderSentiment import (
    BOOSTER_DICT,
    C_INCR,
    N_SCALAR,
    NEGATE,
    SPECIAL_CASES,
    SentimentIntensityAnalyzer,
    SentiText,
    normalize,
)

from ingest.enrich.calibration import probabilities
from ingest.enrich.engines import UNSCORED, Label, Sentiment
from ingest.enrich.known import Known
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

ACTING = frozenset(BOOSTER_DICT) | _NEGATIONS | {"no", "never", "without", "least"}
"""Words that may change what a lexicon word behind them is worth; so does "this", where it stands right before."""
_IDIOMS = [phrase.split() for phrase in (*SPECIAL_CASES, *BOOSTER_DICT) if " " in phrase]
IDIOM_PAIRS = frozenset(pair for words in _IDIOMS for pair in pairwise(words))
IDIOM_WORDS = frozenset(word for words in _IDIOMS for word in words) | {"this"}


class Analyzer(SentimentIntensityAnalyzer):  # type: ignore[misc]
    """The library's analyzer without its repeated work."""

    def __init__(self) -> None:
        super().__init__()
        self._signs = frozenset(self.emojis)
        self._word = Known(self._read).__getitem__

    def compound(self, text: str) -> float:
        """The library's `polarity_scores(text)["compound"]`."""
        if not text.isascii() and not self._signs.isdisjoint(text):
            text = self._described(text)
        read = list(map(self._word, text.split()))
        scored = [i for i, word in enumerate(read) if word.counts]
        if not scored:
            return 0.0
        valences = self._valences(read, scored)
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
        valence = self.lexicon.get(lowered, 0.0)
        return _Word(
            word=word,
            lowered=lowered,
            is_upper=word.isupper(),
            counts=lowered in self.lexicon and lowered not in BOOSTER_DICT,
            valence=valence,
            loud=valence + C_INCR if valence > 0 else valence - C_INCR,
            acts=lowered in ACTING or "n't" in lowered,
            in_idiom=lowered in IDIOM_WORDS,
        )

    def _valences(self, read: list["_Word"], scored: list[int]) -> list[float]:
        """One valence per word. A lexicon word among words that change nothing has its own; the others are judged by
        the library within their own small window."""
        valences: list[float] = [0] * len(read)
        shouting = 0 < sum([word.is_upper for word in read]) < len(read)
        for i in scored:
            if self._is_kind_of(read, i):
                continue
            word, start = read[i], max(0, i - _BEFORE)
            if self._is_plain(read, start, i):
                valences[i] = word.loud if shouting and word.is_upper else word.valence
            else:
                window: Any = _Window(shouting, [near.word for near in read[start : i + _AFTER + 1]])
                valences[i] = self.sentiment_valence(0, window, word.word, i - start, [])[0]
        return valences

    @staticmethod
    def _is_plain(read: list["_Word"], start: int, i: int) -> bool:
        """Whether no rule of the library concerns the word at `i`: no booster or negation before, no idiom around."""
        last = ""
        for word in read[start:i]:
            if word.acts or last and word.in_idiom and (last, word.lowered) in IDIOM_PAIRS:
                return False
            last = word.lowered if word.in_idiom else ""
        if last == "this":
            return False
        for word in read[i : i + _AFTER + 1]:
            if last and word.in_idiom and (last, word.lowered) in IDIOM_PAIRS:
                return False
            last = word.lowered if word.in_idiom else ""
        return read[i].lowered != "no"

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


@dataclass(frozen=True, slots=True)
class _Word:
    """A token as the library reads it; `counts` where its lexicon scores it: with `valence`, or with `loud` in capitals
    among words that are not. `acts` where it may change what words behind it are worth, `in_idiom` where it is part of
    one of the library's idioms."""

    word: str
    lowered: str
    is_upper: bool
    counts: bool
    valence: float
    loud: float
    acts: bool
    in_idiom: bool


@dataclass(slots=True)
class _Window:
    """What the library's rules read of a text: whether capitals mean anything, and a few words around one."""

    is_cap_diff: bool
    words_and_emoticons: list[str]


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
            _sentiment(analyzer.compound(text)) if language == "en" or reads(text, language) else UNSCORED
            for text, language in zip(texts, languages, strict=True)
        ]


def reads(text: str, language: str) -> bool:
    """Whether a text too short for a language is read as English: it holds a word of the lexicon that is no word of
    another language, or an emoticon or emoji and no such false friend."""
    if language != UNKNOWN:
        return False
    analyzer = _analyzer()
    words = {word.lower().strip("'") for word in _ASCII_WORD.findall(text)}
    if any(word in analyzer.lexicon for word in words - FALSE_FRIENDS):
        return True
    return words.isdisjoint(FALSE_FRIENDS) and analyzer.has_signs(text)


def emoji_names() -> dict[str, str]:
    """The library's words for each emoji."""
    return _analyzer().emojis  # type: ignore[no-any-return]


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
