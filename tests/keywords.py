"""A second engine for tests, as real as it is small: two words decide, and where both stand it is unsure.

It answers both questions in one pass, and notes what it was asked, so that tests see the batches.
"""

from collections.abc import Sequence

from ingest.enrich.engines import UNSCORED, Known, Reading, Sentiment

KNOWN = Known("tests.keywords.Keywords", "Two words decide.")
BATCHES: list[list[str]] = []


class Keywords:
    """Reads every language but Welsh."""

    name = "keywords"
    version = "7"

    def score(self, texts: Sequence[str], languages: Sequence[str]) -> list[Sentiment]:
        return [reading.sentiment for reading in self.read(texts, languages)]

    def read(self, texts: Sequence[str], languages: Sequence[str]) -> list[Reading]:
        BATCHES.append(list(texts))
        return [_read(text.lower(), language) for text, language in zip(texts, languages, strict=True)]


def _read(text: str, language: str) -> Reading:
    if "unreadable" in text:
        raise ValueError("a text that breaks the engine")
    if language == "cy":
        return Reading(UNSCORED)
    good, bad = "good" in text, "bad" in text
    complaint_p = 0.9 if "broke" in text else 0.2
    if good and bad:
        return Reading(Sentiment("positive", 0.45, 0.05, 0.5, unsure=True), complaint_p)
    if good:
        return Reading(Sentiment("positive", 0.1, 0.1, 0.8), complaint_p)
    return Reading(Sentiment("negative", 0.8, 0.1, 0.1) if bad else Sentiment("neutral", 0.1, 0.8, 0.1), complaint_p)
