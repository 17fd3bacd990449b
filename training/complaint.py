"""Fit the complaint model: `EARSHOT_LABELLED=folder python -m training.complaint [--write]`.

Trains on X-CI (MIT annotations) and on nothing else. Prints figures with whole industries left out, then those of the
shipped weights on sets that were only measured. `--write` replaces the shipped weights.
"""

import json
import sys

import numpy as np

from ingest.enrich.complaint import FEATURES, SIGNS, WEIGHTS, features
from ingest.enrich.cues import GROUPS
from ingest.enrich.masking import mask
from ingest.enrich.vader import Analyzer
from training.labelled import rows
from training.logistic import Array, fit, predict
from training.measures import summary

TRAIN = "complaints_xci_severity/xci_visible.tsv"
VERSION = "complaint-1"
PENALTY = 30.0
THRESHOLD = 0.5
PRIOR = np.array([1.5 if group.why else 0.0 for group in GROUPS] + [0.0] * len(SIGNS))
"""What a cue is worth before any data: a reason speaks for a complaint, however rare its words are in the training."""


def matrix(texts: list[str]) -> tuple[Array, Array]:
    """Features (n, k) and VADER's compound (n) of texts without any brand's names known."""
    analyzer = Analyzer()
    compounds = [analyzer.compound(mask(text)) for text in texts]
    return np.array([features(text, c) for text, c in zip(texts, compounds, strict=True)]), np.array(compounds)


def folds(domains: list[str]) -> Array:
    """One fold per industry; random posts, which belong to none, are spread over all of them by their place."""
    industries = sorted({domain for domain in domains if not domain.startswith("random")})
    return np.array(
        [industries.index(d) if d in industries else i % len(industries) for i, d in enumerate(domains)], dtype=float
    )


def left_out(x: Array, y: Array, fold: Array) -> Array:
    """Each row's probability from a model that never saw its industry."""
    p = np.empty(len(y))
    for one in np.unique(fold):
        p[fold == one] = predict(fit(x[fold != one], y[fold != one], PENALTY, PRIOR), x[fold == one])
    return p


def main(write: bool) -> None:
    """Fit, print the figures, write the weights when asked to."""
    train = list(rows(TRAIN))
    x, compound = matrix([row["text"] for row in train])
    y = np.array([float(row["label"]) for row in train])
    domains = [row["domain"] for row in train]
    named = np.array([not domain.startswith("random") for domain in domains])
    p = left_out(x, y, folds(domains))
    print("VADER's sign               ", summary(-compound, y, 0.05))
    print("industries left out        ", summary(p, y, THRESHOLD))
    print("  of these, posts to brands", summary(p[named], y[named], THRESHOLD))
    model = fit(x, y, PENALTY, PRIOR)
    print("seen in training           ", summary(predict(model, x), y, THRESHOLD))
    measure("ACL 2019 (same tweets)     ", model, "complaints_acl2019/complaints_visible.tsv", "label", "1")
    measure("airlines                   ", model, "airline/american_usairways_southwest_virgin.tsv", "airline_sentiment", "negative")  # fmt: skip  # noqa: E501
    if write:
        store(model)


def measure(title: str, model: tuple[float, Array], name: str, column: str, positive: str) -> None:
    """Print the figures of a set that no weight was trained on."""
    test = list(rows(name))
    x, _ = matrix([row["text"] for row in test])
    print(title, summary(predict(model, x), np.array([float(row[column] == positive) for row in test]), THRESHOLD))


def store(model: tuple[float, Array]) -> None:
    """Write the weights, rounded, in the order of the features."""
    bias, weights = model
    named = {name: round(float(weight), 4) for name, weight in zip(FEATURES, weights, strict=True)}
    stored = {"version": VERSION, "threshold": THRESHOLD, "bias": round(bias, 4), "weights": named}
    WEIGHTS.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main("--write" in sys.argv[1:])
