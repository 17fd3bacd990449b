"""Report: what is found in a text, as one JSON-compatible object; the format of `manage.py analyze`."""

import html
from collections.abc import Sequence
from typing import Any

from ingest.clean import clean_text
from ingest.enrich import complaint, details, language, sentiment
from ingest.enrich.complaint import Complaint, ComplaintInput
from ingest.enrich.details import Details, DetailsInput
from ingest.enrich.engines import Sentiment
from ingest.enrich.masking import Names


def report(texts: Sequence[str], told: Sequence[str | None], names: Names) -> list[dict[str, Any]]:
    """One object per text. Texts are cleaned as in the pipeline; exports escape entities, so these are undone.

    {"language": "en", "sentiment": {"label", "p_negative", "p_neutral", "p_positive", "compound", "engine"},
    "complaint": {"flagged", "p", "scored", "reasons": [{"start", "end", "words", "why"}], "engine",
    "kind", "strength", "asks", "waiting_days", "details_engine"}}
    Offsets are characters of the cleaned text. Where a language is not scored, probabilities of sentiment are null;
    `p` of a complaint is then 0.0 with "scored": false. "kind" is "" and "strength" (1 mild, 2 clear, 3 strong) null
    where a complaint is out of the question; "asks" is "question", "request" or "".
    """
    texts = [clean_text(html.unescape(text)) for text in texts]
    languages = language.identify(texts, told)
    moods = sentiment.score(texts, languages, [names] * len(texts))
    inputs = [ComplaintInput(text, lang, False, mood) for text, lang, mood in zip(texts, languages, moods, strict=True)]
    verdicts = complaint.score(inputs)
    more = details.find(
        [DetailsInput(text, one.p, mood.compound) for text, one, mood in zip(texts, verdicts, moods, strict=True)]
    )
    return [
        {"language": lang, "sentiment": _mood(mood), "complaint": _complaint(found, text) | _details(told)}
        for text, lang, mood, found, told in zip(texts, languages, moods, verdicts, more, strict=True)
    ]


def _mood(mood: Sentiment) -> dict[str, Any]:
    return {
        "label": mood.label,
        "p_negative": mood.p_negative,
        "p_neutral": mood.p_neutral,
        "p_positive": mood.p_positive,
        "compound": mood.compound,
        "engine": f"{sentiment.ENGINE.name}-{sentiment.ENGINE.version}",
    }


def _complaint(found: Complaint, text: str) -> dict[str, Any]:
    reasons = [
        {"start": one.start, "end": one.end, "words": text[one.start : one.end], "why": one.why}
        for one in found.reasons
    ]
    return {
        "flagged": found.flagged,
        "p": found.p or 0.0,
        "scored": found.p is not None,
        "reasons": reasons,
        "engine": complaint.version(),
    }


def _details(told: Details) -> dict[str, Any]:
    return {
        "kind": told.kind,
        "strength": told.strength,
        "asks": told.asks,
        "waiting_days": told.waiting_days,
        "details_engine": details.version(),
    }
