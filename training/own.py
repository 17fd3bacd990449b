"""Measure what a brand's own labels bring: `EARSHOT_LABELLED=folder python -m training.own`.

Nothing is trained here that ships. Complaints: each industry of X-CI is scored by a model that never saw it; 150 of its
labels scale the probabilities, the others are measured, again and again with other 150. Sentiment: labels of an
airline teach its own correction of VADER, which is measured on the rest of that airline's tweets.
"""

from collections.abc import Sequence

import numpy as np

from ingest.enrich import language, sentiment as engine
from ingest.enrich.masking import names_of
from ingest.learning import complaint, sentiment
from listening.quality.own import adjust, choose, words_in
from listening.quality.platt import apply_platt, fit_platt
from training.complaint import PENALTY, PRIOR, TRAIN, folds, left_out, matrix
from training.figures import AIRLINES, CLASSES, macro_recall
from training.labelled import rows
from training.logistic import Array, fit, predict
from training.measures import calibration_error, macro_f1

LABELS = 150
ROUNDS = 200
SIZES = (50, 100, 150, 300, 600)


def complaints() -> None:
    """Per industry: calibration error as it comes and after Platt scaling on 150 labels."""
    everything = list(rows(TRAIN))
    x, _ = matrix([row["text"] for row in everything])
    y = np.array([float(row["label"]) for row in everything])
    domains = [row["domain"] for row in everything]
    unseen = left_out(x, y, folds(domains))
    shipped = predict(fit(x, y, PENALTY, PRIOR), x)
    names = sorted({one for one in domains if not one.startswith("random") and domains.count(one) > LABELS + 30})
    for title, p in (("never saw the industry", unseen), ("shipped weights (saw these posts)", shipped)):
        print(f"\n{title}\n| industry | n | before | after | a perfect model's |\n|---|---|---|---|---|")
        pooled = []
        for name in names:
            place = np.array([domain == name for domain in domains])
            pooled.append(scaled(p[place], y[place]))
            print(f"| {name} |" + line(pooled[-1]))
        print("| all together |" + line(tuple(np.concatenate(part) for part in zip(*pooled, strict=True))))


def scaled(p: Array, y: Array) -> tuple[Array, Array, Array]:
    """The probabilities, each post's mean probability over the rounds in which it was held out, and the truth."""
    dice = np.random.default_rng(1)
    total, times = np.zeros(len(p)), np.zeros(len(p))
    for _ in range(ROUNDS):
        order = dice.permutation(len(p))
        taught, held = order[:LABELS], order[LABELS:]
        a, b = fit_platt(p[taught].tolist(), (y[taught] > 0).tolist())
        total[held] += [apply_platt(one, a, b) for one in p[held]]
        times[held] += 1
    return p, total / np.maximum(times, 1), y


def line(found: tuple[Array, ...]) -> str:
    """Calibration errors before and after, and what dice alone would make of a perfectly calibrated model."""
    before, after, y = found
    dice = np.random.default_rng(2)
    floor = np.mean([calibration_error(after, (dice.random(len(after)) < after).astype(float)) for _ in range(200)])
    errors = (calibration_error(before, y), calibration_error(after, y), floor)
    return f" {len(y)} |" + "|".join(f" {one:.3f} " for one in errors) + "|"


def thresholds() -> None:
    """Macro F1 with the shipped threshold and with the one that 150 labels choose."""
    everything = list(rows(TRAIN))
    x, _ = matrix([row["text"] for row in everything])
    y = np.array([float(row["label"]) for row in everything])
    domains = [row["domain"] for row in everything]
    p = left_out(x, y, folds(domains))
    print("\n| industry | macro F1 before | after 150 labels |\n|---|---|---|")
    for name in sorted({one for one in domains if not one.startswith("random") and domains.count(one) > LABELS + 30}):
        place = np.array([domain == name for domain in domains])
        print(f"| {name} |" + "|".join(f" {one:.3f} " for one in flagged(p[place], y[place])) + "|")


def flagged(p: Array, y: Array) -> tuple[float, float]:
    """Mean macro F1 on posts held out, at 0.5 and after the brand's own scaling and threshold."""
    dice = np.random.default_rng(1)
    before, after = [], []
    for _ in range(ROUNDS):
        order = dice.permutation(len(p))
        taught, held = order[:LABELS], order[LABELS:]
        own = complaint.fit(p[taught].tolist(), (y[taught] > 0).tolist())
        before.append(macro_f1((p[held] >= 0.5).astype(float), y[held]))
        ours = [apply_platt(one, own["a"], own["b"]) >= own["threshold"] for one in p[held]]
        after.append(macro_f1(np.array(ours, dtype=float), y[held]))
    return float(np.mean(before)), float(np.mean(after))


def airlines() -> None:
    """Per airline and number of labels: accuracy and macro recall of VADER alone and with the airline's own model."""
    everything = list(rows("airline/american_usairways_southwest_virgin.tsv"))
    print("\n| airline | labels | right before | after | macro recall before | after |\n|---|---|---|---|---|---|")
    for airline, names in AIRLINES.items():
        own = [row for row in everything if row["airline"] == airline]
        texts, labels = [row["text"] for row in own], [row["airline_sentiment"] for row in own]
        languages = language.identify(texts, [None] * len(texts))
        moods = engine.score(texts, languages, [names_of(airline, list(names))] * len(texts))
        scored = [i for i, mood in enumerate(moods) if mood.p_negative is not None]
        order = np.random.default_rng(5).permutation(scored)
        p = [(m.p_negative or 0.0, m.p_neutral or 0.0, m.p_positive or 0.0) for m in moods]
        words = [words_in(text) for text in texts]
        truth = [CLASSES.index(label) for label in labels]
        for size in SIZES:
            if len(order) < size + 150:
                continue
            taught, held = order[:size], order[size:]
            learned = sentiment.fit([p[i] for i in taught], [truth[i] for i in taught], [words[i] for i in taught])
            said = [CLASSES[choose(adjust(p[i], learned, words[i]), learned)] for i in held]
            print(f"| {airline} | {size} |" + compared([moods[i].label for i in held], said, [labels[i] for i in held]))


def compared(before: Sequence[str], after: Sequence[str], labels: Sequence[str]) -> str:
    """Accuracy and macro recall, before and after."""
    right = [np.mean([a == b for a, b in zip(said, labels, strict=True)]) for said in (before, after)]
    recalls = [macro_recall(said, labels) for said in (before, after)]
    return "|".join(f" {one:.3f} " for one in (*right, *recalls)) + "|"


if __name__ == "__main__":
    complaints()
    thresholds()
    airlines()
