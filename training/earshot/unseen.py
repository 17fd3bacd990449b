"""Unseen: complaints of industries that a network did not learn, as the product would judge them.

The cues' weights are fitted without these industries too. What 150 labels of each industry bring is measured as in
`training.own`. Only the network is not quantised here.
"""

import numpy as np

from ingest.enrich.complaint import CAUTION, CUES, TONE
from training.complaint import PENALTY, PRIOR, TRAIN, matrix
from training.earshot.posts import left_out_rows
from training.earshot.scales import Array, softmax
from training.labelled import rows
from training.logistic import fit, predict
from training.measures import summary
from training.own import LABELS, line, scaled


def report(group: int, logits: Array, bias: Array, temperature: float) -> None:
    """Print the figures of one group; `logits` (posts, 5) of its posts in the order of `left_out_rows`."""
    everything, held = list(rows(TRAIN)), left_out_rows(group)
    y = np.array([float(row["label"]) for row in everything])
    domains = [everything[place]["domain"] for place in held]
    blended = _blended(logits, _cues([row["text"] for row in everything], y, held), bias, temperature)
    named = np.array([not domain.startswith("random") for domain in domains])
    truth = y[held]
    print("the network alone     ", summary(_chance(logits[:, 3]), truth))
    print("with cues and tone    ", summary(blended, truth))
    print("  only posts to brands", summary(blended[named], truth[named]))
    print("\n| industry | n | before | after 150 labels | a perfect model's |\n|---|---|---|---|---|")
    for name in sorted({one for one in domains if not one.startswith("random") and domains.count(one) > LABELS + 30}):
        place = np.array([domain == name for domain in domains])
        print(f"| {name} |" + line(scaled(blended[place], truth[place])))


def _cues(texts: list[str], y: Array, held: list[int]) -> Array:
    """What the cues say of the held posts, as logits."""
    x, _ = matrix(texts)
    taught = np.ones(len(y), bool)
    taught[held] = False
    p = predict(fit(x[taught], y[taught], PENALTY, PRIOR), x[held])
    return np.log(p / (1 - p))


def _blended(logits: Array, cues: Array, bias: Array, temperature: float) -> Array:
    """As ingest.enrich.complaint puts the three together."""
    moods = softmax((logits[:, :3] - bias) / temperature)
    tone = np.log((moods[:, 0] + CAUTION) / (moods[:, 2] + CAUTION))
    p = _chance(logits[:, 3])
    return _chance((1 - CUES) * np.log((p + CAUTION) / (1 - p + CAUTION)) + CUES * cues + TONE * tone)


def _chance(weighed: Array) -> Array:
    return 1 / (1 + np.exp(-np.clip(weighed, -30, 30)))
