"""Examples: a brand's labels as plain values for learning, with what the engines say of each text today.

Only labels whose network's terms allow training, of posts whose text is still there, and on which people agree.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ingest.enrich import complaint, sentiment
from ingest.enrich.engines import Label as Mood
from ingest.enrich.masking import names_of
from ingest.findings import complaint_engine
from listening.models import Answer, Brand, Label, Mention, Why
from listening.quality.own import Probabilities, words_in
from listening.quality.verdict import verdict

CLASSES = ("negative", "neutral", "positive")


@dataclass(frozen=True, slots=True)
class Felt:
    """One text's sentiment: the class by people (0-2), the engine's probabilities and label."""

    label: int
    p: Probabilities
    said: Mood
    words: frozenset[str]
    drawn: bool


@dataclass(frozen=True, slots=True)
class Complained:
    """One text: whether people call it a complaint, what the model says, and which model that is."""

    label: bool
    p: float
    flagged: bool
    drawn: bool
    engine: str = ""


@dataclass(frozen=True, slots=True)
class Taught:
    """One mention with its labels: what they come to, None where people don't agree or can't tell."""

    mention: Mention
    sentiment: str | None
    complaint: str | None
    drawn: bool


def of_brand(brand: Brand) -> tuple[list[Felt], list[Complained]]:
    """The brand's examples in the order in which they were first labelled."""
    taught = _taught(brand)
    texts = [_text(one.mention) for one in taught]
    names = names_of(brand.name, [handle.handle for handle in brand.handles.all()])
    languages = [one.mention.language for one in taught]
    engine = sentiment.in_charge(brand.engine)
    readings = sentiment.read(texts, languages, [names] * len(texts), engine)
    moods = [reading.sentiment for reading in readings]
    inputs = [
        complaint.ComplaintInput(
            text, one.mention.language, one.mention.is_addressed, reading.sentiment, reading.complaint_p
        )
        for text, one, reading in zip(texts, taught, readings, strict=True)
    ]
    felt = [
        Felt(
            CLASSES.index(one.sentiment),
            (mood.p_negative, mood.p_neutral or 0.0, mood.p_positive or 0.0),
            mood.label,
            words_in(text),
            one.drawn,
        )
        for one, text, mood in zip(taught, texts, moods, strict=True)
        if one.sentiment and mood.p_negative is not None
    ]
    complained = [
        Complained(one.complaint == Answer.YES, found.p, found.flagged, one.drawn, complaint_engine(engine, reading))
        for one, found, reading in zip(taught, complaint.score(inputs), readings, strict=True)
        if one.complaint in (Answer.YES, Answer.NO) and found.p is not None
    ]
    return felt, complained


def _taught(brand: Brand) -> list[Taught]:
    labels = Label.objects.filter(brand=brand, trainable=True, mention__text_gone_at=None, mention__hidden="")
    by_mention: dict[int, list[Label]] = {}
    for label in labels.select_related("mention").defer("mention__raw", "mention__folded"):
        by_mention.setdefault(label.mention_id, []).append(label)
    return [_of(labels) for labels in by_mention.values()]


def _of(labels: list[Label]) -> Taught:
    return Taught(
        labels[0].mention,
        verdict([label.sentiment for label in labels]),
        _told(label.complaint for label in labels),
        labels[0].why == Why.RANDOM,
    )


def _told(answers: Iterable[str]) -> str | None:
    """Who can't tell has no vote."""
    return verdict([answer for answer in answers if answer != Answer.UNCLEAR])


def _text(mention: Mention) -> str:
    return f"{mention.title}\n{mention.text}" if mention.title else mention.text
