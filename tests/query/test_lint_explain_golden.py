"""What a query's author is warned of, told in words, and held to by examples."""

import pytest

from listening.query import Post, check_golden, explain, lint, parse


@pytest.mark.parametrize(
    ("query", "warnings"),
    [
        ("acme", []),
        ("li", [("short-name", "li")]),
        ("{LI}", []),
        ("li AND learning", []),
        ("li OR acmecorp", [("short-name", "li")]),
        ("li AND lang:en", [("short-name", "li")]),
        ("acmecorp NOT li", []),
        ("monday", [("common-word", "monday")]),
        ("zoom OR acmecorp", [("common-word", "zoom")]),
        ("zoom AND meeting", []),
        ("acmecorp and fail", [("space-is-and", "acmecorp and fail"), ("lower-case-operator", "and")]),
        ("acmecorp AND fail", []),
        ("acmecorp NOT fail", []),
        ("acmecorp AND C++", [("signs-ignored", "C++")]),
        ('acmecorp AND raw:"C++"', []),
        ("coca-cola", []),
        ("acmecorp OR Acmecorp", [("duplicate", "Acmecorp")]),
        ("acmecorp AND NOT acmecorp", [("never-matches", "NOT acmecorp")]),
        ("acmecorp AND NOT (bad OR acmecorp)", [("never-matches", "NOT (bad OR acmecorp)")]),
        ("(aa1 bb1 cc1)~0", [("never-matches", "(aa1 bb1 cc1)~0")]),
        ("acmecorp AND rating:[6 TO 9]", [("never-matches", "rating:[6 TO 9]")]),
        ('"why acmecorp?"', [("question-mark", '"why acmecorp?"')]),
    ],
)
def test_it_warns_of_what_may_not_be_meant(query: str, warnings: list[tuple[str, str]]) -> None:
    found = lint(parse(query))
    assert [(one.code, query[one.position : one.end]) for one in found] == warnings
    assert all(one.sentence.endswith(".") for one in found)


def test_it_says_a_query_in_plain_words() -> None:
    query = 'acme AND (bad OR "customer service") NOT {BT} AND lang:(en OR de) AND followers:[500 TO *]'
    assert str(explain(parse(query))).splitlines() == [
        "Finds posts where all of these hold:",
        "  the word “acme” appears",
        "  at least one of these holds:",
        "    the word “bad” appears",
        "    the phrase “customer service” appears",
        "  it is not so that the word “BT” appears, in exactly this case",
        "  the language is en or de",
        "  the author's followers are at least 500",
    ]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("complain*", "Finds posts where the word “complain*” appears, * being any continuation."),
        ("#acme", "Finds posts where the hashtag #acme appears."),
        ('raw:"C++"', "Finds posts where exactly the characters C++ appear."),
        ("is:reply", "Finds posts where it is a reply."),
        ("rating:[1 TO 2]", "Finds posts where the rating is between 1 and 2."),
        ("title:acme", "Finds posts where in the title the word “acme” appears."),
    ],
)
def test_it_says_single_parts(query: str, sentence: str) -> None:
    assert str(explain(parse(query))) == sentence


def test_it_says_distances() -> None:
    said = explain(parse("late NEAR/1f parcel"))
    assert said.sentence.endswith("both of these stand in this order, with at most 1 word between them:")
    assert len(said.children) == 2


def test_it_tells_which_golden_posts_a_query_gets_wrong() -> None:
    query = parse("acme NOT fail")
    wrong = check_golden(query, ["Acme!", "nothing", Post(text="x", title="acme")], ["acme fail", "acme wins"])
    assert [(one.text, one.must) for one in wrong] == [("nothing", True), ("acme wins", False)]
    assert wrong[0].sentence == "It must match “nothing”, but does not."
    assert wrong[1].sentence == "It must not match “acme wins”, but does."
