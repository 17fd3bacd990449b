"""Real posts: every word of a recorded post finds that post, in any script."""

from pathlib import Path

import orjson

from listening.query import Matcher, Post, QueryError, fold, parse
from listening.query.fold import tokens_apart
from listening.query.grammar import Query


def real_texts(payloads: Path) -> list[str]:
    lines = (payloads / "bluesky-jetstream/expected_v1.jsonl").read_bytes().splitlines()
    records = [orjson.loads(line).get("commit", {}).get("record") or {} for line in lines]
    return [record["text"] for record in records if record.get("text")]


def test_it_finds_every_word_of_a_real_post_where_it_stands(payloads: Path) -> None:
    texts = real_texts(payloads)
    words = sorted({token for text in texts for token in tokens_apart(text).split()})
    matcher = Matcher({i: parse(f'"{word}"') for i, word in enumerate(words)})
    assert len(texts) > 10
    for text in texts:
        found = matcher.match(Post(text=text))
        assert {words[match.query_id] for match in found} >= set(tokens_apart(text).split())
        for match in found:
            assert {fold(text[start:end]) for start, end in match.spans} == {words[match.query_id]}


def test_it_finds_every_pair_of_neighbours_as_phrase_and_as_near(payloads: Path) -> None:
    for text in real_texts(payloads):
        tokens = tokens_apart(text).split()
        pairs = [f'"{a} {b}"' for a, b in zip(tokens, tokens[1:], strict=False)]
        pairs += [f'"{a}" NEAR/0f "{b}"' for a, b in zip(tokens, tokens[1:], strict=False) if a != b]
        queries = {i: query for i, pair in enumerate(pairs) if (query := _readable(pair))}
        assert {match.query_id for match in Matcher(queries).match(Post(text=text))} == set(queries)


def _readable(text: str) -> Query | None:
    try:
        return parse(text)
    except QueryError:
        return None
