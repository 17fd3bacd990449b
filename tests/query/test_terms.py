"""What terms find and what they leave: words, phrases, case, accents, wildcards, hashtags, handles, raw."""

import pytest

from tests.query.said import found, marked, matches


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("acme", "ACME, the best", ["ACME"]),
        ("acme", "#acme and @Acme and Acme's", ["acme", "Acme", "Acme"]),
        ("acme", "so #AcmeFail", ["Acme"]),
        ("fail", "so #AcmeFail", ["Fail"]),
        ("acmefail", "so #AcmeFail", ["AcmeFail"]),
        ("bt", "#BTFail", ["BT"]),
        ("fail", "#acme_fail", ["fail"]),
        ("iphone", "#iPhone", ["iPhone"]),
        ("phone", "#iPhone", None),
        ("fail", "AcmeFail is no hashtag", None),
        ("acme", "@acme_help @acmecorp", None),
        ("acme", "mail info@acme.com or https://acme.com/x", ["acme", "acme"]),
        ("ai", "training, maid, said", None),
        ("ai", "AI!", ["AI"]),
        ("li", "tile, vinyl", None),
        ("acme", "AcmeのCM", ["Acme"]),
        ("天幕", "待って天幕のジャー", ["天幕"]),
        ("天幕", "#天幕のジャー", ["天幕"]),
        ("天幕", "天の幕", None),
        ("삼성", "삼성은 좋다", ["삼성"]),
        ("กาแฟ", "ร้านกาแฟดี", ["กาแฟ"]),
        ("हिन्दी", "यह हिन्दी है", ["हिन्दी"]),
        ("हि", "यह हिन्दी है", None),
        ("😡", "so 😡!", ["😡"]),
        ("coca-cola", "Coca Cola, coca-cola", ["Coca Cola", "coca-cola"]),
    ],
)
def test_it_finds_a_word_on_word_boundaries(query: str, text: str, expected: list[str] | None) -> None:
    assert marked(query, text) == expected


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ('"customer service"', "Customer-Service, customer  service", ["Customer-Service", "customer  service"]),
        ('"customer service"', "service customer", None),
        ('"customer service"', "customer of service", None),
        ('"customer service"', "#CustomerService", ["CustomerService"]),
        ('"fail again"', "#AcmeFail again", ["Fail again"]),
        ("“customer service”", "customer service", ["customer service"]),
        ('"customer serv*"', "customer servant", ["customer servant"]),
        ('"天幕 acme"', "天幕 acme", ["天幕 acme"]),
        ('"a a b"', "a a a b", ["a a b"]),
    ],
)
def test_it_finds_a_phrase_as_neighbouring_words(query: str, text: str, expected: list[str] | None) -> None:
    assert marked(query, text) == expected


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("café", "cafe", None),
        ("café", "CAFÉ cafe\u0301", ["CAFÉ", "cafe\u0301"]),
        ("cafe\u0301", "café", ["café"]),
        ("cafe", "Café cafe", ["Café", "cafe"]),
        ('"café bar"', "cafe bar, café bár", ["café bár"]),
        ("strasse", "Straße", ["Straße"]),
        ("lodz", "Łódź", ["Łódź"]),
        ("istanbul", "İstanbul", ["İstanbul"]),
        ("don't", "don’t don't dont", ["don’t", "don't"]),
        ("don’t", "don't", ["don't"]),
        ("don't", "don t", None),
        ("acme", "ac\u00adme", ["ac\u00adme"]),
        ("acme", "ＡＣＭＥ 𝐀𝐜𝐦𝐞", ["ＡＣＭＥ", "𝐀𝐜𝐦𝐞"]),
        ("мой", "мои", None),
        ("еще", "ещё", ["ещё"]),
        ("か", "が", None),
    ],
)
def test_it_compares_accents_and_apostrophes_as_people_do(query: str, text: str, expected: list[str] | None) -> None:
    assert marked(query, text) == expected


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("{BT}", "BT bt Bt #BT #BTFail", ["BT", "BT", "BT"]),
        ("{BT}", "bt", None),
        ("{Burger King}", "Burger King, burger king", ["Burger King"]),
        ("{BT*}", "BTs bts", ["BTs"]),
        ('raw:"C++"', "C++ c++ C C++11", ["C++", "C++"]),
        ('raw:"AT&T"', "AT&T, not AT & T, not at&t", ["AT&T"]),
        ("raw:Google+", "Google+ and Google", ["Google+"]),
        ('raw:"C++"', "ABC++", None),
        ('raw:":)"', "fine :)", [":)"]),
        ('raw:"café"', "cafe\u0301", ["cafe\u0301"]),
    ],
)
def test_it_keeps_case_in_braces_and_characters_in_raw(query: str, text: str, expected: list[str] | None) -> None:
    assert marked(query, text) == expected


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("complain*", "complain complaints uncomplaining", ["complain", "complaints"]),
        ("customi?e", "customise customize customie customisse", ["customise", "customize"]),
        ("co*r", "colour color cool", ["colour", "color"]),
        ("complain*", "#AcmeComplaint", ["Complaint"]),
        ("天幕*", "天幕の", ["天幕"]),
        ("天幕?ジ", "天幕のジ 天幕ジ", ["天幕のジ"]),
        ("caf??", "cafés", ["cafés"]),
        ("café*", "cafés cafes", ["cafés"]),
        ("ab*b", "ab", None),
        ("ab*b", "abb", ["abb"]),
    ],
)
def test_it_continues_words_at_wildcards(query: str, text: str, expected: list[str] | None) -> None:
    assert marked(query, text) == expected


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("#acme", "#acme acme @acme #AcmeFail #ACME", ["#acme", "#ACME"]),
        ("#AcmeFail", "#acmefail", ["#acmefail"]),
        ("#acme*", "#acmefail #acme", ["#acmefail", "#acme"]),
        ("#天幕の", "#天幕の あ", ["#天幕の"]),
        ("#天幕", "#天幕の", None),
        ("#acme", "x#acme", None),
        ("#acme", "＃acme", ["＃acme"]),
        ("@acme", "@Acme acme #acme @acme_help", ["@Acme"]),
        ("@acme", "@acme@mastodon.social, x@acme.com", ["@acme"]),
        ("@acme.bsky.social", "hi @acme.bsky.social", ["@acme.bsky.social"]),
        ("@acme.bsky.social", "@acme bsky social", None),
    ],
)
def test_it_finds_hashtags_and_handles_only_as_such(query: str, text: str, expected: list[str] | None) -> None:
    assert marked(query, text) == expected


def test_it_marks_title_and_text_apart() -> None:
    match = found("acme", "acme again", title="Acme!")
    assert match is not None
    assert (match.title_spans, match.spans) == (((0, 4),), ((0, 4),))


def test_it_joins_no_phrase_across_title_and_text() -> None:
    assert not matches('"acme fail"', "fail", title="acme")
    assert not matches("acme NEAR/9 fail", "fail", title="acme")
    assert matches("acme AND fail", "fail", title="acme")


def test_it_finds_a_word_at_character_600() -> None:
    assert marked("acme", "x " * 300 + "acme") == ["acme"]
