"""Typing: who writes on which case right now; a note in Valkey that expires by itself, and news for open pages.

What is kept are numbers; a name only passes through to the event stream, which members of the brand alone may open.
"""

import logging
from datetime import datetime
from functools import cache
from typing import cast

import orjson
import redis
from django.conf import settings

from listening.models import Case, User

logger = logging.getLogger(__name__)
SECONDS = 8
PLACES = {"note": "a note", "reply": "a reply"}


@cache
def broker() -> "redis.Redis":
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def tell(case: Case, user: User, place: str, now: datetime) -> None:
    """Somebody is writing; open pages of the brand are told. Without a broker nobody is, and nothing else happens."""
    news = {"type": "typing", "case": case.pk, "user": user.pk, "who": user.get_short_name(), "place": PLACES[place]}
    try:
        pipe = broker().pipeline(transaction=False)
        pipe.zadd(_key(case.pk), {str(user.pk): now.timestamp() + SECONDS})
        pipe.expire(_key(case.pk), SECONDS)
        pipe.publish(f"earshot:brand:{case.brand_id}", orjson.dumps(news | {"seconds": SECONDS}))
        pipe.execute()
    except redis.RedisError as error:
        logger.warning("nobody was told that somebody is writing: %s", error)


def writing(case: Case, but: User, now: datetime) -> list[User]:
    """Who else writes on this case now."""
    try:
        found = cast(list[bytes], broker().zrangebyscore(_key(case.pk), now.timestamp(), "+inf"))
    except redis.RedisError as error:
        logger.warning("nobody knows who is writing: %s", error)
        return []
    ids = {int(one) for one in found if int(one) != but.pk}
    return list(User.objects.filter(pk__in=ids).order_by("name", "email")) if ids else []


def _key(case: int) -> str:
    return f"earshot:typing:{case}"
