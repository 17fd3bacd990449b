"""Trial of a query: what it would catch, keep and lose among posts, before anybody saves it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape

from django.utils.html import strip_tags

from dashboard.connect import FreshPost
from dashboard.reports.marking import MATCH, Piece, pieces
from listening.models import Brand, Mention, User
from listening.query import Match, Matcher, Post, Query
from listening.query.nodes import Or
from listening.veil import veiled

LOOK_BACK = timedelta(days=90)
MOST = 5000
MOST_BRANDS = 20
MOST_PARTS = 20
EXAMPLES = 5
COLUMNS = (
    "id", "brand_id", "network", "external_id", "url", "title", "text", "published_at", "language", "community",
    "links", "media", "reply_to", "quote_of", "repost_of", "likes", "replies", "shares", "rating", "spans",
    "addressed", "is_addressed", "author__handle", "author__name", "author__followers",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """A post with the matched words marked."""

    network: str
    url: str
    published_at: datetime | None
    title: str
    text: list[Piece]


@dataclass(frozen=True, slots=True)
class Part:
    """One alternative of a query and how many of the judged posts it matches by itself."""

    text: str
    n: int


@dataclass(frozen=True, slots=True)
class Stored:
    """What a query does to the newest stored mentions.

    `looked_at` mentions since `since` were judged (`cut` when there are more); `matches` of them match now; `added` and
    `lost` compare with the query as it is live; `elsewhere` counts matches among posts of other brands.
    """

    looked_at: int
    since: datetime
    cut: bool
    matches: int
    added: int
    lost: int
    elsewhere: int
    examples: list[Example]
    added_examples: list[Example]
    lost_examples: list[Example]
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class Fresh:
    """What one network answered just now: `read` posts, of which `matches` pass the judge; or why there are none."""

    label: str
    read: int
    matches: int
    examples: list[Example]
    sentence: str = ""
    parts: list[Part] = field(default_factory=list)


def stored(query: Query, brand: Brand, live: str | None, user: User, now: datetime) -> Stored:
    """Judge the newest mentions of the last 90 days, at most 5,000, of the brands that the person may see.

    `live` is the id of the query that would change, as text; None for a new one.
    """
    since = now - LOOK_BACK
    own = _newest(brand.pk, since, MOST + 1)
    cut, own = len(own) > MOST, own[:MOST]
    strangers = list(_strangers(own, brand, user, since))
    found = _judge(query, [(row.pk, post_of(row)) for row in [*own, *strangers]])
    hits = found.hits
    mine = [row for row in own if row.pk in hits]
    elsewhere = [row for row in strangers if row.pk in hits]
    added = [row for row in mine if live not in row.spans] if live else []
    lost = [row for row in own if live in row.spans and row.pk not in hits] if live else []

    def examples(rows: Sequence[Mention]) -> list[Example]:
        return [_example(row, hits.get(row.pk)) for row in rows[:EXAMPLES]]

    return Stored(
        looked_at=len(own) + len(strangers),
        since=since,
        cut=cut,
        matches=len(mine),
        added=len(added),
        lost=len(lost),
        elsewhere=len(elsewhere),
        examples=examples(mine or elsewhere),
        added_examples=examples([*added, *elsewhere] if live else []),
        lost_examples=examples(lost),
        parts=found.parts,
    )


def _newest(brand: int, since: datetime, most: int) -> list[Mention]:
    """Of one brand at a time, so that the index of its newest mentions answers however many there are."""
    rows = Mention.objects.filter(brand=brand, published_at__gte=since, hidden="", text_gone_at=None)
    return list(rows.select_related("author").only(*COLUMNS).order_by("-published_at", "-pk")[:most])


def _strangers(own: Sequence[Mention], brand: Brand, user: User, since: datetime) -> Iterator[Mention]:
    """Posts of the person's other brands that this brand doesn't have, with what is left of the limit."""
    seen = {(row.network, row.external_id) for row in own}
    brands = Brand.objects.visible_to(user).exclude(pk=brand.pk).order_by("-created_at")[:MOST_BRANDS]
    share = (MOST - len(own)) // max(1, len(brands))
    for other in brands if share else ():
        for row in _newest(other.pk, since, share):
            if (row.network, row.external_id) not in seen:
                seen.add((row.network, row.external_id))
                yield row


def fresh(query: Query, label: str, posts: Sequence[FreshPost], sentence: str = "") -> Fresh:
    """Judge what a network answered: its own search may have returned too much."""
    found = _judge(query, [(number, _post_of_fresh(post)) for number, post in enumerate(posts)])
    examples = [_fresh_example(post, found.hits[number]) for number, post in enumerate(posts) if number in found.hits]
    return Fresh(label, len(posts), len(found.hits), examples[:EXAMPLES], sentence, found.parts)


@dataclass(frozen=True, slots=True)
class _Found:
    hits: dict[int, Match]
    parts: list[Part]


def _judge(query: Query, posts: Iterable[tuple[int, Post]]) -> _Found:
    """The posts that match, by their number, and what each alternative finds by itself."""
    parts = _alternatives(query)
    matcher = Matcher({0: query} | dict(enumerate(parts, start=1)))
    hits: dict[int, Match] = {}
    counts: Counter[int] = Counter()
    for number, post in posts:
        for match in matcher.match(post):
            counts[match.query_id] += 1
            if match.query_id == 0:
                hits[number] = match
    return _Found(hits, [Part(part.text, counts[i]) for i, part in enumerate(parts, start=1)])


def _alternatives(query: Query) -> list[Query]:
    """The operands of a query that is one OR, each as a query of its own; none for other queries."""
    operands = query.root.children if isinstance(query.root, Or) else ()
    return [Query(query.text[node.at : node.end], node) for node in operands[:MOST_PARTS]]


def _example(row: Mention, match: Match | None) -> Example:
    title, text = veiled(row.title, row.author), _pieces(veiled(row.text, row.author), match)
    return Example(row.network, row.url, row.published_at, title, text)


def _fresh_example(post: FreshPost, match: Match) -> Example:
    title, text = (veiled(one, post.author) for one in (post.title or "", _plain(post)))
    return Example(post.network, post.url or "", post.published_at, title, _pieces(text, match))


def _pieces(text: str, match: Match | None) -> list[Piece]:
    return pieces(text, ((start, end, MATCH) for start, end in match.spans) if match else ())


def post_of(row: Mention) -> Post:
    """A stored mention as the query language sees it."""
    counts = [n for n in (row.likes, row.shares, row.replies) if n is not None]
    author = row.author
    return Post(
        text=row.text,
        title=row.title,
        author=(author.handle or None) if author else None,
        author_name=(author.name or None) if author else None,
        url=row.url or None,
        links=tuple(row.links),
        language=row.language,
        source=row.network,
        community=row.community or None,
        followers=author.followers if author else None,
        rating=row.rating,
        engagement=sum(counts) if counts else None,
        is_reply=bool(row.reply_to),
        is_quote=bool(row.quote_of),
        is_repost=bool(row.repost_of),
        is_addressed=row.is_addressed,
        has_media=None if row.media is None else row.media > 0,
    )


def _post_of_fresh(post: FreshPost) -> Post:
    author = post.author
    return Post(
        text=_plain(post),
        title=post.title or "",
        author=author.handle if author else None,
        author_name=author.name if author else None,
        url=post.url,
        links=post.links,
        language=post.language,
        source=post.network,
        community=post.community,
        followers=author.followers if author else None,
    )


def _plain(post: FreshPost) -> str:
    """Good enough for a glance; what is stored is cleaned more carefully."""
    return unescape(strip_tags(post.text)) if post.html else post.text
