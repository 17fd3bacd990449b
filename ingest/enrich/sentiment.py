"""Sentiment: mask, then let the engine in charge score; the one place that says which engine that is."""

from collections.abc import Sequence

from ingest.enrich.engines import Engine, Sentiment
from ingest.enrich.masking import Names, mask
from ingest.enrich.vader import Vader

ENGINE: Engine = Vader()


def score(
    texts: Sequence[str], languages: Sequence[str], names: Sequence[Names], engine: Engine = ENGINE
) -> list[Sentiment]:
    """One Sentiment per text. `names` are the compiled names of the brand that each text is a mention of
    (`masking.names_of`), None where there is none; the finding belongs to post and brand together."""
    masked = [mask(text, own) for text, own in zip(texts, names, strict=True)]
    return engine.score(masked, languages)
