"""Analyze: texts a second through language, masking, sentiment and complaint, on one core.

The texts are the sample market's. Time is processor time of this process, threads included, so that neighbours on the
machine do not count and a model that takes two cores pays for both. Beside it, in the same run, the vaderSentiment
library alone, as it comes. Each engine reads as it does in the product, with masking and language.
"""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psutil
from django.conf import settings
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from ingest.clean import clean
from ingest.enrich import complaint, details, language, sentiment
from ingest.enrich.engines import Engine
from ingest.enrich.masking import mask, names_of
from ingest.record import Record
from ingest.sources.sample import MARKET
from ingest.sources.sample.posts import hour_posts

HOURS = 24 * 30
OPENED = date(2026, 6, 1)
ROUNDS = 5
SLOW_TEXTS, SLOW_ROUNDS = 2000, 2
"""For engines other than VADER: enough to measure, and over in seconds."""
FLOOR_VADER, FLOOR_DEFAULT, MOST_MEMORY_MB = 15_000, 500, 150
FLOOR_RATIO_VADER, FLOOR_RATIO_DEFAULT = 0.4, 0.012
"""Against the library in the same run, which a slow machine slows as much."""


def run() -> dict[str, Any]:
    """Texts a second for each step and for all steps together; higher is better. `ratio_vader` is our VADER with
    masking against the library without; `engine_*` an engine with masking and language, `ratio_engine_*` the same
    against the library, `memory_mb_*` what the loaded engine adds."""
    memory = {name: _memory_of(name) for name in sentiment.ENGINES}  # first: what is loaded stays loaded
    records = _records()
    texts = [record.text for record in records]
    untold = [None] * len(texts)
    names = names_of(MARKET.brands[0].name, [handle.handle for handle in MARKET.brands[0].handles])
    own = [names] * len(texts)
    languages = language.identify(texts, untold)
    moods = sentiment.score(texts, languages, own, sentiment.load("vader"))
    english = ["en"] * len(texts)
    library = SentimentIntensityAnalyzer()
    rates = {
        "clean": _rate(len(texts), lambda: [clean(record) for record in records]),
        "language": _rate(len(texts), lambda: language.identify(texts, untold)),
        "mask": _rate(len(texts), lambda: [mask(text, names) for text in texts]),
        "vader_masked": _rate(len(texts), lambda: sentiment.score(texts, english, own, sentiment.load("vader"))),
        "vader_library": _rate(len(texts), lambda: [library.polarity_scores(text) for text in texts]),
        "complaint": _rate(len(texts), lambda: complaint.score(_inputs(texts, english, moods))),
        "details": _rate(len(texts), lambda: details.find([details.DetailsInput(text, 0.5, 0.0) for text in texts])),
        "everything": _rate(len(texts), lambda: _everything(texts, untold, own)),
    }
    for name in sentiment.ENGINES:
        rates[f"engine_{name}"] = _rate_of(sentiment.load(name), texts, own)
    figures: dict[str, Any] = {f"{name}_per_second": round(rate) for name, rate in rates.items()}
    figures["ratio_vader"] = round(rates["vader_masked"] / rates["vader_library"], 1)
    for name in sentiment.ENGINES:
        figures[f"ratio_engine_{name}"] = round(rates[f"engine_{name}"] / rates["vader_library"], 3)
    figures |= {f"memory_mb_{name}": round(size) for name, size in memory.items()}
    default = settings.EARSHOT_ENGINE
    least = {f"engine_{default}_per_second": FLOOR_DEFAULT, f"ratio_engine_{default}": FLOOR_RATIO_DEFAULT}
    return figures | {
        "texts": len(texts),
        "floors": least | {"engine_vader_per_second": FLOOR_VADER, "ratio_engine_vader": FLOOR_RATIO_VADER},
        "ceilings": {f"memory_mb_{name}": MOST_MEMORY_MB for name in sentiment.ENGINES},
    }


def _memory_of(name: str) -> float:
    """MB that a process grows by when it loads the engine and reads a first batch."""
    process = psutil.Process()
    before = process.memory_info().rss
    texts = ["Still no reply, day 6. This is awful!"] * sentiment.BATCH
    sentiment.score(texts, ["en"] * len(texts), [None] * len(texts), sentiment.load(name))
    return float(max(0, process.memory_info().rss - before)) / 2**20


def _rate_of(engine: Engine, texts: Sequence[str], own: Sequence[Any]) -> float:
    """With language, masking and, where it is not VADER, VADER's compound: all that the product asks."""
    quick = engine.name == "vader"
    step = 1 if quick else max(1, len(texts) // SLOW_TEXTS)
    texts, own = texts[::step], own[::step]

    def work() -> None:
        languages = language.identify(texts, [None] * len(texts))
        sentiment.score(texts, languages, own, engine)

    return _rate(len(texts), work, ROUNDS if quick else SLOW_ROUNDS)


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


def _rate(texts: int, work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The best of a few rounds, after one to warm up."""
    work()
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return texts / best
