"""Live: tell open pages, through Valkey's publish and subscribe, that mentions were stored."""

import logging
from collections.abc import Sequence
from datetime import datetime
from functools import cache

import orjson
import redis
from django.conf import settings

from ingest.store import Row

logger = logging.getLogger(__name__)
MOST_IDS = 50


@cache
def broker() -> "redis.Redis":
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def tell(rows: Sequence[Row], gone: int, now: datetime) -> None:
    """Publish {"new", "changed", "gone", "ids", "at"} on `earshot:brand:<id>` for each brand that has news.

    Nobody is told when the broker is away: the mentions are stored, an open page shows them when it asks again.
    """
    try:
        for brand in {row.brand_id for row in rows}:
            mine = [row for row in rows if row.brand_id == brand]
            new = [row.id for row in mine if row.inserted]
            news = {"new": len(new), "changed": len(mine) - len(new), "ids": new[-MOST_IDS:], "at": now}
            broker().publish(f"earshot:brand:{brand}", orjson.dumps(news))
    except redis.RedisError as error:
        logger.warning("open pages were not told of new mentions: %s", error)


def tell_source(source_id: int) -> None:
    """Publish that a pull of this source has ended on `earshot:source:<id>`."""
    try:
        broker().publish(f"earshot:source:{source_id}", b"{}")
    except redis.RedisError as error:
        logger.warning("open pages were not told of a pull: %s", error)
