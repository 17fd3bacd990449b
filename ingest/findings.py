"""Findings: what the engines say about the posts of one batch, each with the version of its engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.enrich import complaint, language, sentiment
from ingest.enrich.engines import Sentiment
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


def find(concerns: Sequence[Concern], names: Mapping[int, Names]) -> list[Finding]:
    """Findings in the order of `concerns`. A brand's own posts are scored but never complaints."""
    texts = [words_of(concern.record) for concern in concerns]
    languages = language.identify(texts, [concern.record.language for concern in concerns])
    moods = sentiment.score(texts, languages, [names.get(concern.brand_id) for concern in concerns])
    inputs = [
        complaint.ComplaintInput(text, lang, concern.addressed.verdict in ADDRESSED, mood)
        for text, lang, concern, mood in zip(texts, languages, concerns, moods, strict=True)
    ]
    engine = f"{sentiment.ENGINE.name}-{sentiment.ENGINE.version}"
    return [
        Finding(concern, lang, mood, engine, complaint.NOT_SCORED if concern.own else verdict, complaint.version())
        for concern, lang, mood, verdict in zip(concerns, languages, moods, complaint.score(inputs), strict=True)
    ]
