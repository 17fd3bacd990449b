"""Judgement: why a mention is a complaint and how pressing, as one sentence and as a sum that can be checked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from listening.models import Case, Mention
from listening.models.case import OPEN
from listening.priority import STEPS, STRENGTH_RIGHT, Priority, priority


@dataclass(frozen=True, slots=True)
class Judgement:
    """`kind` and `strength` are "" where the machine found none; `sentence` says what is known in plain words."""

    kind: str
    strength: str
    sentence: str
    priority: Priority
    right_of_100: int = STRENGTH_RIGHT


def judgement(mention: Mention, status: str, now: datetime) -> Judgement:
    """What is known about a complaint; needs `complaint_reasons` loaded."""
    waits = now - mention.published_at if status in OPEN else None
    most = max(mention.likes or 0, mention.shares or 0)
    return Judgement(
        kind=mention.complaint_kind,
        strength=STEPS.get(mention.complaint_strength or 0, ""),
        sentence=_joined(_facts(mention, status)),
        priority=priority(
            mention.complaint_strength,
            mention.is_addressed,
            mention.asks,
            mention.waiting_days,
            mention.repeats,
            most,
            waits,
        ),
    )


def _facts(mention: Mention, status: str) -> Iterator[str]:
    for reason in mention.complaint_reasons:
        if reason.get("by") == "details" and str(reason.get("why", "")).startswith(("waiting ", "tried ")):
            yield str(reason["why"])
    if mention.asks:
        yield {"question": "asks a question", "request": "asks for something"}[mention.asks]
    yield "addressed to you" if mention.is_addressed else "not addressed to you"
    if mention.repeats:
        yield "complained before" if mention.repeats == 1 else f"complained {mention.repeats} times before"
    if mention.replies == 0:
        yield "no reply yet"
    elif status == Case.Status.NEW:
        yield "nobody took it on yet"


def _joined(facts: Iterator[str]) -> str:
    said = ", ".join(facts)
    return f"{said[:1].upper()}{said[1:]}."
