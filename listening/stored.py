"""Stored: a mention of the database as the query language sees it, the same for searches and for themes."""

from listening.models import Mention
from listening.query import Post


def post_of(mention: Mention) -> Post:
    """A stored mention as a post; needs the author joined."""
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
