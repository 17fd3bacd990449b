"""Own: a brand's own correction of an engine's probabilities, as a pure function of both.

The logarithms of the three probabilities are stretched by `slope` (a temperature), each class gets an offset, and a
few words that the brand's labels spoke for add theirs; then they are made to add up to 1 again. The label is not simply
the likeliest class: where nine posts in ten complain, that would call all of them negative.
"""

import math
import re
from collections.abc import Collection, Iterable
from typing import TypedDict

Probabilities = tuple[float, float, float]
"""Negative, neutral, positive; they add up to 1."""
LEAST = 1e-4
"""Probabilities are held this far from 0, whose logarithm is infinite."""

_NOT_WORDS = re.compile(r"https?://\S+|@[\w.-]+")
_WORD = re.compile(r"[^\W\d_]{3,}(?:'[^\W\d_]+)?")


class Parameters(TypedDict):
    """`offsets`, `lean` and each word's values are for negative, neutral and positive."""

    slope: float
    offsets: list[float]
    lean: list[float]
    words: dict[str, list[float]]


NEUTRAL: Parameters = {"slope": 1.0, "offsets": [0.0, 0.0, 0.0], "lean": [0.0, 0.0, 0.0], "words": {}}


def words_in(text: str) -> frozenset[str]:
    """The words of three letters or more, lowered, without links and handles."""
    return frozenset(_WORD.findall(_NOT_WORDS.sub(" ", text.lower().replace("’", "'"))))


def adjust(probabilities: Probabilities, parameters: Parameters, words: Collection[str] = ()) -> Probabilities:
    """The probabilities as this brand's labels would have them; `NEUTRAL` parameters leave them as they are."""
    known = parameters["words"]
    spoken = [known[word] for word in sorted(words) if word in known] if known else []
    scores = [
        parameters["slope"] * math.log(max(p, LEAST)) + parameters["offsets"][c] + sum(one[c] for one in spoken)
        for c, p in enumerate(probabilities)
    ]
    return _softmax(scores)


def choose(probabilities: Probabilities, parameters: Parameters) -> int:
    """The class to show (0 negative, 1 neutral, 2 positive): the likeliest once classes that are common among the
    brand's labels have lost half of their lead, `lean` (on the scale of logarithms)."""
    scores = [math.log(max(p, LEAST)) + lean for p, lean in zip(probabilities, parameters["lean"], strict=True)]
    return scores.index(max(scores))


def _softmax(scores: Iterable[float]) -> Probabilities:
    scores = list(scores)
    most = max(scores)
    powers = [math.exp(score - most) for score in scores]
    total = sum(powers)
    negative, neutral = powers[0] / total, powers[1] / total
    return negative, neutral, 1 - negative - neutral
