"""The matcher says what the plainest reading of the language says, for any query and any text."""

from hypothesis import HealthCheck, given, settings, strategies as st

from listening.query import Matcher, Post, fold, parse
from listening.query.errors import QueryError
from listening.query.grammar import Query
from tests.query.market import queries, texts
from tests.query.slow import holds

posts = st.builds(
    Post,
    text=texts,
    title=st.one_of(st.just(""), texts),
    language=st.sampled_from([None, "en", "de-AT"]),
    is_reply=st.sampled_from([None, True, False]),
    followers=st.sampled_from([None, 4, 9]),
)


def readable(text: str) -> Query | None:
    try:
        return parse(text)
    except QueryError:
        return None


parsed = queries.map(readable).filter(lambda query: query is not None)
many = settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)


@many
@given(parsed, posts)
def test_it_judges_like_the_plain_reading(query: Query, post: Post) -> None:
    assert bool(Matcher({1: query}).match(post)) == holds(query.root, post)


@many
@given(st.lists(parsed, min_size=2, max_size=5), posts)
def test_it_judges_many_queries_as_it_judges_each(several: list[Query], post: Post) -> None:
    together = {match.query_id: match for match in Matcher(dict(enumerate(several))).match(post)}
    alone = {i: found for i, query in enumerate(several) for found in Matcher({i: query}).match(post)}
    assert together == alone


@many
@given(parsed, posts)
def test_it_marks_spans_inside_the_stored_text(query: Query, post: Post) -> None:
    for match in Matcher({1: query}).match(post):
        for spans, text in ((match.spans, post.text), (match.title_spans, post.title)):
            assert list(spans) == sorted(set(spans))
            assert all(0 <= start < end <= len(text) and fold(text[start:end]) for start, end in spans)


@many
@given(parsed, posts)
def test_it_names_every_query_that_matches_as_a_candidate(query: Query, post: Post) -> None:
    matcher = Matcher({1: query})
    if matcher.match(post):
        assert matcher.candidates(f"{post.title}\n{post.text}") == [1]
