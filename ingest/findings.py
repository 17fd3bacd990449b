"""Findings: what the engines say about the posts of one batch, each with the version of its engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from ingest import own
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


def find(
    concerns: Sequence[Concern], names: Mapping[int, Names], corrections: Mapping[int, own.Own] = MappingProxyType({})
) -> list[Finding]:
    """Findings in the order of `concerns`, with the corrections that brands adopted. A brand's own posts are scored
    but never complaints."""
    texts = [words_of(concern.record) for concern in concerns]
    languages = language.identify(texts, [concern.record.language for concern in concerns])
    moods = sentiment.score(texts, languages, [names.get(concern.brand_id) for concern in concerns])
    inputs = [
        complaint.ComplaintInput(text, lang, concern.addressed.verdict in ADDRESSED, mood)
        for text, lang, concern, mood in zip(texts, languages, concerns, moods, strict=True)
    ]
    engine = f"{sentiment.ENGINE.name}-{sentiment.ENGINE.version}"
    found = []
    for concern, text, lang, mood, verdict in zip(
        concerns, texts, languages, moods, complaint.score(inputs), strict=True
    ):
        mine = corrections.get(concern.brand_id, own.NONE)
        verdict = complaint.NOT_SCORED if concern.own else verdict
        felt = mine.mood(mood, engine, text)
        found.append(Finding(concern, lang, *felt, *mine.verdict(verdict, complaint.version())))
    return found
