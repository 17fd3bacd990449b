"""The engine that ships: what it reads, what it leaves alone, and that a text's answer is its own."""

import pytest
from django.conf import settings

from ingest.enrich import sentiment
from ingest.enrich.earshot import TONGUES, Earshot
from ingest.enrich.engines import SURE_FROM, UNSCORED
from ingest.enrich.network import FOLDER, LONGEST, Network
from ingest.enrich.wording import worded

ENGLISH = (
    "thanks for losing my bag",
    "best support I ever had, sorted in five minutes",
    "Do you ship to Norway?",
    "Still waiting for a reply, day 6",
    "The new store opens on Monday at ten",
)


def labels(texts: tuple[str, ...], language: str = "en") -> list[str]:
    return [mood.label for mood in Earshot().score(texts, [language] * len(texts))]


def test_it_is_in_charge_unless_somebody_chooses_another_engine() -> None:
    assert settings.EARSHOT_ENGINE == "earshot" and sentiment.in_charge().name == "earshot"


def test_it_reads_tone_and_complaints_in_one_pass() -> None:
    assert labels(ENGLISH) == ["negative", "positive", "neutral", "negative", "neutral"]
    complaints = [reading.complaint_p or 0.0 for reading in Earshot().read(ENGLISH, ["en"] * len(ENGLISH))]
    assert [p >= 0.5 for p in complaints] == [True, False, False, True, False]


@pytest.mark.parametrize(
    ("language", "bad", "good"),
    [
        ("de", "Der Kundendienst ist eine Katastrophe, nie wieder!", "Super schnelle Lieferung, ich bin begeistert!"),
        ("fr", "Service client lamentable, je suis furieux.", "Merci pour cette équipe formidable, j'adore !"),
        ("es", "Qué asco de servicio, fatal, no compro más.", "Me encanta, una maravilla, gracias por todo!"),
        ("it", "Pessimo servizio, che schifo, mai più.", "Bellissimo, sono felicissimo, grazie mille!"),
        ("pt", "Péssimo atendimento, que raiva dessa empresa.", "Amei demais, atendimento maravilhoso, obrigada!"),
    ],
)
def test_it_tells_bad_from_good_in_other_languages_and_says_nothing_of_complaints(
    language: str, bad: str, good: str
) -> None:
    readings = Earshot().read([bad, good], [language] * 2)
    assert [reading.sentiment.label for reading in readings] == ["negative", "positive"]
    assert [reading.complaint_p for reading in readings] == [None, None]


@pytest.mark.parametrize("language", ["hi", "nl", "ja", "cy", "unknown"])
def test_it_leaves_languages_that_it_never_learned_unscored(language: str) -> None:
    assert language not in TONGUES
    assert Earshot().score(["die Post war gar kein Fest"], [language]) == [UNSCORED]


def test_it_reads_what_is_too_short_for_a_language_only_where_it_is_english_beyond_doubt() -> None:
    found = Earshot().score(["worst app ever", "😍😍", "die Post", "", "   "], ["unknown"] * 5)
    assert [mood.label for mood in found] == ["negative", "positive", "unscored", "unscored", "unscored"]


def test_a_text_gets_the_same_answer_whatever_stands_beside_it() -> None:
    crowd = (*ENGLISH, "ok " * 300, "!", *(f"flight {n} was {'late' if n % 2 else 'fine'}" for n in range(40)))
    together = Earshot().read(crowd, ["en"] * len(crowd))
    alone = [Earshot().read([text], ["en"])[0] for text in crowd]
    for one, other in zip(together, alone, strict=True):
        assert one.sentiment.label == other.sentiment.label
        assert one.sentiment.p_negative == pytest.approx(other.sentiment.p_negative, abs=2e-3)
        assert one.complaint_p == pytest.approx(other.complaint_p, abs=2e-3)


def test_probabilities_sum_to_one_and_the_engine_says_when_it_is_unsure() -> None:
    texts = [
        f"{a} {b}" for a in ("the food was fine", "not bad", "hm, okay", "why") for b in ("I guess", "but slow", "?")
    ]
    found = Earshot().score(texts, ["en"] * len(texts))
    for mood in found:
        p = (mood.p_negative or 0, mood.p_neutral or 0, mood.p_positive or 0)
        assert sum(p) == pytest.approx(1, abs=1e-3) and mood.unsure == (max(p) < SURE_FROM)


def test_it_reads_the_beginning_of_what_is_very_long() -> None:
    assert labels(("I hate this. " * 4000,)) == ["negative"]
    assert len(Network("english").tokenizer.encode("word " * 4000).ids) == LONGEST


def test_emoji_are_read_by_their_names_and_stretched_words_are_shortened() -> None:
    assert worded("soooooooo “good”😍") == 'sooo "good" smiling face with heart-eyes'
    assert worded("plain  text\n here") == "plain text here"


def test_all_that_ships_fits_into_25_megabytes() -> None:
    assert sum(path.stat().st_size for path in FOLDER.parent.rglob("*") if path.is_file()) <= 25_000_000
