"""Scales: from logits to calibrated probabilities, and the measures of both."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
TEMPERATURES = np.arange(0.8, 1.61, 0.05)


def sentiment_scales(logits: Array, labels: Array, prior: Array) -> dict[str, Any]:
    """The class prior of the training data is taken out, for brands' posts have another one; the temperature is the one
    of least calibration error on posts that were not learned."""
    bias = np.log(prior) - np.log(prior).mean()
    best = min(TEMPERATURES, key=lambda t: calibration_error(softmax((logits - bias) / t), labels))
    return {"bias": [round(float(one), 4) for one in bias], "temperature": round(float(best), 4)}


def softmax(logits: Array) -> Array:
    powers: Array = np.exp(logits - logits.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def calibration_error(p: Array, labels: Array, bins: int = 10) -> float:
    """Expected calibration error of the most probable class."""
    top, hit = p.max(1), p.argmax(1) == labels
    place = np.minimum((top * bins).astype(int), bins - 1)
    return float(sum(abs(top[place == b].sum() - hit[place == b].sum()) for b in range(bins)) / len(labels))


def macro_recall(p: Array, labels: Array) -> float:
    found = p.argmax(1)
    return float(np.mean([(found[labels == label] == label).mean() for label in range(3)]))
