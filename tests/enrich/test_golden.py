"""The golden set: service phrases that engines get wrong, scored by the engine in charge; accuracy is printed."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.enrich import complaint, sentiment
from ingest.enrich.complaint import Complaint, ComplaintInput
from ingest.enrich.engines import Sentiment
from ingest.enrich.masking import names_of

FOLDER = Path(__file__).parent / "golden"
ENGINE = sentiment.in_charge()
SENTIMENT_FLOOR, COMPLAINT_FLOOR = 0.78, 0.82
"""Shares of the whole set that must be right: what the engines in charge reach, rounded down."""


@dataclass(frozen=True)
class Phrase:
    """One line of a file; `brand` is the name to mask, "" for none."""

    group: str
    text: str
    sentiment: str
    complaint: bool
    brand: str


@dataclass(frozen=True)
class Judged:
    """A phrase and what the engines say of it."""

    phrase: Phrase
    mood: Sentiment
    complaint: Complaint

    @property
    def mood_is_right(self) -> bool:
        return self.mood.label == self.phrase.sentiment

    @property
    def flag_is_right(self) -> bool:
        return self.complaint.flagged == self.phrase.complaint


def _read(path: Path) -> list[Phrase]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Phrase(path.stem, row["text"], row["sentiment"], row["complaint"] == "1", row.get("brand", ""))
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


PHRASES = [phrase for path in sorted(FOLDER.glob("*.tsv")) for phrase in _read(path)]


def judge(phrases: Sequence[Phrase], spell: Callable[[str], str] = str) -> list[Judged]:
    """What the engines in charge say of English phrases, spelled as told."""
    texts = [spell(phrase.text) for phrase in phrases]
    names = [names_of(phrase.brand) if phrase.brand else None for phrase in phrases]
    readings = sentiment.read(texts, ["en"] * len(texts), names, ENGINE)
    flags = complaint.score(
        [
            ComplaintInput(text, "en", True, reading.sentiment, reading.complaint_p)
            for text, reading in zip(texts, readings, strict=True)
        ]
    )
    return [Judged(one, reading.sentiment, flag) for one, reading, flag in zip(phrases, readings, flags, strict=True)]


@pytest.fixture(scope="module")
def judged() -> list[Judged]:
    return judge(PHRASES)


def _table(judged: Sequence[Judged]) -> str:
    """Accuracy per group and of all, in lines for the end of the run."""
    lines = [f"Golden set, by {ENGINE.name} {ENGINE.version} with {complaint.version()}"]
    lines.append(f"{'':28}{'phrases':>8}{'sentiment':>11}{'complaint':>11}")
    groups = dict.fromkeys(one.phrase.group for one in judged)
    for name in (*groups, "all"):
        own = [one for one in judged if name in (one.phrase.group, "all")]
        moods, flags = _share([one.mood_is_right for one in own]), _share([one.flag_is_right for one in own])
        lines.append(f"{name.replace('_', ' '):28}{len(own):8}{moods:11.0%}{flags:11.0%}")
    return "\n".join(lines)


def _share(right: Sequence[bool]) -> float:
    return sum(right) / len(right)


def test_the_engines_reach_their_floors(judged: list[Judged], record_property: Callable[[str, object], None]) -> None:
    record_property("printed", _table(judged))
    assert _share([one.mood_is_right for one in judged]) >= SENTIMENT_FLOOR
    assert _share([one.flag_is_right for one in judged]) >= COMPLAINT_FLOOR


def test_a_curly_apostrophe_changes_no_answer(judged: list[Judged]) -> None:
    spelled = [one for one in judged if "'" in one.phrase.text]
    curly = judge([one.phrase for one in spelled], lambda text: text.replace("'", "\u2019"))
    assert len(spelled) >= 30
    for straight, bent in zip(spelled, curly, strict=True):
        assert bent.mood.label == straight.mood.label, straight.phrase.text
        assert bent.complaint.p == pytest.approx(straight.complaint.p, abs=0.01), straight.phrase.text


def test_a_brand_name_changes_no_answer() -> None:
    names = ("Acme", "Happy Hope Airlines", "Horrible Crash Airlines")
    phrases = [Phrase("", f"{name} will move to Terminal 2 on Monday", "neutral", False, name) for name in names]
    assert len({one.mood.label for one in judge(phrases)}) == 1


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "شكرا جزيلا 😊"),
        ("de", "Danke euch, bis morgen 😊"),
        ("es", "Muchas gracias a todos 🥰"),
        ("fr", "Merci pour tout ❤️"),
        ("hi", "बहुत धन्यवाद 🙏😊"),
        ("it", "Grazie mille 😍"),
        ("pt", "Muito obrigada, adorei 🎉"),
    ],
)
def test_a_friendly_emoji_is_negative_in_no_language(language: str, text: str) -> None:
    [mood] = sentiment.score([text], [language], [None], ENGINE)
    assert mood.label != "negative"


def test_the_set_is_large_tidy_and_apart_from_what_teaches() -> None:
    texts = [phrase.text.casefold() for phrase in PHRASES]
    assert len(set(texts)) == len(texts) >= 320
    assert {phrase.sentiment for phrase in PHRASES} == {"negative", "neutral", "positive"}
    taught = {
        line.split("\t")[0].casefold()
        for path in (FOLDER.parents[2] / "training" / "posts").glob("*.tsv")
        for line in path.read_text("utf-8").splitlines()
    }
    assert len(taught) > 1500
    assert taught.isdisjoint(set(texts))
