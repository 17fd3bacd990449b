"""Engines never see the brand's name, handles or links."""

import pytest
from hypothesis import given, strategies as st

from ingest.enrich.masking import _replaced, _stand_in, compile_names, mask, names_of
from ingest.enrich.sentiment import score

UNITED = names_of("United", ["united"], ["United Airlines"])


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("United lost my bag", "brand lost my bag"),
        ("UNITED LOST MY BAG", "BRAND LOST MY BAG"),
        ("#united why", "brand why"),
        ("united  airlines, again", "brand, again"),
        ("united's fault", "brand's fault"),
        ("reunited and unitedly", "reunited and unitedly"),
        ("@united thanks", "  thanks"),
        ("@united@mastodon.example thanks", "  thanks"),
        ("@love.bsky.social said", "  said"),
        ("see https://united.com/love now", "see   now"),
        ("mail a@b.com", "mail a@b.com"),
        ("don\u2019t", "don't"),
        ("I &lt;3 it &amp; you", "I <3 it & you"),
    ],
)
def test_it_hides_what_says_nothing_of_feelings(text: str, masked: str) -> None:
    assert mask(text, UNITED) == masked


def test_without_a_brand_only_links_and_handles_go() -> None:
    assert mask("United @bob https://x.example/a") == "United    "


def test_names_in_scripts_without_spaces_need_no_boundaries() -> None:
    assert mask("新しいアクメは最高", names_of("アクメ")) == "新しいbrandは最高"


def test_names_are_words_not_patterns() -> None:
    assert mask("C++ is fine, Cxx too", compile_names(frozenset({"C++"}))) == "BRAND is fine, Cxx too"


def test_no_names_make_no_matcher() -> None:
    assert compile_names(frozenset({"", " @"})) is None


def test_a_warm_name_no_longer_hides_a_complaint() -> None:
    text = "United never answers, I am so annoyed"
    blind, seeing = score([text] * 2, ["en"] * 2, [UNITED, None])
    assert (blind.label, seeing.label) == ("negative", "negative")
    assert blind.compound is not None and seeing.compound is not None and blind.compound < seeing.compound


ODD = compile_names(frozenset({"ab", "b c", "a_b c", "B-2", "b", "united  airlines"}))
PIECES = ["ab", "AB", "b", "c", "a_b", " ", "  ", "@", "#", "_", "-", "2", "B", "x", "united", "Airlines", "\n", "."]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_looking_only_where_a_name_may_begin_finds_every_name(text: str) -> None:
    assert ODD is not None and ODD.starts is not None
    assert _replaced(text, ODD) == ODD.whole.sub(_stand_in, text)
