"""/healthz: are web, database, broker and worker well, and if not, which is not."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from asgiref.sync import sync_to_async
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from redis.exceptions import RedisError

HEARTBEAT = "heartbeat"
HEARTBEAT_LIMIT = 180  # seconds; beat rings every 30
PATIENCE = 5  # seconds that one check may take
T = TypeVar("T")


@dataclass(frozen=True)
class Finding:
    """One part's state: "ok" or a sentence, and for the worker the heartbeat's age in seconds."""

    state: str
    age: float | None = None

    @property
    def well(self) -> bool:
        return self.state == "ok"


def beat(now: float | None = None) -> None:
    """Note that a worker finished a task now; `now` in seconds since 1970."""
    cache.set(HEARTBEAT, time.time() if now is None else now, timeout=None)


def judge_heartbeat(last: float | None, now: float) -> Finding:
    """Whether the last finished task, in seconds since 1970, is recent enough."""
    if last is None:
        return Finding("No worker has finished a task yet: is a worker running, and beat?")
    age = round(max(now - last, 0.0), 1)
    if age > HEARTBEAT_LIMIT:
        return Finding(f"The last task finished {age:.0f} s ago: is a worker running, and beat?", age)
    return Finding("ok", age)


def check_database() -> Finding:
    """Asked over a connection of its own, made and closed in the thread that asks."""
    fresh = connection.copy()
    try:
        with fresh.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return Finding(f"The database does not answer ({type(error).__name__}): is Postgres running at DATABASE_URL?")
    finally:
        fresh.close()
    return Finding("ok")


def check_broker() -> tuple[Finding, Finding]:
    """The broker's and the worker's state: the heartbeat is kept in the broker."""
    try:
        last = cache.get(HEARTBEAT)
    except RedisError as error:
        sentence = f"The broker does not answer ({type(error).__name__}): is Valkey running at REDIS_URL?"
        return Finding(sentence), Finding("Not known while the broker does not answer.")
    return Finding("ok"), judge_heartbeat(last, time.time())


async def healthz(request: HttpRequest) -> JsonResponse:
    """200 when all is well, else 503; the body names each part's state.

    {"web": "ok", "database": "ok", "broker": "ok", "worker": "ok", "ages": {"worker": 12.3}}
    """
    slow = Finding(f"No answer within {PATIENCE} s.")
    database, (broker, worker) = await asyncio.gather(
        _within(sync_to_async(check_database, thread_sensitive=False), slow),
        _within(sync_to_async(check_broker, thread_sensitive=False), (slow, slow)),
    )
    parts = {"web": Finding("ok"), "database": database, "broker": broker, "worker": worker}
    body = {name: part.state for name, part in parts.items()}
    status = 200 if all(part.well for part in parts.values()) else 503
    answer = JsonResponse({**body, "ages": {"worker": worker.age}}, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


async def _within(call: Callable[[], Awaitable[T]], otherwise: T) -> T:
    try:
        async with asyncio.timeout(PATIENCE):
            return await call()
    except TimeoutError:
        return otherwise
