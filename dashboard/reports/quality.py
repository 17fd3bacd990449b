"""Quality: how good the findings are on a brand's own labels, per version of the engine.

Figures come from the mentions that were drawn at random, and only from them: the others were chosen because they are
hard, and would make every engine look worse than it is. Examples of errors come from all labels.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboard.reports.labels import Labelled, Said, labelled
from listening.models import Answer, Brand
from listening.quality.agreement import Agreement, agreement
from listening.quality.calibration import Calibration, calibration
from listening.quality.confusion import Confusion, confusion

MOODS = ("negative", "neutral", "positive")
COMPLAINT = ("complaint", "none")
ERRORS = 8


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an engine, and how many labelled mentions it has answered."""

    engine: str
    n: int
    current: bool


@dataclass(frozen=True, slots=True)
class Error:
    """A mention that the machine got wrong; `sure` is the probability that it gave to its answer."""

    mention: int
    text: str
    people: str
    machine: str
    sure: float | None


@dataclass(frozen=True, slots=True)
class Quality:
    """One finding of one engine. `drawn` mentions count in the figures, `n` were labelled at all."""

    kind: str
    engine: str
    versions: tuple[Version, ...]
    n: int
    unscored: int
    confusion: Confusion
    calibration: Calibration
    errors: tuple[Error, ...]

    @property
    def drawn(self) -> int:
        return self.confusion.n


@dataclass(frozen=True, slots=True)
class Report:
    """`labels` were given by `people` to `mentions`; `disputed` are those that need a third look."""

    labels: int
    people: int
    mentions: int
    trainable: int
    sentiment: Quality
    complaint: Quality
    agreement: Agreement
    complaint_agreement: Agreement
    disputed: tuple[Labelled, ...]


def quality(brand: Brand, sentiment_engine: str = "", complaint_engine: str = "") -> Report:
    """The figures of the engines named, else of those that answer now."""
    found = labelled(brand)
    return Report(
        labels=sum(len(one.people) for one in found),
        people=len({person for one in found for person in one.people}),
        mentions=len(found),
        trainable=sum(one.trainable and one.sentiment is not None for one in found),
        sentiment=_of_sentiment(found, sentiment_engine),
        complaint=_of_complaint(found, complaint_engine),
        agreement=agreement([one.moods[:2] for one in found if len(one.moods) > 1]),  # type: ignore[misc]
        complaint_agreement=agreement([one.answers[:2] for one in found if len(one.answers) > 1]),  # type: ignore[misc]
        disputed=tuple(one for one in found if one.disputed),
    )


def _of_sentiment(found: Sequence[Labelled], engine: str) -> Quality:
    versions = _versions((one.now.engine, one.by_engine) for one in found)
    engine = _chosen(engine, versions)
    answers = [(one, one.by_engine[engine]) for one in found if one.sentiment and engine in one.by_engine]
    scored = [(one, said) for one, said in answers if said.label in MOODS]
    drawn = [(one, said) for one, said in scored if one.drawn]
    wrong = [_error(one, one.sentiment or "", said) for one, said in scored if said.label != one.sentiment]
    return Quality(
        "sentiment",
        engine,
        versions,
        len(scored),
        len(answers) - len(scored),
        confusion(((one.sentiment or "", said.label) for one, said in drawn), MOODS),
        _calibrated((max(said.p), MOODS[said.p.index(max(said.p))] == one.sentiment) for one, said in drawn if said.p),
        _worst(wrong),
    )


def _of_complaint(found: Sequence[Labelled], engine: str) -> Quality:
    versions = _versions((one.now.complaint_engine, one.by_complaint_engine) for one in found)
    engine = _chosen(engine, versions)
    known = [one for one in found if one.complaint in (Answer.YES, Answer.NO)]
    answers = [(one, one.by_complaint_engine[engine]) for one in known if engine in one.by_complaint_engine]
    scored = [(one, said) for one, said in answers if said.p]
    drawn = [(one, said) for one, said in scored if one.drawn]
    wrong = [_error(one, _complaint(one), said) for one, said in scored if said.label != _complaint(one)]
    return Quality(
        "complaint",
        engine,
        versions,
        len(scored),
        len(answers) - len(scored),
        confusion(((_complaint(one), said.label) for one, said in drawn), COMPLAINT),
        _calibrated((said.p[0], one.complaint == Answer.YES) for one, said in drawn),
        _worst(wrong),
    )


def _complaint(one: Labelled) -> str:
    return COMPLAINT[0] if one.complaint == Answer.YES else COMPLAINT[1]


def _versions(answers: Iterable[tuple[str, dict[str, Said]]]) -> tuple[Version, ...]:
    """Engines that answered, the one in charge first, then those with the most answers."""
    answers = list(answers)
    counted = Counter(engine for _, by_engine in answers for engine in by_engine)
    now = Counter(current for current, _ in answers).most_common(1)
    current = now[0][0] if now else ""
    ordered = sorted(counted, key=lambda engine: (engine != current, -counted[engine], engine))
    return tuple(Version(engine, counted[engine], engine == current) for engine in ordered)


def _chosen(engine: str, versions: Sequence[Version]) -> str:
    known = [one.engine for one in versions]
    return engine if engine in known else (known[0] if known else "")


def _calibrated(answers: Iterable[tuple[float, bool]]) -> Calibration:
    answers = list(answers)
    return calibration([p for p, _ in answers], [true for _, true in answers])


def _error(one: Labelled, people: str, said: Said) -> Error:
    return Error(one.mention, one.text, people, said.label, said.sure)


def _worst(errors: Sequence[Error]) -> tuple[Error, ...]:
    """Those of which the machine was surest."""
    return tuple(sorted(errors, key=lambda one: (-(one.sure or 0), one.mention))[:ERRORS])
