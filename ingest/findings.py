"""Findings: what the engines say about the posts of one batch, each with the version of its engine."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeVar

from ingest.enrich import complaint, details, language, sentiment
from ingest.enrich.complaint import Complaint, ComplaintInput, Reason
from ingest.enrich.details import Details, DetailsInput
from ingest.enrich.engines import UNSCORED, Engine, Reading, Sentiment
from ingest.enrich.masking import Names
from ingest.enrich.phrases import words
from ingest.match import NO_RULES, Concern, Rules, words_of
from ingest.own import NONE, Own
from listening.models import ADDRESSED

DETAILS = "details"
EXACT = ("waiting ", "tried ")


@dataclass(frozen=True, slots=True)
class Asked:
    """One text as it concerns one brand: the brand's names to mask, the engine that it chose, and its rules for
    complaints.

    `title` is what stands before the post's own words in `text`, with a line break between; `own` is set for the
    brand's own posts, which are scored but never complaints; `adopted` are the corrections that the brand adopted;
    `scored` is False where no engine may read it.
    """

    text: str
    title: str
    language: str
    names: Names
    engine: Engine
    addressed: bool
    own: bool
    published_at: datetime
    rules: Rules = NO_RULES
    adopted: Own = NONE
    scored: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What engines found in one text."""

    sentiment: Sentiment
    sentiment_engine: str
    complaint: Complaint
    complaint_engine: str
    details: Details
    details_engine: str


@dataclass(frozen=True, slots=True)
class Finding(Found):
    """One concern, enriched."""

    concern: Concern
    language: str


def find(
    concerns: Sequence[Concern],
    names: Mapping[int, Names],
    rules: Mapping[int, Rules] | None = None,
    engines: Mapping[int, str] | None = None,
    corrections: Mapping[int, Own] = MappingProxyType({}),
    unscored: Collection[tuple[int, str]] = frozenset(),
) -> list[Finding]:
    """Findings in the order of `concerns`; `names`, `rules`, `engines` and adopted `corrections` by brand, the
    installation's where it chose none; `unscored` (brand, network) are read by no engine (`ingest.attested`)."""
    texts = [words_of(concern.record) for concern in concerns]
    languages = language.identify(texts, [concern.record.language for concern in concerns])
    charge = {brand: sentiment.in_charge((engines or {}).get(brand, "")) for brand in {c.brand_id for c in concerns}}
    asked = [
        Asked(
            text=text,
            title=concern.record.title or "",
            language=lang,
            names=names.get(concern.brand_id),
            engine=charge[concern.brand_id],
            addressed=concern.addressed.verdict in ADDRESSED,
            own=concern.own,
            published_at=concern.record.published_at,
            rules=(rules or {}).get(concern.brand_id, NO_RULES),
            adopted=corrections.get(concern.brand_id, NONE),
            scored=(concern.brand_id, concern.record.network) not in unscored,
        )
        for text, lang, concern in zip(texts, languages, concerns, strict=True)
    ]
    return [
        Finding(
            sentiment=found.sentiment,
            sentiment_engine=found.sentiment_engine,
            complaint=found.complaint,
            complaint_engine=found.complaint_engine,
            details=found.details,
            details_engine=found.details_engine,
            concern=concern,
            language=lang,
        )
        for found, concern, lang in zip(judge(asked), concerns, languages, strict=True)
    ]


def judge(asked: Sequence[Asked]) -> list[Found]:
    """What the engines find, in the order of `asked`, after the corrections that brands adopted."""
    found = iter(_judge([one for one in asked if one.scored]))
    return [next(found) if one.scored else _unread() for one in asked]


def _unread() -> Found:
    """It names no engine of sentiment or complaints, for none has read the text."""
    return Found(UNSCORED, "", complaint.NOT_SCORED, "", details.NONE, details.version())


def _judge(asked: Sequence[Asked]) -> list[Found]:
    readings = _read(asked)
    engines = {one.engine.name: sentiment.version_of(one.engine) for one in asked}
    felt = [
        one.adopted.mood(reading.sentiment, engines[one.engine.name], one.text)
        for one, reading in zip(asked, readings, strict=True)
    ]
    spelled = [
        words(one.text[: complaint.LONGEST]) if complaint.reads(one.language, reading.complaint_p) else None
        for one, reading in zip(asked, readings, strict=True)
    ]
    verdicts = _verdicts(asked, readings, spelled)
    more = details.find(
        [
            DetailsInput(one.text, verdict.p, mood.compound, one.published_at, one.rules.kind_phrases, cut)
            for one, (mood, _), (verdict, _), cut in zip(asked, felt, verdicts, spelled, strict=True)
        ]
    )
    return [
        Found(
            sentiment=mood,
            sentiment_engine=mood_engine,
            complaint=_after_title(verdict, one.title),
            complaint_engine=by,
            details=_after_title(told, one.title),
            details_engine=details.version(),
        )
        for one, (mood, mood_engine), (verdict, by), told in zip(asked, felt, verdicts, more, strict=True)
    ]


def _verdicts(
    asked: Sequence[Asked], readings: Sequence[Reading], spelled: Sequence[list[str] | None]
) -> list[tuple[Complaint, str]]:
    """Complaint and engine of each: the model's, then the brand's own correction, then the threshold a person set."""
    inputs = [
        ComplaintInput(one.text, one.language, one.addressed, reading.sentiment, reading.complaint_p, cut)
        for one, reading, cut in zip(asked, readings, spelled, strict=True)
    ]
    found = []
    for one, reading, verdict in zip(asked, readings, complaint.score(inputs), strict=True):
        engine = complaint_engine(one.engine, reading)
        verdict, engine = one.adopted.verdict(complaint.NOT_SCORED if one.own else verdict, engine)
        found.append((flagged(verdict, one.rules), engine))
    return found


def complaint_engine(engine: Engine, reading: Reading) -> str:
    """The version of what decides on complaints: the engine where it has a probability of its own, else the cues."""
    return complaint.version() if reading.complaint_p is None else sentiment.version_of(engine)


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


def flagged(verdict: Complaint, rules: Rules) -> Complaint:
    """The verdict with the threshold that the brand chose, where it chose one."""
    if rules.threshold is None or verdict.p is None:
        return verdict
    return replace(verdict, flagged=verdict.p >= rules.threshold)


T = TypeVar("T", Complaint, Details)


def _after_title(found: T, title: str) -> T:
    """The finding with reasons as `after_title` has them."""
    return replace(found, reasons=after_title(found.reasons, title)) if title and found.reasons else found


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
