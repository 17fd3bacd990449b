"""Measure what is shipped: `EARSHOT_LABELLED=folder python -m training.figures` prints the figures of the docs."""

import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from ingest.enrich import language, sentiment
from ingest.enrich.engines import Sentiment
from ingest.enrich.masking import names_of
from ingest.enrich.vader import Vader
from training.labelled import rows

CLASSES = ("negative", "neutral", "positive")
AIRLINES = {
    "US Airways": ("usairways", "US Air"),
    "American": ("americanair", "American Airlines", "AA"),
    "Southwest": ("southwestair", "Southwest Airlines", "SWA"),
    "Virgin America": ("virginamerica", "Virgin"),
}
TONGUES = ("arabic", "english", "french", "german", "hindi", "italian", "portuguese", "spanish")


def macro_recall(found: Sequence[str], labels: Sequence[str]) -> float:
    """Mean recall of the three classes, the official measure of SemEval-2017 4A; "unscored" counts as neutral."""
    found = ["neutral" if one == "unscored" else one for one in found]
    recalls = []
    for one in CLASSES:
        hits = [f == one for f, label in zip(found, labels, strict=True) if label == one]
        recalls.append(sum(hits) / max(1, len(hits)))
    return sum(recalls) / 3


def labels_of(moods: Sequence[Sentiment]) -> list[str]:
    """The labels alone."""
    return [mood.label for mood in moods]


def raw(texts: Sequence[str]) -> list[str]:
    """Labels without masking, every text taken for English: VADER as it comes."""
    return labels_of(Vader().score(texts, ["en"] * len(texts)))


def masked(texts: Sequence[str], *names: str) -> list[str]:
    """Labels as in the product, languages detected."""
    languages = language.identify(texts, [None] * len(texts))
    own = names_of(names[0], names[1:]) if names else None
    return labels_of(sentiment.score(texts, languages, [own] * len(texts), sentiment.load("vader")))


def line(title: str, texts: Sequence[str], labels: Sequence[str], *names: str) -> None:
    """One line of a table: macro recall raw and as shipped, and the share that is not scored."""
    found = masked(texts, *names)
    unscored = found.count("unscored") / len(found)
    before, after = macro_recall(raw(texts), labels), macro_recall(found, labels)
    print(f"| {title} | {len(texts):,} | {before:.3f} | {after:.3f} | {unscored:.1%} |")


def airlines() -> None:
    """Per airline, and how well the daily net sentiment of each airline agrees with people's."""
    everything = list(rows("airline/american_usairways_southwest_virgin.tsv"))
    days: dict[str, list[float]] = defaultdict(list)
    for airline, names in AIRLINES.items():
        own = [row for row in everything if row["airline"] == airline]
        texts, labels = [row["text"] for row in own], [row["airline_sentiment"] for row in own]
        line(airline, texts, labels, airline, *names)
        dates = [row["tweet_created"][:10] for row in own]
        for name, found in (("people", labels), ("raw", raw(texts)), ("masked", masked(texts, airline, *names))):
            days[name] += daily_net(dates, found)
    for name in ("raw", "masked"):
        people, engine = np.array(days["people"]), np.array(days[name])
        agrees, error = np.corrcoef(people, engine)[0, 1], np.abs(people - engine).mean()
        print(f"{len(people)} airline-days, {name}: correlation {agrees:.2f}, mean absolute error {error:.2f}")


def renamed() -> None:
    """What a warm name does: US Airways' tweets as they would read if the airline were called United."""
    own = [row for row in rows("airline/american_usairways_southwest_virgin.tsv") if row["airline"] == "US Airways"]
    texts = [re.sub(r"@?us ?airways", "@United", row["text"], flags=re.I) for row in own]
    line("US Airways, renamed United", texts, [row["airline_sentiment"] for row in own], "United")


def daily_net(dates: Sequence[str], found: Sequence[str], least: int = 20) -> list[float]:
    """(positive - negative) / all per day in order, days of at least `least` posts."""
    score = {"positive": 1, "negative": -1}
    per_day: dict[str, list[int]] = defaultdict(list)
    for date, one in zip(dates, found, strict=True):
        per_day[date].append(score.get(one, 0))
    return [sum(values) / len(values) for _, values in sorted(per_day.items()) if len(values) >= least]


def main() -> None:
    """Print everything."""
    print("| set | n | VADER raw | as shipped | unscored |\n|---|---|---|---|---|")
    test = list(rows("tweeteval/sentiment_val.tsv"))
    line("SemEval validation", [row["text"] for row in test], [CLASSES[int(row["label"])] for row in test])
    test = [row for row in rows("sanders/apple_twitter.tsv") if row["sentiment"] in CLASSES]
    line(
        "Sanders, Apple and Twitter",
        [row["text"] for row in test],
        [row["sentiment"] for row in test],
        "Apple",
        "Twitter",
    )
    airlines()
    renamed()
    for tongue in TONGUES:
        test = list(rows(f"umsab/{tongue}_val.tsv"))
        line(f"umsab {tongue}", [row["text"] for row in test], [CLASSES[int(row["label"])] for row in test])


if __name__ == "__main__":
    main()
