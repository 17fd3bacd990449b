"""Report: what is found in a text, as one JSON-compatible object; the format of `manage.py analyze`."""

import html
from collections.abc import Sequence
from typing import Any

from ingest.clean import clean_text
from ingest.enrich import complaint, details, language, sentiment
from ingest.enrich.complaint import Complaint, ComplaintInput
from ingest.enrich.details import Details, DetailsInput
from ingest.enrich.engines import Engine, Reading
from ingest.enrich.masking import Names


def report(
    texts: Sequence[str], told: Sequence[str | None], names: Names, engine: Engine | None = None
) -> list[dict[str, Any]]:
    """One object per text, by the installation's engine unless one is given. Texts are cleaned as in the pipeline;
    exports escape entities, so these are undone.

    {"language": "en", "sentiment": {"label", "p_negative", "p_neutral", "p_positive", "compound", "unsure", "engine"},
    "complaint": {"flagged", "p", "scored", "reasons": [{"start", "end", "words", "why"}], "engine",
    "kind", "strength", "asks", "waiting_days", "details_engine"}}
    Offsets are characters of the cleaned text. Where a language is not scored, probabilities of sentiment are null;
    `p` of a complaint is then 0.0 with "scored": false. "kind" is "" and "strength" (1 mild, 2 clear, 3 strong) null
    where a complaint is out of the question; "asks" is "question", "request" or "".
    """
    texts = [clean_text(html.unescape(text)) for text in texts]
    languages = language.identify(texts, told)
    engine = engine or sentiment.in_charge()
    readings = sentiment.read(texts, languages, [names] * len(texts), engine)
    inputs = [
        ComplaintInput(text, lang, False, reading.sentiment, reading.complaint_p)
        for text, lang, reading in zip(texts, languages, readings, strict=True)
    ]
    name = sentiment.version_of(engine)
    verdicts = complaint.score(inputs)
    more = details.find(
        [
            DetailsInput(text, one.p, reading.sentiment.compound)
            for text, one, reading in zip(texts, verdicts, readings, strict=True)
        ]
    )
    return [
        {
            "language": lang,
            "sentiment": _mood(reading, name),
            "complaint": _complaint(found, text, reading, name) | _details(told),
        }
        for text, lang, reading, found, told in zip(texts, languages, readings, verdicts, more, strict=True)
    ]


def _mood(reading: Reading, engine: str) -> dict[str, Any]:
    mood = reading.sentiment
    return {
        "label": mood.label,
        "p_negative": mood.p_negative,
        "p_neutral": mood.p_neutral,
        "p_positive": mood.p_positive,
        "compound": mood.compound,
        "unsure": mood.unsure,
        "engine": engine,
    }


def _complaint(found: Complaint, text: str, reading: Reading, engine: str) -> dict[str, Any]:
    reasons = [
        {"start": one.start, "end": one.end, "words": text[one.start : one.end], "why": one.why}
        for one in found.reasons
    ]
    return {
        "flagged": found.flagged,
        "p": found.p or 0.0,
        "scored": found.p is not None,
        "reasons": reasons,
        "engine": complaint.version() if reading.complaint_p is None else engine,
    }


def _details(told: Details) -> dict[str, Any]:
    return {
        "kind": told.kind,
        "strength": told.strength,
        "asks": told.asks,
        "waiting_days": told.waiting_days,
        "details_engine": details.version(),
    }
