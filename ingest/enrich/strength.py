"""Strength: how hard a complaint is put, in three steps; a rough estimate, and shown as one.

A proportional-odds model over a few cues of wording, tone and patience, trained on X-CI's severity. Data, command and
figures: docs/models/strength.md.
"""

import json
import math
import re
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from operator import mul
from pathlib import Path

from ingest.enrich.known import Known
from ingest.enrich.phrases import HANDLE, LINK, Phrases, counted
from ingest.enrich.strength_cues import PATTERNS

WEIGHTS = Path(__file__).parent / "models" / "strength-1.json"
MILD, CLEAR, STRONG = 1, 2, 3
STEPS = (MILD, CLEAR, STRONG)
SIGNS = ("negative", "positive", "capitals", "exclaims", "asks", "second_person", "length", "waited", "tried")
FEATURES = (*PATTERNS, *SIGNS)

_SHOUTED = re.compile(r"(?<![\w@/])[A-Z]{3,}(?!\w)")
_CAPITALS = re.compile("[A-Z]{3}")  # finds in a moment that most texts have no such word
_SECOND = frozenset(("you", "your", "u", "ur", "you're", "yours", "you've", "guys"))


@dataclass(frozen=True, slots=True)
class Model:
    """`cuts` are the scores from which a complaint is rather clear than mild, rather strong than clear."""

    version: str
    weights: tuple[float, ...]
    cuts: tuple[float, float]


def strength(text: str, spelled: Sequence[str], compound: float | None, waited: bool, tries: int) -> int:
    """MILD, CLEAR or STRONG. `compound` is VADER's, None where there is none; `tries` how often they tried."""
    return step(features(text, spelled, compound, waited, tries), load_model())


def step(values: Sequence[float], model: Model) -> int:
    """The step of one row of features."""
    score = sum(map(mul, values, model.weights))
    return STEPS[bisect(model.cuts, score)]


def features(text: str, spelled: Sequence[str], compound: float | None, waited: bool, tries: int) -> list[float]:
    """The model's input, in the order of FEATURES."""
    counts = counted(_phrases().find(spelled))
    plain = sum(map(_is_plain, spelled))
    shouted = len(_SHOUTED.findall(text)) if _CAPITALS.search(text) else 0
    return [math.log1p(counts[name]) if name in counts else 0.0 for name in PATTERNS] + [
        max(0.0, -(compound or 0.0)),
        max(0.0, compound or 0.0),
        min(1.0, 3 * shouted / max(1, plain)),
        min(1.0, text.count("!") / 3),
        float("?" in spelled),
        float(min(3, sum(map(_SECOND.__contains__, spelled)))),
        math.log1p(plain),
        float(waited),
        float(min(tries, 4)),
    ]


_is_plain = Known(lambda word: word not in (HANDLE, LINK) and word not in "!?.").__getitem__


def version() -> str:
    return load_model().version


@cache
def load_model() -> Model:
    """The shipped weights."""
    stored = json.loads(WEIGHTS.read_text("utf-8"))
    weights = tuple(float(stored["weights"][name]) for name in FEATURES)
    return Model(stored["version"], weights, (float(stored["cuts"][0]), float(stored["cuts"][1])))


@cache
def _phrases() -> Phrases:
    return Phrases(
        (name, pattern.strip())
        for name, patterns in PATTERNS.items()
        for pattern in patterns.replace(";", "\n").splitlines()
        if pattern.strip()
    )
