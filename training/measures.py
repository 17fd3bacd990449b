"""Measures: F1 of both classes, ranking and calibration, as the figures in docs/models are given."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def f1(flagged: Array, y: Array) -> float:
    """F1 of class 1."""
    hits = float((flagged * y).sum())
    return 2 * hits / max(1.0, float(flagged.sum() + y.sum()))


def macro_f1(flagged: Array, y: Array) -> float:
    """Mean of the F1 of both classes."""
    return (f1(flagged, y) + f1(1 - flagged, 1 - y)) / 2


def auc(p: Array, y: Array) -> float:
    """Probability that a random member of class 1 is ranked above one of class 0; ties count half."""
    _, place, size = np.unique(p, return_inverse=True, return_counts=True)
    rank = (np.cumsum(size) - (size - 1) / 2)[place]
    positive = float(y.sum())
    return float((rank[y == 1].sum() - positive * (positive + 1) / 2) / (positive * (len(y) - positive)))


def calibration_error(p: Array, y: Array, bins: int = 10) -> float:
    """Expected calibration error of p over equal bins."""
    place = np.minimum((p * bins).astype(int), bins - 1)
    return float(sum(abs(p[place == b].sum() - y[place == b].sum()) for b in range(bins)) / len(p))


def summary(p: Array, y: Array, threshold: float = 0.5) -> str:
    """One line of figures."""
    flagged = (p >= threshold).astype(np.float64)
    return (
        f"n {len(y)}  base {y.mean():.3f}  F1 {f1(flagged, y):.3f}  macro F1 {macro_f1(flagged, y):.3f}"
        f"  AUC {auc(p, y):.3f}  ECE {calibration_error(p, y):.3f}"
    )
