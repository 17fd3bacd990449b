"""Judging: stored mentions before the one judge, the matcher of the query language."""

from collections.abc import Iterable, Iterator

from listening.models import Mention
from listening.query import Matcher, Query
from listening.stored import post_of

Spans = list[tuple[int, int]]


def judged(query: Query, mentions: Iterable[Mention]) -> Iterator[tuple[Mention, Spans]]:
    """The mentions that the query matches, each with the spans of its text that matched."""
    matcher = Matcher({0: query})
    for mention in mentions:
        for match in matcher.match(post_of(mention)):
            yield mention, list(match.spans)
