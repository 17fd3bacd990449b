"""Judging: stored mentions before the one judge, the matcher of the query language."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from listening.models import Mention
from listening.query import Matcher, Post, Query
from listening.stored import post_of
from listening.veil import veiled

Spans = list[tuple[int, int]]


def judged(query: Query, mentions: Iterable[Mention]) -> Iterator[tuple[Mention, Spans]]:
    """The mentions that the query matches, each with the spans of its text that matched. It finds nobody by name."""
    matcher = Matcher({0: query})
    for mention in mentions:
        for match in matcher.match(unsigned(post_of(mention))):
            yield mention, list(match.spans)


def unsigned(post: Post) -> Post:
    """The post as it may be searched: who wrote it is covered where it stands in the text or the address."""
    signed = _Signed(post.author, post.author_name)
    server = (post.author or "").lstrip("@").partition("@")[2]
    return replace(
        post,
        text=veiled(post.text, signed),
        title=veiled(post.title, signed),
        url=veiled(post.url, signed) if post.url else None,
        author=f"somebody@{server}" if server else None,
        author_name=None,
    )


@dataclass(frozen=True, slots=True)
class _Signed:
    handle: str | None
    name: str | None
