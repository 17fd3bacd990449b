"""Golden posts: examples that a query must match, or must not match, before it may be saved."""

from collections.abc import Iterable

from listening.query import Matcher, Post, parse

LONGEST_QUOTE = 80


def broken(text: str, must_match: Iterable[str], must_not_match: Iterable[str]) -> list[str]:
    """One sentence for each example that this query text gets wrong; raises QueryError for a bad text."""
    matcher = Matcher({0: parse(text)})
    missed = [example for example in must_match if not matcher.match(Post(text=example))]
    caught = [example for example in must_not_match if matcher.match(Post(text=example))]
    return [
        *(f"It must match “{_quote(example)}”, but does not." for example in missed),
        *(f"It must not match “{_quote(example)}”, but does." for example in caught),
    ]


def _quote(example: str) -> str:
    return example if len(example) <= LONGEST_QUOTE else f"{example[: LONGEST_QUOTE - 1]}…"
