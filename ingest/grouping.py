"""Grouping: which stored posts a new one says the same as. A repost is what it reposts; long texts go by their words.

The group is a number that follows from the post alone wherever that can be: two workers that store copies at the same
moment agree without asking each other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

from ingest.enrich import sameness

GROUPS_OF_POSTS = """
    SELECT k.brand, k.network, k.id, m.group_key
    FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS k(brand, network, id)
    JOIN listening_mention AS m ON m.network = k.network AND m.external_id = k.id AND m.brand_id = k.brand
    WHERE m.group_key IS NOT NULL
"""
FIRST_TEXTS = """
    SELECT k.brand, k.key, m.text FROM unnest(%s::bigint[], %s::bigint[]) AS k(brand, key)
    CROSS JOIN LATERAL (
      SELECT text FROM listening_mention WHERE brand_id = k.brand AND group_key = k.key
      ORDER BY published_at, id LIMIT 1
    ) AS m
"""


@dataclass(frozen=True, slots=True)
class Copy:
    """One post of a brand, as far as its group depends on it; `repost_of` is "" for an original."""

    brand_id: int
    network: str
    external_id: str
    repost_of: str
    text: str


class Said(NamedTuple):
    """The words of a text that count, and their sketch; None where they are too few."""

    words: tuple[str, ...]
    sketch: int | None


Post = tuple[int, str, str]
Key = tuple[int, int]


def groups(posts: Sequence[Copy]) -> list[int]:
    """The group of each post, in order. Two queries, whatever the number of posts."""
    texts = [_said(post.text) for post in posts]
    first = _first_texts(
        {(post.brand_id, said.sketch) for post, said in zip(posts, texts, strict=True) if said.sketch is not None}
    )
    known = _groups_of({_original(post) for post in posts if post.repost_of})
    for post, said in sorted(zip(posts, texts, strict=True), key=lambda one: bool(one[0].repost_of)):
        group = known.get(_original(post)) if post.repost_of else None
        if group is None:
            group = _by_words(post, said, first)
        known[post.brand_id, post.network, post.external_id] = group
        known.setdefault(_original(post), group)
    return [known[post.brand_id, post.network, post.external_id] for post in posts]


def alone(network: str, external_id: str) -> int:
    """The group of a post that is like no other."""
    return sameness.number("post", network, external_id)


def _said(text: str) -> Said:
    words = sameness.essence(text)
    return Said(words, None if sameness.is_short(words) else sameness.sketch(words))


def _by_words(post: Copy, said: Said, first: dict[Key, tuple[str, ...]]) -> int:
    if said.sketch is None:
        return alone(post.network, post.repost_of or post.external_id)
    if sameness.similar(first.setdefault((post.brand_id, said.sketch), said.words), said.words):
        return said.sketch
    return sameness.exact(said.words)


def _original(post: Copy) -> Post:
    return post.brand_id, post.network, post.repost_of or post.external_id


def _first_texts(keys: Iterable[Key]) -> dict[Key, tuple[str, ...]]:
    """The words of the oldest post of each group that there is."""
    wanted = sorted(keys)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(FIRST_TEXTS, [[brand for brand, _ in wanted], [key for _, key in wanted]])
        return {(brand, key): sameness.essence(text) for brand, key, text in cursor.fetchall() if text}


def _groups_of(posts: Iterable[Post]) -> dict[Post, int]:
    """The groups of the stored ones among these posts."""
    wanted = sorted(posts)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(GROUPS_OF_POSTS, [list(column) for column in zip(*wanted, strict=True)])
        return {(brand, network, id_): group for brand, network, id_, group in cursor.fetchall()}
