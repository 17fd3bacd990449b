"""Queries become texts for X's search that find too much and never too little."""

import re

import pytest
from hypothesis import given, settings, strategies as st

from ingest.sources.x.searching import LONGEST, search_texts
from listening.query import QueryError, parse


def texts(query: str) -> list[str]:
    return [text.removesuffix(" -is:nullcast")[1:-1] for text in search_texts(parse(query))]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("acme", "acme OR #acme OR @acme"),
        ('"customer service"', '"customer service" OR #customerservice OR @customerservice'),
        ('"lost all of my parcels"', '"lost all of my parcels" OR #lostallofmyparcels'),
        ("#acme", "#acme"),
        ("@acme", "@acme"),
        ("{BT}", "BT OR #BT OR @BT"),
        ('raw:"C++"', '"C++"'),
        ("coca-cola", '"coca-cola"'),
        ("café", "café OR #café"),
        ("#acme OR #bolt", "#acme OR #bolt"),
        ("#acme AND #bolt", "#acme #bolt"),
        ("#acme AND (#late OR #lost)", "#acme (#late OR #lost)"),
        ("#acme NEAR/5 #late", "#acme #late"),
        ("(#acme #late #parcel)~10", "#acme #late #parcel"),
        ("#acme AND NOT #jobs", "#acme"),
        ("#acme AND complain*", "#acme"),
        ("#acme AND lang:en", "#acme"),
        ("#acme AND followers:[500 TO *]", "#acme"),
        ("#acme AND is:reply AND has:link", "#acme is:reply has:links"),
        ("#acme AND source:x", "#acme"),
        ("(#acme AND #late) OR #bolt", "(#acme #late) OR #bolt"),
        ("author:ann", "from:ann"),
        ("url:https://www.acme.example/help", 'url:"acme.example/help"'),
    ],
)
def test_it_types_a_query_into_the_search_of_x(query: str, text: str) -> None:
    assert texts(query) == [text]


def test_it_leaves_out_what_a_brand_says_itself() -> None:
    (text,) = search_texts(parse("#acme"), ["acme", "acme_help", "not a handle", "acme_jobs", "acme_four"])
    assert text == "(#acme) -is:nullcast -from:acme -from:acme_help -from:acme_jobs"


@pytest.mark.parametrize(
    "query",
    [
        "complain*",
        "lang:en",
        "is:reply",
        "#acme OR lang:en",
        'raw:"!?"',
        "author:ann*",
        "source:bluesky",
        "subreddit:acme",
        "#acme AND source:mastodon",
        "title:acme AND lang:en",
    ],
)
def test_it_searches_not_at_all_where_search_cannot_help(query: str) -> None:
    assert texts(query) == []


def test_it_asks_in_several_texts_what_does_not_fit_into_one() -> None:
    words = [f"#word{n:03}" for n in range(120)]
    found = texts(" OR ".join(words))
    assert len(found) == 4
    assert [word for text in found for word in text.split(" OR ")] == words
    assert all(len(text) <= LONGEST for text in search_texts(parse(" OR ".join(words))))


def test_it_leaves_out_a_condition_that_does_not_fit() -> None:
    many = " OR ".join(f"#word{n:03}" for n in range(120))
    assert texts(f"#acme AND ({many})") == ["#acme"]


WORDS = ["#acme", "#bolt", "acme", '"lost parcel"', "comp*", "lang:en", "@acme", "is:reply", "{BT}"]
trees = st.recursive(
    st.sampled_from(WORDS),
    lambda below: st.tuples(st.sampled_from([" AND ", " OR "]), st.lists(below, min_size=2, max_size=4)).map(
        lambda told: f"({told[0].join(told[1])})"
    ),
    max_leaves=40,
)


@settings(max_examples=80, deadline=None)
@given(trees)
def test_it_always_types_something_that_x_can_read(query: str) -> None:
    try:
        parsed = parse(query)
    except QueryError:
        return
    for text in search_texts(parsed):
        assert len(text) <= LONGEST
        plain = re.sub(r'"[^"]*"', "w", text)
        assert plain.count("(") == plain.count(")")
        assert not re.search(r"\(\s*\)|OR\s*\)|\(\s*OR|OR\s+OR|\s\s|\*", plain)
        assert re.search(r"[#@\w]", plain)
