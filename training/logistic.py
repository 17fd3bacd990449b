"""Logistic regression with an L2 penalty, by Newton's method: a few lines of numpy, the same answer every time."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def fit(x: Array, y: Array, penalty: float, prior: Array | None = None, rounds: int = 50) -> tuple[float, Array]:
    """Bias and weights for rows `x` (n, k) and classes `y` (n, 0 or 1). Features are standardised inside, so that the
    penalty treats them alike; the weights that come out are for the raw features. The penalty pulls each weight
    towards `prior` (raw, default 0)."""
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    z = np.column_stack([np.ones(len(x)), (x - mean) / spread])
    ridge = np.diag([0.0] + [penalty] * x.shape[1])
    goal = np.concatenate([[0.0], np.zeros(x.shape[1]) if prior is None else prior * spread])
    w = goal.copy()
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-z @ w))
        step = np.linalg.solve((z * (p * (1 - p))[:, None]).T @ z + ridge, z.T @ (p - y) + ridge @ (w - goal))
        w -= step
        if np.abs(step).max() < 1e-9:
            break
    weights = w[1:] / spread
    return float(w[0] - weights @ mean), weights


def predict(model: tuple[float, Array], x: Array) -> Array:
    """Probabilities of class 1."""
    bias, weights = model
    return np.asarray(1 / (1 + np.exp(-(x @ weights + bias))))
