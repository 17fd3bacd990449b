"""Said: short ways to ask the query language something in tests."""

from typing import Any

from listening.query import Match, Matcher, Post, QueryError, parse


def matches(query: str, text: str, **post: Any) -> bool:
    return found(query, text, **post) is not None


def found(query: str, text: str, **post: Any) -> Match | None:
    """The match of one query with one post, or None."""
    answers = Matcher({7: parse(query)}).match(Post(text=text, **post))
    return answers[0] if answers else None


def marked(query: str, text: str, **post: Any) -> list[str] | None:
    """What the query marks in the text, or None where it does not match."""
    match = found(query, text, **post)
    return None if match is None else [text[start:end] for start, end in match.spans]


def refusal(query: str) -> QueryError:
    """The error that refuses this query."""
    try:
        parse(query)
    except QueryError as error:
        return error
    raise AssertionError(f"{query!r} was not refused")
