"""A small Reddit on loopback, and a source that speaks to it through the real PRAW."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from ingest.sources.base import Config, OwnHandle, Tracked, TrackedQuery
from ingest.sources.reddit import Reddit
from tests.sources.loopback import Loopback
from tests.sources.reddit.server import NOW, SECRET, Server, settings

BRAND = Tracked(1, "acme", "Acme", (TrackedQuery(1, "acme"),), (OwnHandle("reddit", "acme"),))
Connect = Callable[..., Reddit]


class Clock:
    now: datetime = NOW


@pytest.fixture
def net() -> Iterator[Loopback]:
    with Loopback() as net:
        yield net


@pytest.fixture
def server(net: Loopback) -> Server:
    return Server(net)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def connect(net: Loopback, clock: Clock) -> Connect:
    """Builds a source; keyword arguments are settings, `secret` its credentials."""

    def build(secret: dict[str, str] | None = None, spare: Callable[[], bool] = lambda: False, **more: Any) -> Reddit:
        told = {name: value for name, value in settings(net, **more).items() if value is not None}
        config = Config(
            settings=told, credentials=SECRET if secret is None else secret, now=lambda: clock.now, out_of_time=spare
        )
        source = Reddit(config)
        return source

    return build
