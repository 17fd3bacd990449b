"""Fit the strength of complaints: `EARSHOT_LABELLED=folder python -m training.strength [--write]`.

Trains on the complaints of X-CI (MIT annotations) and on nothing else: severity 1 is mild, 2 clear, 3 and 4 strong.
Prints figures with each industry left out; `--write` replaces the shipped weights.
"""

import json
import sys
from collections.abc import Sequence

import numpy as np

from ingest.enrich.masking import mask
from ingest.enrich.phrases import words
from ingest.enrich.strength import FEATURES, WEIGHTS, features
from ingest.enrich.vader import Analyzer
from ingest.enrich.waiting import waiting
from training.labelled import rows
from training.logistic import Array, fit

TRAIN = "complaints_xci_severity/xci_visible.tsv"
VERSION = "strength-1"
PENALTY = 30.0
STEP_OF = {"1": 1, "2": 2, "3": 3, "4": 3}


def matrix(texts: Sequence[str]) -> Array:
    """Features (n, k)."""
    analyzer = Analyzer()
    found = []
    for text in texts:
        told = waiting(text)
        found.append(features(text, words(text), analyzer.compound(mask(text)), bool(told.why), told.times))
    return np.array(found)


def fit_ordinal(x: Array, steps: Array) -> tuple[Array, Array]:
    """Weights (k) and the two scores at which the next step becomes the likelier one (proportional odds).

    Both questions, "more than mild?" and "more than clear?", are put to one logistic regression with shared weights.
    """
    above = [np.zeros((len(x), 1)), np.ones((len(x), 1))]
    stacked = np.vstack([np.hstack([x, one]) for one in above])
    bias, weights = fit(stacked, np.concatenate([steps > 1, steps > 2]).astype(np.float64), PENALTY)
    return weights[:-1], np.array([-bias, -bias - weights[-1]])


def left_out(x: Array, steps: Array, groups: Array) -> tuple[Array, Array]:
    """Score and step of each row from a model that never saw its industry, scores centred on that model's cuts."""
    scores, found = np.empty(len(x)), np.empty(len(x))
    for one in np.unique(groups):
        inside = groups == one
        weights, cuts = fit_ordinal(x[~inside], steps[~inside])
        scores[inside] = x[inside] @ weights - cuts.mean()
        found[inside] = 1 + (x[inside] @ weights[:, None] > cuts).sum(axis=1)
    return scores, found


def ranks(values: Array) -> Array:
    """Ranks, ties at their mean."""
    _, place, size = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(size) - (size - 1) / 2)[place])


def rank_correlation(a: Array, b: Array) -> float:
    """Spearman's."""
    return float(np.corrcoef(ranks(a), ranks(b))[0, 1])


def macro_f1(found: Array, steps: Array) -> float:
    """Mean F1 of the three steps."""
    each = [2 * ((found == s) & (steps == s)).sum() / ((found == s).sum() + (steps == s).sum()) for s in (1, 2, 3)]
    return float(np.mean(each))


def figures(title: str, scores: Array, found: Array, steps: Array) -> None:
    """One line."""
    print(
        f"{title}: n {len(steps)}  rank correlation of the score {rank_correlation(scores, steps):.3f}"
        f"  of the step {rank_correlation(found, steps):.3f}  right {(found == steps).mean():.3f}"
        f"  within one step {(abs(found - steps) <= 1).mean():.3f}  macro F1 {macro_f1(found, steps):.3f}"
    )


def main(write: bool) -> None:
    """Fit, print the figures, write the weights when asked to."""
    train = [row for row in rows(TRAIN) if row["Severity"] in STEP_OF]
    x = matrix([row["text"] for row in train])
    steps = np.array([float(STEP_OF[row["Severity"]]) for row in train])
    domains = np.array([row["domain"] for row in train])
    scores, found = left_out(x, steps, domains)
    figures("industries left out", scores, found, steps)
    for one in np.unique(domains):
        figures(f"  {one}", scores[domains == one], found[domains == one], steps[domains == one])
    print("steps found for each true step (rows: mild, clear, strong)")
    print(np.array([[((steps == a) & (found == b)).sum() for b in (1, 2, 3)] for a in (1, 2, 3)]))
    weights, cuts = fit_ordinal(x, steps)
    figures("seen in training", x @ weights, 1 + (x @ weights[:, None] > cuts).sum(axis=1), steps)
    if write:
        named = {name: round(float(weight), 4) for name, weight in zip(FEATURES, weights, strict=True)}
        stored = {"version": VERSION, "cuts": [round(float(cut), 4) for cut in cuts], "weights": named}
        WEIGHTS.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main("--write" in sys.argv[1:])
