"""Learn a brand's own correction of the complaint score: Platt scaling, and the probability from which to flag."""

from collections.abc import Sequence
from typing import TypedDict

from listening.quality.platt import apply_platt, fit_platt

LOWEST, HIGHEST, STEPS = 0.2, 0.8, 61


class Scaling(TypedDict):
    """Slope `a` and offset `b` of Platt scaling; `threshold` is on the scaled probability."""

    a: float
    b: float
    threshold: float


def fit(p: Sequence[float], labels: Sequence[bool]) -> Scaling:
    """From the model's probabilities and whether people called each a complaint."""
    a, b = fit_platt(p, labels)
    scaled = [apply_platt(one, a, b) for one in p]
    return {"a": round(a, 4), "b": round(b, 4), "threshold": _threshold(scaled, labels)}


def _threshold(p: Sequence[float], labels: Sequence[bool]) -> float:
    """Where the mean F1 of both classes is highest; the middle of all places that are as good."""
    places = [LOWEST + i * (HIGHEST - LOWEST) / (STEPS - 1) for i in range(STEPS)]
    scores = [_macro_f1([one >= place for one in p], labels) for place in places]
    best = [place for place, score in zip(places, scores, strict=True) if score >= max(scores) - 1e-9]
    return round((best[0] + best[-1]) / 2, 3)


def _macro_f1(flagged: Sequence[bool], labels: Sequence[bool]) -> float:
    hits = sum(one and other for one, other in zip(flagged, labels, strict=True))
    rest = sum(not one and not other for one, other in zip(flagged, labels, strict=True))
    wrong = len(labels) - hits - rest
    return (2 * hits / max(1, 2 * hits + wrong) + 2 * rest / max(1, 2 * rest + wrong)) / 2
