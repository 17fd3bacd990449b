"""Complaints: how likely a post is one, and the words that say so.

A complaint says that something fell short of what its author could expect (Olshtain & Weinbach 1987, the definition
behind the training data); about half of them are not negative in tone. The model is a logistic regression over
hand-written cues of customer service (`ingest.enrich.cues`), the sentiment engine's score and a few signs of tone.
Weights, data and figures: docs/models/complaint.md.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ingest.enrich.cues import GROUPS
from ingest.enrich.engines import Sentiment
from ingest.enrich.language import UNKNOWN
from ingest.enrich.phrases import HANDLE, LINK, Found, Phrases, spans, words

WEIGHTS = Path(__file__).parent / "models" / "complaint-1.json"
LONGEST = 10_000
MOST_REASONS = 5

SIGNS: tuple[str, ...] = (
    "negative",
    "positive",
    "is_negative",
    "first_person",
    "second_person",
    "length",
    "exclaims",
    "asks",
)
SIGNS += ("asks_hard", "capitals", "link", "number", "hashtag")
FEATURES = tuple(group.name for group in GROUPS) + SIGNS

_FIRST = frozenset(("i", "i'm", "i've", "i'd", "im", "ive", "my", "me", "we", "our", "us"))
_SECOND = frozenset(("you", "your", "u", "ur", "you're", "yours"))
_SHOUTED = re.compile(r"(?<![\w@/])[A-Z]{3,}(?!\w)")
_WHY = {group.name: group.why for group in GROUPS}


@dataclass(frozen=True, slots=True)
class ComplaintInput:
    """One mention. `text` as stored, `language` as found, `sentiment` of the masked text.

    `addressed` is not used by this version: the training data cannot tell what it is worth (its negatives that turn
    to nobody are random posts, not posts about a brand).
    """

    text: str
    language: str
    addressed: bool
    sentiment: Sentiment


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a post counts as a complaint: characters `start` to `end` of its text, and what they say."""

    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """`p` is the probability of a complaint, None where the language is not one that the model reads: then never
    flagged. `reasons` are the five strongest, in the order of the text; given for flagged posts only."""

    p: float | None
    flagged: bool
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of the features and the probability from which a post is flagged."""

    version: str
    bias: float
    weights: tuple[float, ...]
    threshold: float


NOT_SCORED = Complaint(None, False)


def score(inputs: Sequence[ComplaintInput]) -> list[Complaint]:
    """One Complaint per input, in order. Pure: the same input gives the same answer."""
    model = load_model()
    return [_score(one, model) for one in inputs]


def version() -> str:
    """What is stored with each finding."""
    return load_model().version


@cache
def load_model() -> Model:
    """The shipped weights."""
    stored = json.loads(WEIGHTS.read_text("utf-8"))
    weights = tuple(float(stored["weights"][name]) for name in FEATURES)
    return Model(stored["version"], stored["bias"], weights, stored["threshold"])


def features(text: str, compound: float) -> tuple[list[float], list[Found]]:
    """The model's input for one text, in the order of FEATURES, and the cues that were found."""
    spelled = words(text[:LONGEST])
    found = list(_phrases().find(spelled))
    counts = dict.fromkeys(_WHY, 0)
    for cue in found:
        counts[cue.name] += 1
    return [math.log1p(count) for count in counts.values()] + _signs(text, spelled, compound), found


def _score(one: ComplaintInput, model: Model) -> Complaint:
    if one.language not in ("en", UNKNOWN):
        return NOT_SCORED
    values, found = features(one.text, one.sentiment.compound or 0.0)
    if one.language == UNKNOWN and one.sentiment.compound is None and not found:
        return NOT_SCORED
    p = _logistic(model.bias + sum(map(float.__mul__, values, model.weights)))
    flagged = p >= model.threshold
    return Complaint(round(p, 4), flagged, _reasons(one.text, found, model) if flagged else ())


def _signs(text: str, every_word: list[str], compound: float) -> list[float]:
    spelled = Counter(every_word)
    links = spelled.pop(LINK, 0)
    spelled.pop(HANDLE, None)
    shouted = len(_SHOUTED.findall(text))
    long_words = sum(count for word, count in spelled.items() if len(word) > 2)
    asks = spelled["?"] + text.count("??")
    return [
        max(0.0, -compound),
        max(0.0, compound),
        float(compound <= -0.05),
        float(min(sum(spelled[word] for word in _FIRST if word in spelled), 3)),
        float(min(sum(spelled[word] for word in _SECOND if word in spelled), 3)),
        math.log1p(sum(count for word, count in spelled.items() if word not in "!?.")),
        float("!" in spelled),
        float(asks > 0),
        float(asks > 1),
        min(1.0, shouted / max(1, long_words)),
        float(links > 0),
        float(any(word[0].isdigit() for word in spelled)),
        float("#" in text),
    ]


def _reasons(text: str, found: list[Found], model: Model) -> tuple[Reason, ...]:
    """The longest cue of each kind that speaks for a complaint, of the strongest kinds."""
    places = spans(text[:LONGEST])
    weight = dict(zip(FEATURES, model.weights, strict=True))
    first: dict[str, Reason] = {}
    for cue in sorted(found, key=lambda cue: cue.first - cue.last):
        why = _WHY[cue.name]
        if why and weight[cue.name] > 0:
            first.setdefault(cue.name, Reason(places[cue.first][0], places[cue.last][1], why))
    strongest = sorted(first, key=lambda name: -weight[name])[:MOST_REASONS]
    return tuple(sorted((first[name] for name in strongest), key=lambda reason: reason.start))


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, x))))


@cache
def _phrases() -> Phrases:
    return Phrases((group.name, pattern) for group in GROUPS for pattern in group.patterns)
