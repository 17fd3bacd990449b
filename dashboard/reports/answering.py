"""Answering: arithmetic about how cases were answered and what came of it. Plain values in, plain values out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from dashboard.cases.business_hours import Week, between
from listening.quality.intervals import Share, share

AFTER = timedelta(days=30)
"""How long after the first reply the person's later posts are looked at."""
MOODS = {"negative": -1, "neutral": 0, "positive": 1}
DONE, IGNORED, COMPLAINT, SOLVED = "done", "ignored", "complaint", "yes"


class Worked(NamedTuple):
    """One case. `before` is the sentiment of its mention, `after` those of the person's later posts about the brand in
    the AFTER that follows the first reply, in order, of which the one that decides is enough; `known` whether it is
    known who wrote it."""

    pk: int
    kind: str
    status: str
    solved: str
    published_at: datetime
    opened_at: datetime
    due_at: datetime | None
    replied_at: datetime | None
    closed_at: datetime | None
    before: str
    after: Sequence[str] = ()
    known: bool = True


@dataclass(frozen=True, slots=True)
class Span:
    """Lengths of time: how many there are, the one in the middle, and the one that nine of ten stay under."""

    n: int
    median: timedelta | None = None
    p90: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way in which answered cases went on."""

    name: str
    share: Share


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the cases opened in a period. `reply_business` is None where the brand has no business hours; `open_ended` is
    how many answered cases are younger than AFTER, so that the person may still write."""

    opened: int
    answered: Share
    left_alone: Share
    in_time: Share
    reply: Span
    reply_business: Span | None
    to_close: Span
    outcomes: list[Outcome]
    recovery: Share
    open_ended: int


def figures(cases: Sequence[Worked], week: Week | None, now: datetime) -> Figures:
    """What the page "How we answer" and the digest say."""
    n = Counter(name for case in cases for name in counted_by(case, now))
    answered = [(one.published_at, one.replied_at) for one in cases if one.replied_at]
    closed = [one.closed_at - one.opened_at for one in cases if one.status == DONE and one.closed_at]
    return Figures(
        opened=len(cases),
        answered=share(n["answered"], len(cases)),
        left_alone=share(n["left_alone"], len(cases)),
        in_time=share(n["in_time"], n["promised"]),
        reply=span(replied - published for published, replied in answered),
        reply_business=span(between(*times, week) for times in answered) if week else None,
        to_close=span(closed),
        outcomes=[Outcome(name, share(n[name], n["answered"])) for name in OUTCOMES],
        recovery=share(n["recovered"], n["answered_complaints"]),
        open_ended=sum(replied + AFTER > now for _, replied in answered),
    )


def outcome(case: Worked) -> str:
    """How an answered case went on: by the last later post whose sentiment is known, against that of the mention."""
    if not case.known:
        return "unclear"
    if not case.after:
        return "silent"
    later = [MOODS[mood] for mood in case.after if mood in MOODS]
    if not later or case.before not in MOODS:
        return "unclear"
    change = later[-1] - MOODS[case.before]
    return "better" if change > 0 else "worse" if change < 0 else "same"


def recovered(case: Worked) -> bool:
    """Whether the person wrote again and was not negative at last, or the team marked the case as solved."""
    later = [mood for mood in case.after if mood in MOODS]
    return case.solved == SOLVED or bool(later and later[-1] != "negative")


def promised(case: Worked, now: datetime) -> bool:
    """Whether the service level says something of it: it had a due time, and it was answered, or is open and late."""
    if case.due_at is None or case.status == IGNORED:
        return False
    return case.replied_at is not None or (case.closed_at is None and case.due_at < now)


OUTCOMES = ("better", "same", "worse", "silent", "unclear")
NAMES = (
    "opened",
    "left_alone",
    "closed",
    "promised",
    "in_time",
    "answered",
    *OUTCOMES,
    "answered_complaints",
    "recovered",
)


def counted_by(case: Worked, now: datetime) -> Iterator[str]:
    """Which figures count a case, of NAMES: the figure and the list that it opens can't disagree."""
    yield "opened"
    if case.status == IGNORED:
        yield "left_alone"
    if case.status == DONE and case.closed_at is not None:
        yield "closed"
    if promised(case, now):
        yield "promised"
        if case.replied_at is not None and case.due_at is not None and case.replied_at <= case.due_at:
            yield "in_time"
    if case.replied_at is not None:
        yield from _of_answered(case)


def _of_answered(case: Worked) -> Iterator[str]:
    yield "answered"
    yield outcome(case)
    if case.kind == COMPLAINT:
        yield "answered_complaints"
        if recovered(case):
            yield "recovered"


def which(cases: Iterable[Worked], name: str, now: datetime) -> list[Worked]:
    return [one for one in cases if name in counted_by(one, now)]


def span(lengths: Iterable[timedelta]) -> Span:
    ordered = sorted(max(length, timedelta(0)) for length in lengths)
    return Span(len(ordered), quantile(ordered, 0.5), quantile(ordered, 0.9))


def quantile(ordered: Sequence[timedelta], q: float) -> timedelta | None:
    """With linear interpolation between neighbours (Hyndman and Fan 1996, type 7); None of nothing."""
    if not ordered:
        return None
    place = q * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
