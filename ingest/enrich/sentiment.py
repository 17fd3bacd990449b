"""Sentiment: mask, then let the engine in charge read; the one place that says which engines there are."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import cast

from django.conf import settings

from ingest.enrich.engines import Engine, Known, Reader, Reading, Sentiment
from ingest.enrich.masking import Names, mask

ENGINES: dict[str, Known] = {
    "earshot": Known(
        "ingest.enrich.earshot.Earshot",
        "Earshot: small neural networks that read whole sentences, in seven languages. Right more often, slower.",
    ),
    "vader": Known(
        "ingest.enrich.vader.Vader",
        "a list of words and a few rules. English only; the quickest, and every score can be traced to words.",
    ),
}
"""The engines by name. Loaded on first use, once per process: see `load`."""

BATCH = 256
"""Texts that an engine is given at once, those of similar length together, so that little is padding."""


@cache
def load(name: str) -> Engine:
    """The engine of this name, the same one for the life of the process. Raises KeyError for an unknown name."""
    module, _, kind = ENGINES[name].path.rpartition(".")
    return cast(Engine, getattr(import_module(module), kind)())


def in_charge(name: str = "") -> Engine:
    """The engine that a brand chose; the installation's where it chose none, or one that is no longer there."""
    return load(name if name in ENGINES else settings.EARSHOT_ENGINE)


def version_of(engine: Engine) -> str:
    """What is stored with each finding: "vader-3.3.2+1"."""
    return f"{engine.name}-{engine.version}"


def score(
    texts: Sequence[str], languages: Sequence[str], names: Sequence[Names], engine: Engine | None = None
) -> list[Sentiment]:
    """As `read`, without what the engine says of complaints."""
    return [reading.sentiment for reading in read(texts, languages, names, engine)]


def read(
    texts: Sequence[str], languages: Sequence[str], names: Sequence[Names], engine: Engine | None = None
) -> list[Reading]:
    """One Reading per text, by the installation's engine unless one is given. `names` are the compiled names of the
    brand that each text is a mention of (`masking.names_of`), None where there is none; the finding belongs to post and
    brand together."""
    engine = engine or in_charge()
    masked = [mask(text, own) for text, own in zip(texts, names, strict=True)]
    readings = _in_batches(masked, languages, _reader(engine))
    if engine.name == "vader":
        return readings
    compounds = [found.compound for found in load("vader").score(masked, languages)]
    return [
        replace(reading, sentiment=replace(reading.sentiment, compound=compound))
        for reading, compound in zip(readings, compounds, strict=True)
    ]


def _reader(engine: Engine) -> Callable[[Sequence[str], Sequence[str]], list[Reading]]:
    if isinstance(engine, Reader):
        return engine.read
    return lambda texts, languages: [Reading(found) for found in engine.score(texts, languages)]


def _in_batches(
    texts: Sequence[str],
    languages: Sequence[str],
    reader: Callable[[Sequence[str], Sequence[str]], list[Reading]],
) -> list[Reading]:
    """What the reader says of each text, in their order; it sees the short ones first."""
    found: dict[int, Reading] = {}
    for places in _batches(texts):
        readings = reader([texts[i] for i in places], [languages[i] for i in places])
        found.update(zip(places, readings, strict=True))
    return [found[i] for i in range(len(texts))]


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    ordered = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    return (ordered[i : i + BATCH] for i in range(0, len(ordered), BATCH))
