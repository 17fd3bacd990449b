"""Live: what was published for a brand, as server-sent events for one open page."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import orjson
from django.conf import settings
from redis.asyncio import Redis
from redis.exceptions import RedisError

HEARTBEAT = 15.0  # seconds between two signs of life; proxies close what is silent for longer
LONGEST = 600.0  # seconds; then the browser comes back by itself, and who lost access stays outside
RETRY = b"retry: 3000\n\n"
TYPES = frozenset({"typing"})


async def events(brand_id: int) -> AsyncIterator[bytes]:
    """Frames of an event stream, each named by what was published ("mentions", "typing"), and comments as heartbeats.

    Ends quietly when the broker goes away: the browser tries again by itself.
    """
    client = Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2)
    channel = client.pubsub(ignore_subscribe_messages=True)
    try:
        await channel.subscribe(f"earshot:brand:{brand_id}")
        yield RETRY
        ends = asyncio.get_running_loop().time() + LONGEST
        while asyncio.get_running_loop().time() < ends:
            message = await channel.get_message(timeout=HEARTBEAT)
            yield frame(message["data"]) if message else b": still here\n\n"
    except RedisError:
        yield RETRY
    finally:
        with suppress(RedisError, OSError):
            await channel.aclose()  # type: ignore[no-untyped-call]
            await client.aclose()


def frame(data: bytes) -> bytes:
    """One event; the data is JSON, so it holds no line break, and tells its `type`: "mentions" where it tells none."""
    told = orjson.loads(data).get("type")
    name = told if told in TYPES else "mentions"
    return f"event: {name}\ndata: ".encode() + data.replace(b"\n", b" ") + b"\n\n"
