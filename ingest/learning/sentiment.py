"""Learn a brand's own correction of sentiment: a temperature, three offsets and a few words, from its labels.

A conditional logit over the engine's log probabilities, by Newton's method: the same labels give the same parameters.
All parameters are pulled towards "change nothing", as strongly as a few labels would push, so that fifty labels move
offsets and hundreds are needed before a word means anything.
"""

import math
from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from listening.quality.own import LEAST, Parameters, Probabilities

Array = NDArray[np.float64]
CLASSES = ("negative", "neutral", "positive")
SLOPE_PULL, OFFSET_PULL, WORD_PULL = 4.0, 1.0, 6.0
LEAN = 0.5
"""How much of its lead a common class loses in the choice of the label. On four airlines 0 raised accuracy most, by
calling all but everything negative; 1 gave all of it back; at a half both accuracy and macro recall rose."""
MOST_WORDS = 30
LEAST_TIMES = 4
MOST_OFTEN = 0.5
"""Words in more than half of a brand's posts are its name and the like."""
ROUNDS = 40
SMALL = 1e-8


def fit(probabilities: Sequence[Probabilities], labels: Sequence[int], words: Sequence[Collection[str]]) -> Parameters:
    """Parameters from as many probabilities, labels (0 negative, 1 neutral, 2 positive) and words of each text."""
    vocabulary = _vocabulary(words, labels)
    x = _features(probabilities, words, vocabulary)
    wanted = np.eye(3)[np.array(labels, dtype=int)]
    goal = np.zeros(x.shape[2])
    goal[0] = 1.0
    pull = np.array([SLOPE_PULL] + [OFFSET_PULL] * 3 + [WORD_PULL] * (x.shape[2] - 4))
    theta = goal.copy()
    for _ in range(ROUNDS):
        step = _step(x, wanted, theta, goal, pull)
        before = _loss(x, wanted, theta, goal, pull)
        while _loss(x, wanted, theta - step, goal, pull) > before and np.abs(step).max() > SMALL:
            step /= 2  # Newton's step may overshoot; the loss has a single valley, so half of it will do
        theta = theta - step
        if np.abs(step).max() <= SMALL:
            break
    return _parameters(theta, vocabulary, labels)


def _vocabulary(words: Sequence[Collection[str]], labels: Sequence[int]) -> list[str]:
    """The words that stand most unevenly in the three classes, neither rare nor in most posts; in a fixed order."""
    times = Counter(word for one in words for word in one)
    per_class = [Counter(w for one, y in zip(words, labels, strict=True) if y == c for w in one) for c in range(3)]
    shares = [sum(1 for y in labels if y == c) / max(1, len(labels)) for c in range(3)]

    def uneven(word: str) -> float:
        n = times[word]
        return sum((per_class[c][word] - n * shares[c]) ** 2 / (n * shares[c]) for c in range(3) if shares[c])

    able = [word for word, n in times.items() if LEAST_TIMES <= n <= MOST_OFTEN * len(words)]
    return sorted(sorted(able, key=lambda word: (-uneven(word), word))[:MOST_WORDS])


def _features(
    probabilities: Sequence[Probabilities], words: Sequence[Collection[str]], vocabulary: Sequence[str]
) -> Array:
    """(n, 3 classes, parameters): for class c the log of its probability, its offset, and its own weight per word."""
    n, k = len(probabilities), len(vocabulary)
    x = np.zeros((n, 3, 4 + 3 * k))
    x[:, :, 0] = np.log(np.maximum(np.array(probabilities).reshape(n, 3), LEAST))
    there = np.array([[word in one for word in vocabulary] for one in words], dtype=float).reshape(n, k)
    for c in range(3):
        x[:, c, 1 + c] = 1.0
        x[:, c, 4 + c * k : 4 + (c + 1) * k] = there
    return x


def _step(x: Array, wanted: Array, theta: Array, goal: Array, pull: Array) -> Array:
    scores = x @ theta
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    gradient = np.einsum("nc,ncd->d", p - wanted, x) + pull * (theta - goal)
    mean = np.einsum("nc,ncd->nd", p, x)
    weighted = (x * p[:, :, None]).reshape(-1, x.shape[2])
    curve = weighted.T @ x.reshape(-1, x.shape[2]) - mean.T @ mean + np.diag(pull)
    step: Array = np.linalg.solve(curve, gradient)
    return step


def _loss(x: Array, wanted: Array, theta: Array, goal: Array, pull: Array) -> float:
    scores = x @ theta
    most = scores.max(axis=1, keepdims=True)
    logs = scores - most - np.log(np.exp(scores - most).sum(axis=1, keepdims=True))
    return float((pull * (theta - goal) ** 2).sum() / 2 - (wanted * logs).sum())


def _parameters(theta: Array, vocabulary: Sequence[str], labels: Sequence[int]) -> Parameters:
    k = len(vocabulary)
    weights = theta[4:].reshape(3, k)
    return {
        "slope": round(max(0.0, float(theta[0])), 4),
        "offsets": [round(float(one), 4) for one in theta[1:4]],
        "lean": [round(-LEAN * math.log((labels.count(c) + 1) / (len(labels) + 3)), 4) for c in range(3)],
        "words": {word: [round(float(one), 4) for one in weights[:, i]] for i, word in enumerate(vocabulary)},
    }
