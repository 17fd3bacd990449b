"""Measure: the shipped files through the product's own code, on posts that no weight has seen.

`EARSHOT_LABELLED=folder python -m training.earshot.measure` prints the figures of docs/models/earshot.md.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np

from ingest.enrich.network import Network
from training.earshot.posts import TONGUES, Post, airlines, sanders, semeval_validation, umsab
from training.earshot.scales import Array, calibration_error, macro_recall
from training.measures import summary

LEAST_A_DAY = 20
Judge = Callable[[Sequence[Post]], tuple[Array, Array]]


def run() -> None:
    """Print them."""
    english, tongues = judge("english"), judge("tongues")
    line("SemEval validation", english, semeval_validation())
    line("Sanders, Apple and Twitter", english, sanders())
    rows = airlines()
    for airline in sorted({airline for airline, _, _ in rows}):
        line(airline, english, [post for one, _, post in rows if one == airline])
    posts = [post for _, _, post in rows]
    moods, p = english(posts)
    print("airlines, negative as complaint:", summary(p, np.array([float(bool(post.complaint)) for post in posts])))
    days([(airline, day) for airline, day, _ in rows], moods.argmax(1), np.array([post.sentiment for post in posts]))
    for tongue in TONGUES:
        line(f"umsab {tongue}", tongues, umsab(tongue, "val"))


def judge(name: str) -> Judge:
    """Posts in; (posts, 3) probabilities of sentiment and those of a complaint out."""
    network = Network(name)

    def read(posts: Sequence[Post]) -> tuple[Array, Array]:
        moods, complaints = network.read([post.text for post in posts])
        return np.array(moods), np.array([one or 0.0 for one in complaints])

    return read


def line(title: str, read: Judge, posts: Sequence[Post]) -> None:
    moods, _ = read(posts)
    labels = np.array([post.sentiment for post in posts])
    unsure = float((moods.max(1) < 0.5).mean())
    recall, error = macro_recall(moods, labels), calibration_error(moods, labels)
    print(f"| {title} | {len(posts):,} | {recall:.3f} | {error:.3f} | {unsure:.1%} |")


def days(places: Sequence[tuple[str, str]], found: Array, labels: Array) -> None:
    """How well the daily net sentiment of each airline agrees with people's."""
    both: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for place, one, label in zip(places, found, labels, strict=True):
        both[place].append((int(one) - 1, int(label) - 1))
    means = np.array([np.mean(values, 0) for values in both.values() if len(values) >= LEAST_A_DAY])
    agrees, error = np.corrcoef(means.T)[0, 1], np.abs(means[:, 0] - means[:, 1]).mean()
    print(f"{len(means)} airline-days: correlation {agrees:.3f}, mean absolute error {error:.3f}")


if __name__ == "__main__":
    run()
