"""Findings: what the engines say about the posts of one batch, each with the version of its engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.enrich import complaint, language, sentiment
from ingest.enrich.engines import Engine, Reading, Sentiment
from ingest.enrich.masking import Names
from ingest.match import Concern, words_of
from listening.models import ADDRESSED


@dataclass(frozen=True, slots=True)
class Asked:
    """One text as it concerns one brand: the brand's names to mask, and the engine that it chose.

    `own` is set for the brand's own posts, which are scored but never complaints.
    """

    text: str
    language: str
    names: Names
    engine: Engine
    addressed: bool
    own: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What engines found in one text."""

    sentiment: Sentiment
    sentiment_engine: str
    complaint: complaint.Complaint
    complaint_engine: str


@dataclass(frozen=True, slots=True)
class Finding(Found):
    """One concern, enriched."""

    concern: Concern
    language: str


def find(
    concerns: Sequence[Concern], names: Mapping[int, Names], engines: Mapping[int, str] | None = None
) -> list[Finding]:
    """Findings in the order of `concerns`; `names` and `engines` by brand, the installation's where it chose none."""
    texts = [words_of(concern.record) for concern in concerns]
    languages = language.identify(texts, [concern.record.language for concern in concerns])
    asked = [
        Asked(
            text=text,
            language=lang,
            names=names.get(concern.brand_id),
            engine=sentiment.in_charge((engines or {}).get(concern.brand_id, "")),
            addressed=concern.addressed.verdict in ADDRESSED,
            own=concern.own,
        )
        for text, lang, concern in zip(texts, languages, concerns, strict=True)
    ]
    return [
        Finding(found.sentiment, found.sentiment_engine, found.complaint, found.complaint_engine, concern, lang)
        for found, concern, lang in zip(judge(asked), concerns, languages, strict=True)
    ]


def judge(asked: Sequence[Asked]) -> list[Found]:
    """What the engines find, in the order of `asked`."""
    readings = _read(asked)
    verdicts = complaint.score(
        [
            complaint.ComplaintInput(one.text, one.language, one.addressed, reading.sentiment, reading.complaint_p)
            for one, reading in zip(asked, readings, strict=True)
        ]
    )
    return [
        Found(
            reading.sentiment,
            sentiment.version_of(one.engine),
            complaint.NOT_SCORED if one.own else verdict,
            complaint.version() if reading.complaint_p is None else sentiment.version_of(one.engine),
        )
        for one, reading, verdict in zip(asked, readings, verdicts, strict=True)
    ]


def _read(asked: Sequence[Asked]) -> list[Reading]:
    """One Reading per text: each engine is asked once, for all of its texts of all brands."""
    places: dict[str, list[int]] = {}
    for place, one in enumerate(asked):
        places.setdefault(one.engine.name, []).append(place)
    found: dict[int, Reading] = {}
    for mine in places.values():
        part = [asked[i] for i in mine]
        texts, languages, names = ([getattr(one, name) for one in part] for name in ("text", "language", "names"))
        found.update(zip(mine, sentiment.read(texts, languages, names, part[0].engine), strict=True))
    return [found[place] for place in range(len(asked))]
