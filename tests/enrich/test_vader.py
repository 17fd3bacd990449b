"""The first engine: the library's scores, honest about what it cannot read."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from ingest.enrich.engines import UNSCORED
from ingest.enrich.masking import mask
from ingest.enrich.vader import Analyzer, Vader, label_of

LIBRARY, OURS = SentimentIntensityAnalyzer(), Analyzer()
PIECES = [
    "not",
    "never",
    "no",
    "so",
    "this",
    "without",
    "doubt",
    "but",
    "least",
    "at",
    "very",
    "good",
    "bad",
    "GREAT",
    "horrible",
    "love",
    "hate",
    "kind",
    "of",
    "the",
    "shit",
    "bomb",
    "bad",
    "ass",
    "yeah",
    "right",
    "bus",
    "stop",
    "isn't",
    "ain't",
    ":)",
    ":(",
    "<3",
    "😡",
    "😊",
    "❤️",
    "!",
    "!!!",
    "???",
    "...",
    ",",
    "THE",
    "app",
    "service",
    "kinda",
    "hardly",
    "totally",
    "REALLY",
    "nor",
    "or",
    "or",
    "yes",
    "meh",
    "....",
    "n't",
    "sort",
    "just",
    "enough",
    "to",
    "die",
    "for",
    "kiss",
    "death",
    "beating",
    "heart",
]


def test_it_scores_rule_by_rule_as_the_library_does() -> None:
    texts = ["VADER is VERY SMART, uber handsome, and FRIGGIN FUNNY!!!", "Not such a badass after all.", "", "  ", "😡"]
    assert [OURS.compound(text) for text in texts] == [LIBRARY.polarity_scores(text)["compound"] for text in texts]


@given(st.lists(st.sampled_from(PIECES), max_size=25), st.sampled_from([" ", "  ", "", "\n"]))
def test_any_text_of_its_own_words_scores_as_in_the_library(words: list[str], space: str) -> None:
    text = space.join(words)
    assert OURS.compound(text) == LIBRARY.polarity_scores(text)["compound"]


@given(st.text(max_size=120))
def test_any_text_at_all_scores_as_in_the_library(text: str) -> None:
    assert OURS.compound(text) == LIBRARY.polarity_scores(text)["compound"]


def test_thousands_of_real_posts_score_as_in_the_library(labelled: Path) -> None:
    path = labelled / "tweeteval" / "sentiment_val.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE, escapechar="\\")
        texts = [row["text"] for row in rows]
    assert len(texts) > 1900
    for text in texts + [mask(text) for text in texts]:
        assert OURS.compound(text) == LIBRARY.polarity_scores(text)["compound"], text


@pytest.mark.parametrize(
    ("compound", "label"),
    [
        (0.0, "neutral"),
        (0.049, "neutral"),
        (0.05, "positive"),
        (-0.05, "negative"),
        (-0.049, "neutral"),
        (1, "positive"),
    ],
)
def test_thresholds_are_those_of_the_authors_and_zero_is_neutral(compound: float, label: str) -> None:
    assert label_of(compound) == label


@pytest.mark.parametrize("word", ["don't like", "don\u2019t like", "dont like"])
def test_every_apostrophe_negates(word: str) -> None:
    [found] = Vader().score([mask(f"I {word} the new app at all")], ["en"])
    assert found.label == "negative"


def test_other_languages_are_unscored_and_never_neutral() -> None:
    assert Vader().score(["Das ist wirklich furchtbar", "C'est terrible"], ["de", "fr"]) == [UNSCORED, UNSCORED]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("thanks!", "positive"),
        ("worst app ever", "negative"),
        ("die Post", "unscored"),
        ("no", "unscored"),
        ("123", "unscored"),
        ("さようなら", "unscored"),
        ("mein Paket", "unscored"),
        ("mein Paket :(", "negative"),
        ("\U0001f620\U0001f620", "negative"),
        ("die Post \U0001f621", "unscored"),
    ],
)
def test_short_posts_are_scored_only_by_words_that_are_english_alone(text: str, label: str) -> None:
    [found] = Vader().score([text], ["unknown"])
    assert found.label == label


def test_probabilities_add_up_and_follow_the_score() -> None:
    angry, calm, happy = Vader().score(["I hate it, awful!", "It is a parcel", "I love it, great!"], ["en"] * 3)
    for found in (angry, calm, happy):
        assert found.p_negative is not None and found.p_neutral is not None and found.p_positive is not None
        assert found.p_negative + found.p_neutral + found.p_positive == pytest.approx(1)
    assert angry.p_negative == max(filter(None, (angry.p_negative, angry.p_neutral, angry.p_positive)))
    assert happy.p_positive == max(filter(None, (happy.p_negative, happy.p_neutral, happy.p_positive)))


def test_the_engine_names_its_version() -> None:
    assert (Vader.name, Vader.version) == ("vader", "3.3.2+1")
