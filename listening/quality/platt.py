"""Platt scaling: two numbers that make a model's probabilities mean what they say for one brand.

Platt, "Probabilistic Outputs for Support Vector Machines", 1999, with his smoothed targets; the fit is Newton's method
as Lin, Lin & Weng, "A Note on Platt's Probabilistic Outputs", 2007. The score is the logit of the model's probability.
"""

import math
from collections.abc import Sequence

EDGE = 1e-6
"""Probabilities are held this far from 0 and 1, whose logits are infinite."""
PULL = 1.0
"""How strongly the slope is pulled towards 1, the model as it came: as much as one label in the middle would weigh;
with a handful of labels the slope stays near 1, with a hundred it no longer matters."""
ROUNDS = 50


def logit(p: float) -> float:
    """The log odds of a probability."""
    held = min(max(p, EDGE), 1 - EDGE)
    return math.log(held / (1 - held))


def logistic(x: float) -> float:
    """The probability of log odds, without overflow."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def apply_platt(p: float, a: float, b: float) -> float:
    """The probability after scaling; a = 1, b = 0 changes nothing but the outermost millionth."""
    return logistic(a * logit(p) + b)


def fit_platt(p: Sequence[float], y: Sequence[bool]) -> tuple[float, float]:
    """Slope and offset (a, b) for logits of probabilities `p` (0-1) whose truth is `y`, as many of each.

    Needs no minimum: without labels it is (1, 0), and labels of a single class move the offset only a little, for the
    targets are smoothed. A slope below 0, which would turn the model round, is never answered.
    """
    scores = [logit(one) for one in p]
    targets = _targets(y)
    a, b = 1.0, 0.0
    for _ in range(ROUNDS if scores else 0):
        step_a, step_b = _step(scores, targets, a, b)
        a, b = a - step_a, b - step_b
        if abs(step_a) + abs(step_b) < 1e-10:
            break
    return (a, b) if a > 0 else (0.0, _level(targets))


def _targets(y: Sequence[bool]) -> list[float]:
    """Platt's targets: a little less than 1 and more than 0, the less the more labels there are."""
    right = sum(map(bool, y))
    high, low = (right + 1) / (right + 2), 1 / (len(y) - right + 2)
    return [high if one else low for one in y]


def _step(scores: Sequence[float], targets: Sequence[float], a: float, b: float) -> tuple[float, float]:
    """Newton's step for the log loss plus the pull on the slope, with damping where the curve is flat."""
    gradient_a, gradient_b, aa, ab, bb = PULL * (a - 1), 0.0, PULL, 0.0, 1e-9
    for score, target in zip(scores, targets, strict=True):
        found = logistic(a * score + b)
        miss, bend = found - target, found * (1 - found)
        gradient_a += miss * score
        gradient_b += miss
        aa += bend * score * score
        ab += bend * score
        bb += bend
    size = aa * bb - ab * ab
    step_a = (bb * gradient_a - ab * gradient_b) / size
    step_b = (aa * gradient_b - ab * gradient_a) / size
    return max(-2.0, min(2.0, step_a)), max(-2.0, min(2.0, step_b))


def _level(targets: Sequence[float]) -> float:
    """The offset that answers the share of all targets, whatever the score."""
    return logit(sum(targets) / len(targets))
