"""Queries on Bluesky: loosened for the stream, and never too narrow."""

import pytest
from hypothesis import given, strategies as st

from ingest.sources.bluesky.loosen import author_handles, loosen
from listening.query import Matcher, Post, parse


@pytest.mark.parametrize(
    ("query", "loose"),
    [
        ("acme", "acme"),
        ("acme AND followers:[10 TO *]", "acme"),
        ("acme NOT followers:[10 TO *]", "acme"),
        ("acme OR followers:[10 TO *]", None),
        ("acme AND (fail OR followers:[10 TO *])", "acme"),
        ("acme NOT (fail AND followers:[10 TO *])", "acme"),
        ("acme NOT (fail OR followers:[10 TO *])", "acme NOT fail"),
        ("acme AND author:somebody", "acme"),
        ("acme AND author:ann.bsky.social", "acme AND author:ann.bsky.social"),
        ("author:somebody", None),
    ],
)
def test_it_loosens_what_the_stream_cannot_answer(query: str, loose: str | None) -> None:
    found = loosen(parse(query))
    assert (found.root if found else None) == (parse(loose).root if loose else None)


LEAVES = st.sampled_from(["acme", "fail", "followers:[10 TO *]", "author:somebody", "is:reply", '"acme fail"'])


def combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(inner, st.sampled_from(["AND", "OR", "AND NOT"]), inner)
    return pairs.map(lambda pair: f"({pair[0]} {pair[1]} {pair[2]})")


@given(
    query=st.recursive(LEAVES, combined, max_leaves=8).map(lambda text: f"acme AND ({text})"),
    text=st.sampled_from(["acme", "acme fail", "fail", "acme and fail", "nothing"]),
    reply=st.booleans(),
    author=st.sampled_from(["somebody", "nobody"]),
    followers=st.sampled_from([None, 5, 50]),
)
def test_it_never_loses_a_post_by_loosening(
    query: str, text: str, reply: bool, author: str, followers: int | None
) -> None:
    parsed = parse(query)
    whole = Post(text=text, is_reply=reply, author=author, followers=followers)
    known = Post(text=text, is_reply=reply)
    loose = loosen(parsed)
    if loose is not None and Matcher({1: parsed}).match(whole):
        assert Matcher({1: loose}).match(known)


def test_it_names_the_handles_that_have_to_be_looked_up() -> None:
    query = parse('acme AND author:(ann.bsky.social OR somebody OR "did:plc:abc")')
    assert list(author_handles(query)) == ["ann.bsky.social", "did:plc:abc"]
