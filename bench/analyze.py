"""Analyze: texts a second through language, masking, sentiment and complaint, on one core.

The texts are the sample market's. Time is processor time of this process, so that neighbours on the machine do not
count. Beside it, in the same run, the vaderSentiment library alone, as it comes.
"""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from ingest.clean import clean
from ingest.enrich import complaint, details, language, sentiment
from ingest.enrich.masking import mask, names_of
from ingest.record import Record
from ingest.sources.sample import MARKET
from ingest.sources.sample.posts import hour_posts

HOURS = 24 * 30
OPENED = date(2026, 6, 1)
ROUNDS = 5


def run() -> dict[str, Any]:
    """Texts a second for each step and for all steps together; higher is better. `ratio_vader` is our VADER with
    masking against the library without."""
    records = _records()
    texts = [record.text for record in records]
    untold = [None] * len(texts)
    names = names_of(MARKET.brands[0].name, [handle.handle for handle in MARKET.brands[0].handles])
    own = [names] * len(texts)
    languages = language.identify(texts, untold)
    moods = sentiment.score(texts, languages, own)
    english = ["en"] * len(texts)
    library = SentimentIntensityAnalyzer()
    rates = {
        "clean": _rate(len(texts), lambda: [clean(record) for record in records]),
        "language": _rate(len(texts), lambda: language.identify(texts, untold)),
        "mask": _rate(len(texts), lambda: [mask(text, names) for text in texts]),
        "vader_masked": _rate(len(texts), lambda: sentiment.score(texts, english, own)),
        "vader_library": _rate(len(texts), lambda: [library.polarity_scores(text) for text in texts]),
        "complaint": _rate(len(texts), lambda: complaint.score(_inputs(texts, english, moods))),
        "details": _rate(len(texts), lambda: details.find([details.DetailsInput(text, 0.5, 0.0) for text in texts])),
        "everything": _rate(len(texts), lambda: _everything(texts, untold, own)),
    }
    figures: dict[str, Any] = {f"{name}_per_second": round(rate) for name, rate in rates.items()}
    return figures | {"texts": len(texts), "ratio_vader": round(rates["vader_masked"] / rates["vader_library"], 1)}


def _records() -> list[Record]:
    start = datetime(2026, 5, 1, tzinfo=UTC)
    hours = (start + timedelta(hours=n) for n in range(HOURS))
    return [post.record for hour in hours for post in hour_posts("bench", OPENED, hour)]


def _inputs(texts: list[str], languages: list[str], moods: list[Any]) -> list[complaint.ComplaintInput]:
    return [complaint.ComplaintInput(*one) for one in zip(texts, languages, [True] * len(texts), moods, strict=True)]


def _everything(texts: list[str], untold: list[Any], own: list[Any]) -> None:
    languages = language.identify(texts, untold)
    moods = sentiment.score(texts, languages, own)
    complaint.score(_inputs(texts, languages, moods))


def _rate(texts: int, work: Callable[[], object]) -> float:
    """The best of a few rounds, after one to warm up."""
    work()
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return texts / best
