"""Labels: what people said about each labelled mention of a brand, and what each engine said about the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.reports.marking import said, shortened
from listening.models import Answer, Brand, Label, Mention, Why
from listening.quality.verdict import verdict
from listening.veil import veiled

SHOWN = 280
CORRECTED = "~own"
"""In the version of a finding that a brand's own correction changed. Such a version is only judged by answers that it
gave before the label was there: later ones it may have learned from."""


@dataclass(frozen=True, slots=True)
class Said:
    """One engine's answer: its label ("negative", ...; "complaint", "none"), its probabilities (three, or the one of a
    complaint; empty where it has none) and how sure it was of its answer."""

    label: str
    p: tuple[float, ...]
    sure: float | None


@dataclass(frozen=True, slots=True)
class Now:
    """The engines whose findings the mention carries now."""

    engine: str
    complaint_engine: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """One mention. `sentiment` and `complaint` are what people's labels come to, None where they are divided;
    `moods` and `answers` what each person said in turn (an "unclear" answer is none)."""

    mention: int
    text: str
    people: tuple[int, ...]
    moods: tuple[str, ...]
    answers: tuple[str, ...]
    sentiment: str | None
    complaint: str | None
    drawn: bool
    trainable: bool
    now: Now
    by_engine: dict[str, Said]
    by_complaint_engine: dict[str, Said]

    @property
    def disputed(self) -> bool:
        """Two people or more, and no word that most of them said."""
        return (len(self.moods) > 1 and self.sentiment is None) or (len(self.answers) > 1 and self.complaint is None)


def labelled(brand: Brand) -> list[Labelled]:
    """All labelled mentions of a brand that may be shown, in the order in which they were first labelled."""
    labels = Label.objects.filter(brand=brand, mention__hidden="").select_related("mention__author")
    by_mention: dict[int, list[Label]] = {}
    for label in labels.defer("mention__raw", "mention__folded"):
        by_mention.setdefault(label.mention_id, []).append(label)
    return [_of(labels) for labels in by_mention.values()]


def _of(labels: Sequence[Label]) -> Labelled:
    mention = labels[0].mention
    moods = tuple(label.sentiment for label in labels)
    answers = tuple(label.complaint for label in labels if label.complaint != Answer.UNCLEAR)
    return Labelled(
        mention=mention.pk,
        text=_short(mention),
        people=tuple(label.person_id or 0 for label in labels),
        moods=moods,
        answers=answers,
        sentiment=verdict(moods),
        complaint=verdict(answers),
        drawn=labels[0].why == Why.RANDOM,
        trainable=labels[0].trainable and mention.text_gone_at is None,
        now=Now(mention.sentiment_engine, mention.complaint_engine),
        by_engine=_moods_said(labels, mention),
        by_complaint_engine=_complaints_said(labels, mention),
    )


def _moods_said(labels: Sequence[Label], mention: Mention) -> dict[str, Said]:
    said = {label.sentiment_engine: _mood(label.machine_sentiment, label) for label in reversed(labels)}
    if CORRECTED not in mention.sentiment_engine:
        said.setdefault(mention.sentiment_engine, _mood(mention.sentiment, mention))
    return said


def _complaints_said(labels: Sequence[Label], mention: Mention) -> dict[str, Said]:
    said = {label.complaint_engine: _flag(label.machine_complaint, label.complaint_p) for label in reversed(labels)}
    if CORRECTED not in mention.complaint_engine:
        said.setdefault(mention.complaint_engine, _flag(mention.complaint, mention.complaint_p))
    return said


def _mood(label: str, found: Label | Mention) -> Said:
    p = (found.p_negative, found.p_neutral, found.p_positive)
    known = tuple(one for one in p if one is not None)
    by_label = dict(zip(("negative", "neutral", "positive"), p, strict=True))
    return Said(label, known if len(known) == 3 else (), by_label.get(label))


def _flag(flagged: bool, p: float | None) -> Said:
    label = "complaint" if flagged else "none"
    return Said(label, () if p is None else (p,), None if p is None else p if flagged else 1 - p)


def _short(mention: Mention) -> str:
    text = " ".join((said(mention) or veiled(mention.title, mention.author)).split())
    return shortened(text, SHOWN)
