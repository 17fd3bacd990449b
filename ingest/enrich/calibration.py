"""Calibration: what a VADER compound is worth as probabilities of negative, neutral and positive.

A softmax over a few shapes of the compound, fitted by `python -m training.calibration` on the train part of the
SemEval-2017 4A tweets (docs/understanding.md). The label follows VADER's thresholds all the same: a compound of -0.25
is labelled negative although most such tweets are neutral to people, and the probabilities say so.
"""

import math

WEIGHTS = ((-0.797, -1.513, 0.704), (0.876, 0.117, -1.073), (-0.078, 1.396, 0.369))
"""Per class negative, neutral, positive: bias, weight of the compound, weight of its size."""


def probabilities(compound: float) -> tuple[float, float, float]:
    """p_negative, p_neutral, p_positive of a compound score (-1 to 1); they add up to 1."""
    size = abs(compound)
    weights = [math.exp(bias + slope * compound + width * size) for bias, slope, width in WEIGHTS]
    total = sum(weights)
    negative, neutral = round(weights[0] / total, 4), round(weights[1] / total, 4)
    return negative, neutral, round(1 - negative - neutral, 4)
