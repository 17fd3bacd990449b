"""Complaints: how likely a post is one, and the words that say so.

A complaint says that something fell short of what its author could expect (Olshtain & Weinbach 1987, the definition
behind the training data); about half of them are not negative in tone. The model is a logistic regression over
hand-written cues of customer service (`ingest.enrich.cues`), the sentiment engine's score and a few signs of tone.
Weights, data and figures: docs/models/complaint.md.
"""

import json
import math
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from operator import mul
from pathlib import Path

from ingest.enrich.cues import GROUPS
from ingest.enrich.engines import Sentiment
from ingest.enrich.known import Known
from ingest.enrich.language import UNKNOWN
from ingest.enrich.phrases import HANDLE, LINK, Found, Phrases, counted, spans, words

WEIGHTS = Path(__file__).parent / "models" / "complaint-1.json"
LONGEST = 10_000
MOST_REASONS = 5
FLAGGED_FROM = 0.5
"""Where an engine's own probability becomes a flag: engines calibrate theirs so."""

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
_CAPITALS = re.compile("[A-Z]{3}")  # finds in a moment that most texts have no such word
_PLACE = {group.name: place for place, group in enumerate(GROUPS)}
_WHY = {group.name: group.why for group in GROUPS}


@dataclass(frozen=True, slots=True)
class ComplaintInput:
    """One mention. `text` as stored, `language` as found, `sentiment` of the masked text.

    `addressed` is not used by this version: the training data cannot tell what it is worth (its negatives that turn
    to nobody are random posts, not posts about a brand). `p` is the probability that the sentiment engine gave in the
    same pass, None where it gives none: then the cues decide alone. `spelled` are the words of the text up to LONGEST,
    for whoever has them already.
    """

    text: str
    language: str
    addressed: bool
    sentiment: Sentiment
    p: float | None = None
    spelled: list[str] | None = None


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
CUES, TONE = 0.35, 0.1
"""What the cues and the sentiment count for beside an engine that has a probability of its own."""
CAUTION = 0.001


def score(inputs: Sequence[ComplaintInput]) -> list[Complaint]:
    """One Complaint per input, in order. Pure: the same input gives the same answer."""
    model = load_model()
    return [_score(one, model) for one in inputs]


def reads(language: str, p: float | None) -> bool:
    """Whether texts of this language are judged, where the engine gave this probability."""
    return p is not None or language in ("en", UNKNOWN)


def version() -> str:
    """What is stored with each finding."""
    return load_model().version


def threshold() -> float:
    """The probability from which a post is flagged where a brand chose none."""
    return load_model().threshold


@cache
def load_model() -> Model:
    """The shipped weights."""
    stored = json.loads(WEIGHTS.read_text("utf-8"))
    weights = tuple(float(stored["weights"][name]) for name in FEATURES)
    return Model(stored["version"], stored["bias"], weights, stored["threshold"])


def features(text: str, compound: float) -> list[float]:
    """The model's input for one text, in the order of FEATURES."""
    spelled = words(text[:LONGEST])
    counts = counted(_phrases().find(spelled))
    return [math.log1p(counts.get(group.name, 0)) for group in GROUPS] + _signs(text, spelled, compound)


def _score(one: ComplaintInput, model: Model) -> Complaint:
    if not reads(one.language, one.p):
        return NOT_SCORED
    spelled = words(one.text[:LONGEST]) if one.spelled is None else one.spelled
    found = list(_phrases().find(spelled))
    if one.p is None and one.language == UNKNOWN and one.sentiment.compound is None and not found:
        return NOT_SCORED
    signs = _signs(one.text, spelled, one.sentiment.compound or 0.0)
    weighed = model.bias + sum(map(mul, signs, model.weights[len(GROUPS) :])) + _weighed(found, model)
    p, threshold = _probability(weighed), model.threshold
    if one.p is not None:
        p, threshold = _with_the_engines(one.p, weighed, one.sentiment), FLAGGED_FROM
    flagged = p >= threshold
    return Complaint(round(p, 4), flagged, _reasons(one.text, found, model) if flagged else ())


def _with_the_engines(p: float, weighed: float, sentiment: Sentiment) -> float:
    """The engine's probability, the cues' and the sentiment together: each sees what the others miss. The shares were
    chosen on industries that the engine had not learned (docs/models/earshot.md)."""
    tone = math.log(((sentiment.p_negative or 0.0) + CAUTION) / ((sentiment.p_positive or 0.0) + CAUTION))
    engine = math.log((p + CAUTION) / (1 - p + CAUTION))
    return _probability((1 - CUES) * engine + CUES * weighed + TONE * tone)


def _probability(weighed: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, weighed))))


def _weighed(found: list[Found], model: Model) -> float:
    """What the cues add: the same as their features times their weights, for the few that are there."""
    return sum([model.weights[_PLACE[name]] * math.log1p(count) for name, count in counted(found).items()])


def _signs(text: str, spelled: list[str], compound: float) -> list[float]:
    first, second, plain, long, numbers, exclaims, asks, links = _summed(spelled)
    asks += text.count("??")
    return [
        max(0.0, -compound),
        max(0.0, compound),
        float(compound <= -0.05),
        float(min(first, 3)),
        float(min(second, 3)),
        math.log1p(plain),
        float(exclaims > 0),
        float(asks > 0),
        float(asks > 1),
        min(1.0, len(_SHOUTED.findall(text)) / max(1, long)) if _CAPITALS.search(text) else 0.0,
        float(links > 0),
        float(numbers > 0),
        float("#" in text),
    ]


def _summed(spelled: list[str]) -> tuple[int, ...]:
    """How many words are of each kind: see `_kinds`. All are counted in one sum, each kind in 16 bits of its own, which
    the words of the longest text can't fill."""
    return _COUNTS.unpack(sum(map(_packed, spelled)).to_bytes(_COUNTS.size, "little"))


def _kinds(word: str) -> tuple[int, ...]:
    """1 or 0 for: first person, second person, any word, a long one, a number, "!", "?", a link."""
    if word in (LINK, HANDLE, ""):
        return (0, 0, 0, 0, 0, 0, 0, int(word == LINK))
    sign = word in "!?."
    kinds = (
        word in _FIRST,
        word in _SECOND,
        not sign,
        len(word) > 2,
        word[0].isdigit(),
        word == "!",
        word == "?",
        False,
    )
    return tuple(map(int, kinds))


_COUNTS = struct.Struct("<8H")
_packed = Known(lambda word: int.from_bytes(_COUNTS.pack(*_kinds(word)), "little")).__getitem__


def _reasons(text: str, found: list[Found], model: Model) -> tuple[Reason, ...]:
    """The longest cue of each kind that speaks for a complaint, of the strongest kinds."""
    longest: dict[str, Found] = {}
    for cue in found:
        known = longest.get(cue.name)
        if known is None or cue.last - cue.first > known.last - known.first:
            longest[cue.name] = cue
    speaking = [name for name in longest if _WHY[name] and model.weights[_PLACE[name]] > 0]
    strongest = sorted(speaking, key=lambda name: -model.weights[_PLACE[name]])[:MOST_REASONS]
    cues = sorted((longest[name] for name in strongest), key=lambda cue: cue.first)
    places = spans(text[:LONGEST], max((cue.last for cue in cues), default=-1) + 1)
    return tuple(Reason(places[cue.first][0], places[cue.last][1], _WHY[cue.name] or "") for cue in cues)


@cache
def _phrases() -> Phrases:
    return Phrases((group.name, pattern) for group in GROUPS for pattern in group.patterns)
