"""Coarse queries return too much, never too little, and say what a network cannot ask."""

import re

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings

from listening.query import Matcher, Post, fold, parse
from listening.query.coarse import bluesky, hackernews, mastodon, postgres, reddit, x, youtube
from listening.query.coarse.tree import Coarser, Every, Everything, Has, Nothing, Some
from listening.query.grammar import Query
from tests.query.market import queries, texts
from tests.query.test_against_slow import parsed, posts

many = settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)


def lets_through(tree: Coarser, folded: str) -> bool:
    """What Postgres does with the tree."""
    match tree:
        case Has(text):
            return text in folded
        case Every(parts):
            return all(lets_through(part, folded) for part in parts)
        case Some(parts):
            return any(lets_through(part, folded) for part in parts)
        case Everything():
            return True
        case Nothing():
            return False


@many
@given(parsed, posts)
def test_it_never_keeps_a_match_from_postgres(query: Query, post: Post) -> None:
    if Matcher({1: query}).match(post):
        assert lets_through(postgres.coarse(query), fold(f"{post.title}\n{post.text}"))


def test_it_writes_sql_with_parameters_only() -> None:
    sql, values = postgres.to_sql(postgres.coarse(parse('acme AND ("customer service" OR raw:"50%_\\\\") NOT bad')))
    assert sql == "(folded LIKE %s AND ((folded LIKE %s AND folded LIKE %s) OR folded LIKE %s))"
    assert values == ["%acme%", "%customer%", "%service%", "%50\\%\\_\\\\\\\\%"]
    assert postgres.to_sql(postgres.coarse(parse("lang:en"))) == ("TRUE", [])
    assert postgres.to_sql(postgres.coarse(parse("acme OR lang:en"))) == ("TRUE", [])


@pytest.mark.django_db
def test_it_finds_signs_of_like_literally_in_postgres() -> None:
    sql, values = postgres.to_sql(postgres.coarse(parse('raw:"50%_\\\\"')), column="%s::text")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}, {sql}", ["a 50%_\\\\ b", *values, "a 50xx\\\\ b", *values])
        assert cursor.fetchone() == (True, False)


def words_of(text: str) -> list[str]:
    """Words as X cuts them: at everything that is no letter, digit or _, accents aside."""
    return re.findall(r"\w+", fold(text))


def x_finds(search: str, text: str) -> bool:
    """X's search over one text, for the operators that are used here."""
    parts = re.findall(r'"[^"]*"|[()]|[^\s()]+', search)

    def alternatives() -> bool:
        found = all_of()
        while parts and parts[0] == "OR":
            parts.pop(0)
            found = all_of() or found
        return found

    def all_of() -> bool:
        found = one()
        while parts and parts[0] not in ("OR", ")"):
            found = one() and found
        return found

    def one() -> bool:
        part = parts.pop(0)
        if part == "(":
            found = alternatives()
            parts.pop(0)
            return found
        if part[0] in "#@":
            return re.search(rf"{re.escape(fold(part))}(?!\w)", fold(text)) is not None
        wanted, told = words_of(part), words_of(text)
        return any(told[i : i + len(wanted)] == wanted for i in range(len(told)))

    return alternatives()


def plain(text: str) -> bool:
    """Texts that X and we cut alike: no joined hashtags, no scripts without spaces."""
    return text.isascii() and not re.search(r"#\w*([a-z][A-Z]|_)", text)


@many
@given(queries, texts)
def test_it_never_keeps_a_match_from_x(text: str, post: str) -> None:
    query = readable_or_none(text)
    if query is None or not plain(post):
        return
    answer = x.coarse(query, longest=60)
    assert all(len(search) <= 60 for search in answer.searches)
    if answer.complete and Matcher({1: query}).match(Post(text=post)):
        assert any(x_finds(search, post) for search in answer.searches)


def readable_or_none(text: str) -> Query | None:
    try:
        return parse(text)
    except ValueError:
        return None


@many
@given(queries, texts)
def test_it_never_keeps_a_match_from_a_search_of_words(text: str, post: str) -> None:
    query = readable_or_none(text)
    if query is None or not plain(post) or not Matcher({1: query}).match(Post(text=post)):
        return
    for network in (bluesky.coarse, hackernews.coarse, mastodon.search):
        answer = network(query)
        told = words_of(post)
        if answer.complete:
            assert any(set(words_of(search)) <= set(told) for search in answer.searches)


def test_it_asks_x_in_512_characters() -> None:
    query = parse(" OR ".join(f'"brand number {i}"' for i in range(60)))
    answer = x.coarse(query)
    assert len(answer.searches) > 1
    assert all(len(search) <= 512 for search in answer.searches)
    for i in range(60):
        assert any(f'"brand number {i}"' in search for search in answer.searches)


def test_it_asks_each_keyword_by_itself_where_a_network_has_no_or() -> None:
    query = parse('acme OR "acme motors" OR #acmefail')
    assert bluesky.coarse(query).searches == ("acme", '"acme motors"', "acmefail")
    assert hackernews.coarse(query).searches == ("acme", "acme motors", "acmefail")
    assert youtube.coarse(query).searches == ('acme|"acme motors"|acmefail',)
    assert mastodon.coarse(query).searches == ("acme", "acmemotors", "acmefail")
    assert reddit.coarse(query).searches == ('"acme" OR "acme motors" OR "acmefail"',)
    assert bluesky.coarse(parse("acme AND (bad OR late)")).searches == ("acme",)


@pytest.mark.parametrize("network", [x, bluesky, reddit, hackernews, youtube, mastodon])
def test_it_says_what_a_network_cannot_ask(network: object) -> None:
    coarse = network.coarse  # type: ignore[attr-defined]
    notes = " ".join(coarse(parse("acme NEAR/5 fail AND NOT {BT}")).notes)
    assert "NEAR, NOT and {case}" in notes
    nothing = coarse(parse("complain*"))
    assert (nothing.searches, nothing.complete) == ((), False)
    assert any("can't" in note or "only" in note for note in nothing.notes)


def test_it_knows_which_networks_a_query_leaves_out() -> None:
    query = parse("source:bluesky AND acme")
    assert (x.coarse(query).searches, x.coarse(query).complete) == ((), True)
    assert bluesky.coarse(query).searches == ("acme",)
    assert reddit.coarse(parse("subreddit:r/python AND acme")).searches == ('subreddit:python AND "acme"',)


def test_it_doubts_scripts_without_spaces() -> None:
    answer = bluesky.coarse(parse("天幕"))
    assert answer.searches == ("天幕",)
    assert not answer.complete
    assert any("scripts without spaces" in note for note in answer.notes)
