"""Fit the calibration of VADER's compound: `EARSHOT_LABELLED=folder python -m training.calibration`.

Prints the table of `ingest.enrich.calibration` and its figures on the validation part. SemEval-2017 task 4A, train
part for fitting (its organisers publish it under CC BY 3.0).
"""

import numpy as np

from ingest.enrich.calibration import probabilities
from ingest.enrich.masking import mask
from ingest.enrich.vader import Analyzer
from training.labelled import rows
from training.logistic import Array

TRAIN, VALIDATION = "tweeteval/sentiment_train_rebuilt.tsv", "tweeteval/sentiment_val.tsv"


def compounds(name: str) -> tuple[Array, Array]:
    """Compound (n) and label (n; 0 negative, 1 neutral, 2 positive) of a set."""
    analyzer = Analyzer()
    pairs = [(analyzer.compound(mask(row["text"])), float(row["label"])) for row in rows(name)]
    return np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])


def shapes(compound: Array) -> Array:
    """Bias, compound and its size: the three shapes that are weighted per class."""
    return np.column_stack([np.ones(len(compound)), compound, np.abs(compound)])


def fit(x: Array, labels: Array, rounds: int = 4000, step: float = 2.0) -> Array:
    """Weights (3 classes, 3 shapes) of a softmax, by plain gradient descent on the mean log loss."""
    w = np.zeros((3, x.shape[1]))
    wanted = np.eye(3)[labels.astype(int)]
    for _ in range(rounds):
        w -= step * (softmax(x @ w.T) - wanted).T @ x / len(x)
    return w


def softmax(scores: Array) -> Array:
    """Rows of probabilities."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def calibration_error(p: Array, labels: Array, bins: int = 10) -> float:
    """Expected calibration error of the likeliest class."""
    top, hit = p.max(axis=1), p.argmax(axis=1) == labels
    place = np.minimum((top * bins).astype(int), bins - 1)
    return float(sum(abs(top[place == b].sum() - hit[place == b].sum()) for b in range(bins)) / len(p))


def main() -> None:
    """Fit, print the table and the figures."""
    compound, labels = compounds(TRAIN)
    weights = fit(shapes(compound), labels)
    print("WEIGHTS =", tuple(tuple(float(round(one, 3)) for one in row) for row in weights - weights.mean(axis=0)))
    compound, labels = compounds(VALIDATION)
    for title, p in (
        ("fitted now", softmax(shapes(compound) @ weights.T)),
        ("as shipped", np.array([probabilities(float(one)) for one in compound])),
    ):
        loss = -np.log(p[np.arange(len(p)), labels.astype(int)]).mean()
        print(f"{title}: n {len(p)}  log loss {loss:.4f}  calibration error {calibration_error(p, labels):.4f}")


if __name__ == "__main__":
    main()
