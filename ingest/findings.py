"""Findings: what the engines say about the posts of one batch, each with the version of its engine."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ingest.enrich import complaint, details, language, sentiment
from ingest.enrich.complaint import Complaint, Reason
from ingest.enrich.details import Details, DetailsInput
from ingest.enrich.engines import Sentiment
from ingest.enrich.masking import Names
from ingest.match import NO_RULES, Concern, Rules, words_of
from listening.models import ADDRESSED

DETAILS = "details"
EXACT = ("waiting ", "tried ")


@dataclass(frozen=True, slots=True)
class Finding:
    """One concern, enriched."""

    concern: Concern
    language: str
    sentiment: Sentiment
    sentiment_engine: str
    complaint: Complaint
    complaint_engine: str
    details: Details
    details_engine: str


def find(
    concerns: Sequence[Concern], names: Mapping[int, Names], rules: Mapping[int, Rules] | None = None
) -> list[Finding]:
    """Findings in the order of `concerns`. A brand's own posts are scored but never complaints."""
    texts = [words_of(concern.record) for concern in concerns]
    languages = language.identify(texts, [concern.record.language for concern in concerns])
    moods = sentiment.score(texts, languages, [names.get(concern.brand_id) for concern in concerns])
    inputs = [
        complaint.ComplaintInput(text, lang, concern.addressed.verdict in ADDRESSED, mood)
        for text, lang, concern, mood in zip(texts, languages, concerns, moods, strict=True)
    ]
    ruled = [(rules or {}).get(concern.brand_id, NO_RULES) for concern in concerns]
    verdicts = [
        complaint.NOT_SCORED if concern.own else flagged(verdict, rule)
        for concern, verdict, rule in zip(concerns, complaint.score(inputs), ruled, strict=True)
    ]
    found = details.find(
        [
            DetailsInput(text, verdict.p, mood.compound, concern.record.published_at, rule.kind_phrases)
            for text, verdict, mood, concern, rule in zip(texts, verdicts, moods, concerns, ruled, strict=True)
        ]
    )
    engine = f"{sentiment.ENGINE.name}-{sentiment.ENGINE.version}"
    return [
        Finding(
            concern=concern,
            language=lang,
            sentiment=mood,
            sentiment_engine=engine,
            complaint=replace(verdict, reasons=after_title(verdict.reasons, concern.record.title)),
            complaint_engine=complaint.version(),
            details=replace(more, reasons=after_title(more.reasons, concern.record.title)),
            details_engine=details.version(),
        )
        for concern, lang, mood, verdict, more in zip(concerns, languages, moods, verdicts, found, strict=True)
    ]


def flagged(verdict: Complaint, rules: Rules) -> Complaint:
    """The verdict with the threshold that the brand chose, where it chose one."""
    if rules.threshold is None or verdict.p is None:
        return verdict
    return replace(verdict, flagged=verdict.p >= rules.threshold)


def after_title(reasons: Iterable[Reason], title: str | None) -> tuple[Reason, ...]:
    """Reasons with offsets into the text alone; engines read the title before it. What the title says keeps its words
    of why and points nowhere (0 to 0)."""
    before = len(title) + 1 if title else 0
    return tuple(
        Reason(one.start - before, one.end - before, one.why) if one.start >= before else Reason(0, 0, one.why)
        for one in reasons
    )


def as_stored(reasons: Iterable[Mapping[str, Any]], found: Sequence[Reason]) -> list[dict[str, Any]]:
    """Reasons as rows keep them: those of the complaint model, then the details', which `by` tells apart so that they
    can be found anew alone. Where a detail says more of the same words ("waiting 6 days"), it alone stays."""
    telling = [one for one in found if one.why.startswith(EXACT)]
    kept = [
        dict(reason)
        for reason in reasons
        if reason.get("by") != DETAILS
        and not any(one.start < (reason.get("end") or 0) and (reason.get("start") or 0) < one.end for one in telling)
    ]
    return [*kept, *({"start": one.start, "end": one.end, "why": one.why, "by": DETAILS} for one in found)]
