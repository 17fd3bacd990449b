"""Compare: the engine alone against the engine with a brand's own correction, on labels that it did not learn from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypedDict, TypeVar

import numpy as np

from listening.quality.calibration import calibration

FOLDS = 10
DRAWS = 2000
SEED = 20170801
T = TypeVar("T")
P = TypeVar("P")
ENOUGH_RANDOM = 50
"""From so many labels drawn at random on, only they are tested; before, all are, and the comparison says so."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said about one label's mention: whether it was right, the probability given to what was true, the
    probability that is to be calibrated and whether that came true."""

    right: bool
    given: float
    p: float
    true: bool


class Side(TypedDict):
    """Share right, mean log loss, expected calibration error."""

    right: float
    loss: float
    error: float


class Gain(TypedDict):
    value: float
    low: float
    high: float


class Measured(TypedDict):
    """`n` labels taught, `tested` of them count here: those drawn at random ("random") or "all"."""

    n: int
    tested: int
    basis: str
    before: Side
    after: Side
    gain: Gain


def held_out(examples: Sequence[T], fit: Callable[[Sequence[T]], P], answer: Callable[[T, P], Answer]) -> list[Answer]:
    """Each example answered by parameters that were fitted without it; folds are by place, so the same every time."""
    answers: list[Answer | None] = [None] * len(examples)
    for fold in range(FOLDS):
        learned = fit([one for i, one in enumerate(examples) if i % FOLDS != fold])
        for i in range(fold, len(examples), FOLDS):
            answers[i] = answer(examples[i], learned)
    return [one for one in answers if one is not None]


def compare(before: Sequence[Answer], after: Sequence[Answer], drawn: Sequence[bool]) -> Measured:
    """Of the same examples' answers; `drawn` says which were drawn at random."""
    random = sum(drawn) >= ENOUGH_RANDOM
    tested = [i for i, one in enumerate(drawn) if one or not random]
    old, new = [before[i] for i in tested], [after[i] for i in tested]
    return {
        "n": len(before),
        "tested": len(tested),
        "basis": "random" if random else "all",
        "before": _side(old),
        "after": _side(new),
        "gain": _gain(old, new),
    }


def better(measured: Measured) -> bool:
    """Whether it is worth offering: surely more right, or no fewer right with truer probabilities."""
    before, after = measured["before"], measured["after"]
    truer = after["right"] >= before["right"] and after["loss"] < before["loss"]
    return truer or measured["gain"]["low"] > 0


def _side(answers: Sequence[Answer]) -> Side:
    return {
        "right": float(np.mean([one.right for one in answers])),
        "loss": float(-np.mean(np.log([max(one.given, 1e-4) for one in answers]))),
        "error": calibration([one.p for one in answers], [one.true for one in answers]).error or 0.0,
    }


def _gain(old: Sequence[Answer], new: Sequence[Answer]) -> Gain:
    """The share more that is right, with a paired bootstrap's 95 % interval (Efron 1979); the dice are seeded."""
    steps = np.array([int(b.right) - int(a.right) for a, b in zip(old, new, strict=True)], dtype=float)
    dice = np.random.default_rng(SEED)
    means = steps[dice.integers(0, len(steps), (DRAWS, len(steps)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return {"value": float(steps.mean()), "low": float(low), "high": float(high)}
