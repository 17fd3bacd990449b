"""Earshot: the default engine. Small networks read a text once, for its sentiment and whether it is a complaint.

English is read by a network of six layers that grew from MiniLM; Arabic, French, German, Italian, Portuguese and
Spanish by one of six layers that grew from multilingual-e5-small and knows no complaints. All other languages stay
unscored.
Data, licences, training, figures and limits: docs/models/earshot.md.
"""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

from ingest.enrich.engines import SURE_FROM, UNSCORED, Label, Reading, Sentiment
from ingest.enrich.vader import reads

if TYPE_CHECKING:
    from ingest.enrich.network import Network

TONGUES = frozenset(("ar", "fr", "de", "it", "pt", "es"))
LABELS: tuple[Label, ...] = ("negative", "neutral", "positive")
UNREAD = Reading(UNSCORED)


class Earshot:
    """The engine. Texts too short for a language are read as English where VADER would read them."""

    name = "earshot"
    version = "1"

    def score(self, texts: Sequence[str], languages: Sequence[str]) -> list[Sentiment]:
        """As `Engine.score`."""
        return [reading.sentiment for reading in self.read(texts, languages)]

    def read(self, texts: Sequence[str], languages: Sequence[str]) -> list[Reading]:
        """As `Reader.read`. Sentiment is unsure where no class reaches `engines.SURE_FROM`."""
        readings = [UNREAD] * len(texts)
        places: dict[str, list[int]] = {}
        for place, (text, language) in enumerate(zip(texts, languages, strict=True)):
            if text.strip() and (reader := _who_reads(text, language)):
                places.setdefault(reader, []).append(place)
        for name, mine in places.items():
            network = _load(name)
            moods, complaints = network.read([texts[place] for place in mine])
            for place, mood, complaint in zip(mine, moods, complaints, strict=True):
                readings[place] = Reading(_sentiment(mood), complaint)
        return readings


def _who_reads(text: str, language: str) -> str | None:
    if language == "en" or reads(text, language):
        return "english"
    return "tongues" if language in TONGUES else None


def _sentiment(p: tuple[float, float, float]) -> Sentiment:
    likeliest = max(range(3), key=p.__getitem__)
    return Sentiment(LABELS[likeliest], *p, unsure=p[likeliest] < SURE_FROM)


@cache
def _load(name: str) -> "Network":
    """By name, for the runtime that it brings is loaded by whoever reads texts, not by the web process."""
    return cast("Network", import_module("ingest.enrich.network").Network(name))
