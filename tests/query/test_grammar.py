"""What a query may say, and how a bad one is refused: with the place and a sentence."""

import pytest

from listening.query import MAX_CHARACTERS, MAX_TERMS, QueryError, parse
from listening.query.nodes import And, Field, Flag, Near, Not, Or, Range, Term, Title, Within
from tests.query.said import refusal

A, B, C = Term("a1"), Term("b1"), Term("c1")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a1", A),
        ("a1 AND b1 AND c1", And((A, B, C))),
        ("a1 b1", And((A, B))),
        ("a1 NOT b1", And((A, Not(B)))),
        ("a1 AND NOT (b1 OR c1)", And((A, Not(Or((B, C)))))),
        ("(a1 OR b1) c1", And((Or((A, B)), C))),
        ("a1 NEAR/5 b1", Near(A, B, 5)),
        ("a1 NEAR/0f (b1 OR c1)", Near(A, Or((B, C)), 0, True)),
        ("(a1 NEAR/2 b1) NEAR/3 c1", Near(Near(A, B, 2), C, 3)),
        ("a1 NEAR/2 b1 AND c1", And((Near(A, B, 2), C))),
        ("NOT a1 NEAR/2 b1 AND c1", And((Not(Near(A, B, 2)), C))),
        ('"a1 b1"~5', Within((A, B), 5)),
        ("(a1 b1 c1)~10", Within((A, B, C), 10)),
        ("((a1 OR b1) AND c1)~5", Within((Or((A, B)), C), 5)),
        ('"a1 b1"', Term("a1 b1", "phrase")),
        ("“a1 b1”", Term("a1 b1", "phrase")),
        ("{BT}", Term("BT", "case")),
        ('raw:"C++ (x)"', Term("C++ (x)", "raw")),
        ("#acme", Term("acme", "hashtag")),
        ("@acme", Term("acme", "handle")),
        ("title:(a1 OR b1)", Title(Or((A, B)))),
        ("lang:en", Field("lang", ("en",))),
        ("lang:(en OR de)", Field("lang", ("en", "de"))),
        ("LANGUAGE:pt-BR", Field("lang", ("pt-BR",))),
        ('author:("Jane Doe" OR @jane)', Field("author", ("Jane Doe", "@jane"))),
        ("url:https://acme.com/x?y=1", Field("url", ("https://acme.com/x?y=1",))),
        ("followers:[500 TO 100000]", Range("followers", 500, 100000)),
        ("engagement:[10 TO *]", Range("engagement", 10, None)),
        ("rating:[1.5 TO 2]", Range("rating", 1.5, 2)),
        ("is:reply", Flag("is", "reply")),
        ("has:(link OR media)", Or((Flag("has", "link"), Flag("has", "media")))),
        ("<<<why this is here>>> a1", A),
        ('a1 <<<AND ( " >>> AND b1', And((A, B))),
        ("a1\n\tAND\nb1", And((A, B))),
        ("https://acme.com", Term("https://acme.com")),
    ],
)
def test_it_reads_every_form(text: str, tree: object) -> None:
    assert parse(text).root == tree
    assert parse(text).text == text


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("", 0, "empty"),
        ("  <<<only a comment>>> ", 0, "empty"),
        ("NOT a1", 0, "absent"),
        ("NOT a1 AND NOT b1", 0, "absent"),
        ("a1 OR NOT b1", 6, "absent"),
        ("*acme", 0, "cannot stand first"),
        ('"late *"', 6, "cannot stand first"),
        ("a*", 1, "two characters"),
        ("a1 AND x?", 8, "two characters"),
        ("(a1 OR b1", 0, "not closed"),
        ("a1 AND (b1 OR (c1)", 7, "not closed"),
        ("a1)", 2, "closes nothing"),
        ('a1 "b1', 3, "not closed"),
        ("a1 {BT", 3, "not closed"),
        ("a1 <<<b1", 3, "not closed"),
        ("a1 ()", 3, "nothing in these brackets"),
        ('a1 ""', 3, "nothing between"),
        ("{}", 0, "nothing between"),
        ("followers:[9 TO 1]", 0, "reversed"),
        ("followers:500", 0, "range"),
        ("followers:[1 2]", 10, "written"),
        ("followers:[x TO 2]", 0, "number"),
        ("lang:[1 TO 2]", 0, "no range"),
        ("colour:red", 0, "no field colour:"),
        ("autor:jane", 0, "author"),
        ("lang:english", 5, "lang:en"),
        ("lang:(en AND de)", 9, "joined by OR"),
        ("lang:(NOT en)", 6, "NOT lang:"),
        ("lang:", 0, "right after the colon"),
        ("is:happy", 3, "is:reply"),
        ("title:lang:en", 6, "terms only"),
        ("a1 AND", 6, "ends"),
        ("AND a1", 0, "stands first"),
        ("a1 OR AND b1", 6, "follows another operator"),
        ("a1 NEAR b1", 3, "NEAR/5"),
        ("a1 NEAR/x b1", 3, "NEAR/5"),
        ("a1 NEAR/5 (b1 AND c1)", 10, "AND cannot stand inside NEAR"),
        ("a1 NEAR/5 (b1 c1)", 10, "AND cannot stand inside NEAR"),
        ("a1 NEAR/5 lang:en", 10, "NEAR joins terms"),
        ("a1 NEAR/5 NOT b1", 10, "NEAR joins terms"),
        ("a1~5", 2, "two or more words"),
        ('"a1"~5', 4, "two or more words"),
        ("(a1 OR b1)~5", 10, "two or more terms"),
        ("a1 AND -b1", 7, "NOT b1"),
        ("a1 && b1", 3, "AND"),
        ("a1 | b1", 3, "OR"),
        ("a1 AND NOT NOT b1", 7, "NOT NOT"),
        ("a1 !!!", 3, "raw:"),
        ("#acme-fail", 0, "hashtag"),
        ("a1\x00", 2, "control character"),
        ("a1 \ud800", 3, "control character"),
        ("a1 " + "x" * MAX_CHARACTERS, MAX_CHARACTERS, "8,192"),
    ],
)
def test_it_refuses_with_the_position_and_a_sentence(text: str, position: int, words: str) -> None:
    error = refusal(text)
    assert words in error.sentence
    assert error.position == position
    assert error.position <= error.end


@pytest.mark.parametrize(
    ("text", "position", "readings"),
    [
        ("a1 AND b1 OR c1", 10, ["(a1 AND b1) OR c1", "a1 AND (b1 OR c1)"]),
        ("a1 b1 OR c1", 6, ["(a1 AND b1) OR c1", "a1 AND (b1 OR c1)"]),
        ("a1 OR b1 NOT c1", 9, ["a1 OR (b1 AND NOT c1)", "(a1 OR b1) AND NOT c1"]),
        ("a1 OR b1 NEAR/5 c1", 9, ["a1 OR (b1 NEAR/5 c1)", "(a1 OR b1) NEAR/5 c1"]),
        ("a1 NEAR/5 b1 NEAR/3f c1", 13, ["(a1 NEAR/5 b1) NEAR/3f c1", "a1 NEAR/5 (b1 NEAR/3f c1)"]),
    ],
)
def test_it_shows_both_readings_of_a_mixture(text: str, position: int, readings: list[str]) -> None:
    error = refusal(text)
    assert error.position == position
    assert all(reading in error.sentence for reading in readings)
    for reading in readings:
        parse(reading)


def test_it_puts_a_caret_under_the_position() -> None:
    text = "acme AND\n(fail OR bad"
    assert refusal(text).pointer(text) == "(fail OR bad\n^"


def test_it_takes_as_many_terms_and_characters_as_promised() -> None:
    terms = " OR ".join(f"t{i}" for i in range(MAX_TERMS))
    parse(terms)
    parse("<<<" + "x" * (MAX_CHARACTERS - 8) + ">>>a1")
    assert "500" in refusal(terms + " OR one_more").sentence
    assert refusal(terms + " OR one_more").position == len(terms) + 4


def test_it_counts_positions_in_the_text_as_typed() -> None:
    root = parse('acme AND "late delivery"').root
    assert isinstance(root, And)
    assert [(child.at, child.end) for child in root.children] == [(0, 4), (9, 24)]


@pytest.mark.parametrize("text", ["LANG:(", "lang:(en", "lang:(en OR", "site:(a OR ", "title:("])
def test_it_says_where_a_list_of_values_was_never_closed(text: str) -> None:
    with pytest.raises(QueryError) as refused:
        parse(text)
    assert "not closed" in refused.value.sentence and refused.value.position == text.index("(")
