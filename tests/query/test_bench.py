"""The bench measures the same work in every way, on made-up events of the real shape."""

import random

from listening.query import Matcher, Post
from listening.query.bench import scan
from listening.query.bench_market import a_market, as_regex, vocabulary
from listening.query.bench_stream import a_stream


def test_it_answers_all_figures_without_recordings() -> None:
    figures = scan(None, queries=200, events=2000)
    assert figures["queries"] == 200
    assert figures["events"] == 2000
    assert 0.05 < figures["share_of_posts"] < 0.2
    for name in ("events_per_second", "times_regex", "share_of_bare_automaton"):
        assert figures[name] > 0


def test_it_compares_with_regular_expressions_that_find_the_same() -> None:
    chance = random.Random(3)
    words = vocabulary(chance)
    market = a_market(chance, words, 300)
    matcher = Matcher(market)
    regexes = {i: as_regex(query.root) for i, query in market.items()}
    texts = [" ".join(chance.choices(words[:400], k=8)) for _ in range(100)]
    texts += [query.text.replace('"', "").replace("*", "s") for query in market.values()]
    for text in texts:
        ours = {match.query_id for match in matcher.match(Post(text=text))}
        theirs = {i for i, regex in regexes.items() if regex.search(text)}
        assert ours == theirs, text


def test_it_makes_mostly_events_without_a_text() -> None:
    chance = random.Random(1)
    lines = a_stream(chance, vocabulary(chance), 152, None)
    assert sum(b'"text"' in line for line in lines) == 17
