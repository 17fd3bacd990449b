"""Match: which brands a post concerns. The judge is the same for every source, for imports and for re-reads."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ingest.enrich import language
from ingest.enrich.addressed import TALKED_ABOUT, Addressed, Addressees
from ingest.enrich.masking import Names, names_of
from ingest.record import Record
from ingest.sources.base import Tracked
from listening.models import ADDRESSED
from listening.query import Match, Matcher, Post, Query, QueryError, parse

logger = logging.getLogger(__name__)
Spans = Mapping[str, Sequence[Sequence[int]]]


@dataclass(frozen=True, slots=True)
class Concern:
    """One post that concerns one brand: how it is addressed, and where which query matched.

    `spans` are offsets into the text, {"query id": [[start, end], ...]}; empty where the post only turns to the brand.
    """

    record: Record
    brand_id: int
    addressed: Addressed
    own: bool
    spans: Spans


@dataclass(frozen=True, slots=True)
class Rules:
    """What a brand decided about complaints: from which probability a post is flagged (None: the engine's own), and
    (kind, phrase) of its own."""

    threshold: float | None = None
    kind_phrases: tuple[tuple[str, str], ...] = ()


NO_RULES = Rules()


class Judge:
    """All queries and own accounts of some brands, compiled once."""

    def __init__(self, brands: tuple[Tracked, ...]) -> None:
        self.names: dict[int, Names] = {b.brand_id: names_of(b.name, [h.handle for h in b.handles]) for b in brands}
        self.engines = {brand.brand_id: brand.engine for brand in brands}
        self.rules = {b.brand_id: Rules(b.threshold, b.kind_phrases) for b in brands}
        self.versions = {query.id: query.version for brand in brands for query in brand.queries}
        self._brand_of = {query.id: brand.brand_id for brand in brands for query in brand.queries}
        self._addressees = Addressees({brand.brand_id: brand.handles for brand in brands})
        self._matcher = Matcher(_compile(brands))
        texts = [query.text for brand in brands for query in brand.queries]
        self._asks_language = any("lang:" in text for text in texts)
        self._asks_addressed = any("is:addressed" in text for text in texts)

    def concerns(self, record: Record, assigned: int | None = None) -> list[Concern]:
        """The brands that this post concerns; `assigned` is a brand that it concerns because a person said so."""
        turned_to = self._addressees.brands(record)
        addressed = {brand for brand, found in turned_to.items() if found.verdict in ADDRESSED}
        spans: dict[int, dict[str, list[list[int]]]] = {}
        for match in self._matches(record, addressed):
            found = spans.setdefault(self._brand_of[match.query_id], {})
            found[str(match.query_id)] = [list(span) for span in match.spans]
        owners = self._addressees.owners(record)
        brands = spans.keys() | turned_to.keys() | owners | ({assigned} if assigned is not None else set())
        return [
            Concern(record, brand, turned_to.get(brand, TALKED_ABOUT), brand in owners, spans.get(brand, {}))
            for brand in sorted(brands)
        ]

    def _matches(self, record: Record, addressed: set[int]) -> list[Match]:
        """`is:addressed` is a question about one brand, so a post that turns to some brands is asked about twice."""
        post = post_of(record, False, self._language(record))
        if not addressed or not self._asks_addressed:
            return self._matcher.match(post)
        others = [m for m in self._matcher.match(post) if self._brand_of[m.query_id] not in addressed]
        turned_to = self._matcher.match(replace(post, is_addressed=True))
        return others + [m for m in turned_to if self._brand_of[m.query_id] in addressed]

    def _language(self, record: Record) -> str:
        """What will be stored as its language, when a query asks for one: search and ingest must not disagree."""
        return language.identify([words_of(record)], [record.language])[0] if self._asks_language else ""


@lru_cache(maxsize=2)
def judge_for(brands: tuple[Tracked, ...]) -> Judge:
    """The judge for these brands; compiled again only when a query, a name or an account changed."""
    return Judge(brands)


def words_of(record: Record) -> str:
    """Title and text: what engines read."""
    return f"{record.title}\n{record.text}" if record.title else record.text


def post_of(record: Record, addressed: bool | None = None, language: str = "") -> Post:
    """The record as the query language sees it; `language` where it was found out."""
    author = record.author
    counts = [n for n in (record.likes, record.shares, record.replies) if n is not None]
    return Post(
        text=record.text,
        title=record.title or "",
        author=author.handle if author else None,
        author_name=author.name if author else None,
        author_id=author.id if author else None,
        url=record.url,
        links=record.links,
        language=language or record.language,
        source=record.network,
        community=record.community,
        followers=author.followers if author else None,
        rating=record.rating,
        engagement=sum(counts) if counts else None,
        is_reply=record.in_reply_to is not None,
        is_quote=record.quotes is not None,
        is_repost=record.reposts is not None,
        is_addressed=addressed,
        has_media=None if record.media is None else record.media > 0,
    )


def _compile(brands: Iterable[Tracked]) -> dict[int, Query]:
    """Parsed queries by id. One that cannot be read any more is left out loudly; the others go on."""
    parsed = {}
    for brand in brands:
        for query in brand.queries:
            try:
                parsed[query.id] = parse(query.text)
            except QueryError as error:
                logger.error("query %s of brand %s is left out: %s", query.id, brand.slug, error.sentence)
    return parsed
