"""Hostile queries and texts: never another error than QueryError, never long."""

import time

import pytest
from hypothesis import given, settings, strategies as st

from listening.query import MAX_CHARACTERS, Matcher, Post, QueryError, explain, fold, lint, parse, write
from listening.query.coarse import bluesky, hackernews, mastodon, postgres, reddit, x, youtube
from listening.query.fold import folding

SYNTAX = [
    '"', "(", ")", "{", "}", "[", "]", "~5", "*", "?", " AND ", " OR ", " NOT ", " NEAR/5 ", "NEAR/9f", "raw:", "lang:",
    "title:", "author:", "followers:[1 TO 2]", "is:reply", "<<<", ">>>", "#", "@", "a", "acme", "天", "é", "\u0301",
    "\u200d", "😡", "'", "-", "/", ":", "\\", "%", "_", "\n", "\x00", "\ud800", "ß", "İ", "ﬁ", " ",
]  # fmt: skip
noise = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(SYNTAX), max_size=25).map("".join))


@settings(max_examples=600, deadline=None)
@given(noise, st.one_of(st.text(max_size=60), noise))
def test_it_raises_nothing_but_query_errors(query: str, text: str) -> None:
    try:
        parsed = parse(query)
    except QueryError as error:
        assert 0 <= error.position <= max(len(query), 1)
        assert error.sentence.endswith(".")
        assert error.pointer(query)
        return
    for match in Matcher({1: parsed}).match(Post(text=text, title=text)):
        assert all(0 <= start < end <= len(text) for start, end in (*match.spans, *match.title_spans))
    assert all(0 <= one.position <= one.end <= len(query) for one in lint(parsed))
    assert str(explain(parsed))
    for network in (x, bluesky, mastodon, reddit, hackernews, youtube):
        network.coarse(parsed)
    postgres.to_sql(postgres.coarse(parsed))


@settings(max_examples=600, deadline=None)
@given(noise)
def test_it_reads_back_what_it_writes(text: str) -> None:
    try:
        root = parse(text).root
    except QueryError:
        return
    assert parse(write(root)).root == root


@settings(max_examples=800, deadline=None)
@given(st.text(max_size=40))
def test_it_folds_with_a_way_back(text: str) -> None:
    way = folding(text)
    assert way.text == fold(text)
    assert fold(way.text) == way.text
    assert fold(text + "\n" + text) == way.text + "\n" + way.text
    if way.starts is not None and way.ends is not None:
        assert way.starts == sorted(way.starts)
        assert all(0 <= start < end <= len(text) for start, end in zip(way.starts, way.ends, strict=True))


QUERIES = {
    "brackets": "(" * 4096,
    "closing": ")" * 8192,
    "quotes": '"' * 8191,
    "nots": "NOT " * 2000 + "a1",
    "nested": "(" * 50 + "acme" + ")" * 50,
    "stars": "ab" + "*a" * 4000,
    "wild words": " OR ".join(f"ab{'a' * (i % 60)}*" for i in range(200)),
    "long phrase": '"' + "a " * 100 + '"',
    "long phrases": " OR ".join(f'"{"a " * 99}{i}"' for i in range(38)),
    "distances": " OR ".join(f"(a NEAR/{i} b)" for i in range(100)),
    "too many distances": " OR ".join(f"(a NEAR/{i} b)" for i in range(240)),
    "near": " OR ".join("(a NEAR/999 b)" for _ in range(100)),
    "group": "(" + " ".join("ab"[i % 2] for i in range(20)) + ")~999",
    "many": " OR ".join("a" for _ in range(500)),
    "comment": "<<<" * 2700,
    "mixture": "a AND b OR " * 700,
    "long word": "a" * 8192,
    "emoji": "😡" * 100,
    "han": "天" * 100,
}
TEXTS = {
    "one word": "a" * 100_000,
    "words": "a b " * 25_000,
    "hashtags": "#AaBb " * 16_000,
    "marks": "a" + "\u0301" * 99_999,
    "han": "天" * 100_000,
    "joiners": "\u200d" * 100_000,
    "signs": "#@" * 50_000,
    "apostrophes": "a'" * 50_000,
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=list(QUERIES))
@pytest.mark.slow
def test_it_takes_no_catastrophic_time(query: str) -> None:
    started = time.process_time()
    try:
        matcher = Matcher({1: parse(query[:MAX_CHARACTERS])})
    except QueryError:
        assert time.process_time() - started < 2
        return
    for text in TEXTS.values():
        begun = time.process_time()
        matcher.match(Post(text=text))
        assert time.process_time() - begun < 20


def test_it_refuses_more_distances_than_a_post_can_be_asked_for_in_time() -> None:
    with pytest.raises(QueryError) as refused:
        parse(" OR ".join(f"(a NEAR/{i} b)" for i in range(101)))
    assert "More than 100 NEARs" in refused.value.sentence
    assert refused.value.position > 1000
