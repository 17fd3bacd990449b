"""Doubt: a network that shows not one of many posts has more likely lost its way than all of these people their words.

What a network leaves out is taken as deleted, and is erased for good. Where all of a batch is left out it is asked for
again, and believed when that lasts for an hour; every network's terms give more time than that.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.cache import cache

from ingest.sources.base import Status

logger = logging.getLogger(__name__)
MANY = 20
LASTS = timedelta(hours=1)
KEPT_FOR = 4 * 3600


def doubtful(source_id: int, statuses: Sequence[Status], now: datetime) -> bool:
    """Whether what a network says of these posts should not be believed yet."""
    key = f"sweep-doubt-{source_id}"
    if any(status.state != "gone" for status in statuses):
        cache.delete(key)
        return False
    if len(statuses) < MANY:
        return False
    since: datetime = cache.get_or_set(key, now, KEPT_FOR) or now
    if now - since >= LASTS:
        return False
    logger.warning("source %s shows none of %s posts: asked for again before they are erased", source_id, len(statuses))
    return True
