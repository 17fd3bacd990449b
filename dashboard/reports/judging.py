"""Judging: stored mentions before the one judge, the matcher of the query language."""

from collections.abc import Iterable, Iterator

from listening.models import Mention
from listening.query import Matcher, Post, Query

Spans = list[tuple[int, int]]


def judged(query: Query, mentions: Iterable[Mention]) -> Iterator[tuple[Mention, Spans]]:
    """The mentions that the query matches, each with the spans of its text that matched."""
    matcher = Matcher({0: query})
    for mention in mentions:
        for match in matcher.match(post_of(mention)):
            yield mention, list(match.spans)


def post_of(mention: Mention) -> Post:
    """A stored mention as the query language sees it; needs the author joined."""
    author = mention.author
    counts = [n for n in (mention.likes, mention.shares, mention.replies) if n is not None]
    return Post(
        text=mention.text,
        title=mention.title,
        author=(author.handle or None) if author else None,
        author_name=(author.name or None) if author else None,
        url=mention.url or None,
        links=tuple(mention.links),
        language=None if mention.language == "unknown" else mention.language,
        source=mention.network,
        community=mention.community or None,
        followers=author.followers if author else None,
        rating=mention.rating,
        engagement=sum(counts) if counts else None,
        is_reply=bool(mention.reply_to),
        is_quote=bool(mention.quote_of),
        is_repost=bool(mention.repost_of),
        is_addressed=mention.is_addressed,
        has_media=None if mention.media is None else mention.media > 0,
    )
