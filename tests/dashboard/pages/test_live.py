"""Live: what is published for a brand reaches its open pages, and nobody else's."""

import asyncio
import json

import pytest
import redis
from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import StreamingHttpResponse
from django.test import AsyncClient

from dashboard.live import events
from tests.builders import a_brand, a_member


@pytest.mark.django_db(transaction=True)
async def test_it_streams_what_is_published_for_the_brand_and_nothing_else(servers: tuple[str, str]) -> None:
    brand = await sync_to_async(a_brand)(slug="acme")
    client = AsyncClient()
    await client.aforce_login(await sync_to_async(a_member)(brand, "manager"))
    response = await client.get("/b/acme/live/")
    assert isinstance(response, StreamingHttpResponse)
    assert response["Content-Type"] == "text/event-stream"
    stream = aiter(response)
    assert b"retry" in await anext(stream)
    broker = redis.Redis.from_url(settings.REDIS_URL)
    await asyncio.to_thread(broker.publish, f"earshot:brand:{brand.pk + 1}", json.dumps({"new": 9}))
    await asyncio.to_thread(broker.publish, f"earshot:brand:{brand.pk}", json.dumps({"new": 1, "ids": [5]}))
    frame = b": a sign of life"
    while frame.startswith(b":"):
        frame = bytes(await asyncio.wait_for(anext(stream), 5))
    assert frame == b'event: mentions\ndata: {"new": 1, "ids": [5]}\n\n'
    response.close()


async def test_it_gives_a_sign_of_life_while_nothing_happens(
    servers: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.live.HEARTBEAT", 0.05)
    stream = events(1_000_001)
    assert [await anext(stream), await anext(stream)] == [b"retry: 3000\n\n", b": still here\n\n"]
    await stream.aclose()  # type: ignore[attr-defined]


async def test_it_ends_after_its_time_so_that_access_is_checked_again(
    servers: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.live.LONGEST", 0.0)
    assert [frame async for frame in events(1_000_002)] == [b"retry: 3000\n\n"]


async def test_it_ends_quietly_when_the_broker_is_away(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.live.settings.REDIS_URL", "redis://127.0.0.1:1/0")
    assert [frame async for frame in events(1)] == [b"retry: 3000\n\n"]
