"""The network's word first, then detection, and "unknown" rather than a guess."""

import pytest

from ingest.enrich.language import detect, identify

SENTENCES = {
    "en": "My parcel has been stuck in the depot since Monday and nobody answers",
    "de": "Mein Paket liegt seit Montag im Depot und niemand antwortet mir",
    "fr": "Mon colis est bloqué au dépôt depuis lundi et personne ne répond",
    "es": "Mi paquete está parado en el almacén desde el lunes y nadie responde",
    "pt": "Minha encomenda está parada no depósito desde segunda e ninguém responde",
    "it": "Il mio pacco è fermo al deposito da lunedì e nessuno mi risponde",
    "nl": "Mijn pakket ligt al sinds maandag in het depot en niemand reageert",
    "pl": "Moja paczka leży w magazynie od poniedziałku i nikt nie odpowiada",
    "ja": "荷物が月曜日から倉庫で止まっているのに誰も返事をくれません",
    "ru": "Моя посылка лежит на складе с понедельника, и никто не отвечает",
    "ar": "طردي عالق في المستودع منذ يوم الاثنين ولا أحد يجيب على رسائلي",
    "ko": "월요일부터 택배가 창고에 멈춰 있는데 아무도 답을 안 해요",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_it_detects_the_language_of_a_sentence(language: str) -> None:
    assert detect(SENTENCES[language]) == language


def test_the_networks_word_comes_first() -> None:
    assert identify([SENTENCES["en"]], ["de-AT"]) == ["de"]


@pytest.mark.parametrize(
    ("text", "told", "language"),
    [
        (SENTENCES["ja"], "en", "ja"),
        (SENTENCES["ru"], "en-US", "ru"),
        (SENTENCES["ar"], "fr", "ar"),
        (SENTENCES["ru"], "uk", "uk"),
        ("すごい", "en", "unknown"),
        ("I ordered ラーメン yesterday and it was great", "en", "en"),
        (SENTENCES["fr"], "en", "en"),
    ],
)
def test_a_word_that_the_script_contradicts_does_not_count(text: str, told: str, language: str) -> None:
    assert identify([text], [told]) == [language]


@pytest.mark.parametrize("told", ["und", "zxx", "qme", "", None])
def test_a_network_that_does_not_know_has_told_nothing(told: str | None) -> None:
    assert identify([SENTENCES["fr"]], [told]) == ["fr"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I love you",
        "ok",
        "\U0001f621" * 25,
        "1234567890 1234567890 1234567890",
        "@a_very_long_handle_indeed thanks",
        "https://example.com/a-long-address-with-english-words wow",
        "#averylonghashtagwithwords",
    ],
)
def test_it_does_not_guess_from_too_little(text: str) -> None:
    assert detect(text) == "unknown"


def test_a_short_sentence_of_syllables_is_enough() -> None:
    assert detect("アプリにログインできない") == "ja"


def test_links_and_handles_do_not_count_as_words() -> None:
    assert detect("@someone @someoneelse " + SENTENCES["es"] + " https://example.com/the/and/of/english") == "es"


def test_the_same_text_always_gives_the_same_answer() -> None:
    texts = list(SENTENCES.values()) * 3
    assert identify(texts, [None] * len(texts)) == list(SENTENCES) * 3
