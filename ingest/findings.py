"""Findings: what the engines say about the posts of one batch, each with the version of its engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.enrich import complaint, language, sentiment
from ingest.enrich.engines import Engine, Reading, Sentiment
from ingest.enrich.masking import Names
from ingest.match import Concern, words_of
from listening.models import ADDRESSED


@dataclass(frozen=True, slots=True)
class Finding:
    """One concern, enriched."""

    concern: Concern
    language: str
    sentiment: Sentiment
    sentiment_engine: str
    complaint: complaint.Complaint
    complaint_engine: str


def find(
    concerns: Sequence[Concern], names: Mapping[int, Names], engines: Mapping[int, str] | None = None
) -> list[Finding]:
    """Findings in the order of `concerns`; `engines` names what each brand chose. A brand's own posts are scored but
    never complaints."""
    texts = [words_of(concern.record) for concern in concerns]
    languages = language.identify(texts, [concern.record.language for concern in concerns])
    masks = [names.get(concern.brand_id) for concern in concerns]
    chosen = [sentiment.in_charge((engines or {}).get(concern.brand_id, "")) for concern in concerns]
    readings = read(texts, languages, masks, chosen)
    inputs = [
        complaint.ComplaintInput(
            text, lang, concern.addressed.verdict in ADDRESSED, reading.sentiment, reading.complaint_p
        )
        for text, lang, concern, reading in zip(texts, languages, concerns, readings, strict=True)
    ]
    verdicts = complaint.score(inputs)
    return [
        Finding(
            concern,
            lang,
            reading.sentiment,
            sentiment.version_of(engine),
            complaint.NOT_SCORED if concern.own else verdict,
            complaint_version(reading, engine),
        )
        for concern, lang, reading, engine, verdict in zip(concerns, languages, readings, chosen, verdicts, strict=True)
    ]


def read(
    texts: Sequence[str], languages: Sequence[str], names: Sequence[Names], engines: Sequence[Engine]
) -> list[Reading]:
    """One Reading per text: each engine is asked once, for all of its texts of all brands."""
    places: dict[str, list[int]] = {}
    for place, engine in enumerate(engines):
        places.setdefault(engine.name, []).append(place)
    found: dict[int, Reading] = {}
    for mine in places.values():
        readings = sentiment.read(
            [texts[i] for i in mine], [languages[i] for i in mine], [names[i] for i in mine], engines[mine[0]]
        )
        found.update(zip(mine, readings, strict=True))
    return [found[place] for place in range(len(texts))]


def complaint_version(reading: Reading, engine: Engine) -> str:
    """Whose probability decided: the engine's, where it gave one, else the model of cues."""
    return complaint.version() if reading.complaint_p is None else sentiment.version_of(engine)
