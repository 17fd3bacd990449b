"""A fake X and a source that speaks to it through the real tweepy."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ingest.sources.base import Config, OwnHandle, Target, Tracked, TrackedQuery
from ingest.sources.x import X
from tests.sources.x.fake_x import FakeX, serving

BRAND = Tracked(1, "acme", "Acme", (TrackedQuery(1, "acme"),), (OwnHandle("x", "Acme"),))


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeX]:
    monkeypatch.setenv("EARSHOT_ALLOW_PRIVATE", "127.0.0.0/8")
    with serving(FakeX()) as running:
        yield running


@pytest.fixture
def connect(fake: FakeX) -> Callable[..., X]:
    """Builds a source for the fake; keyword arguments are settings, `allowance` is the budget of the pull."""

    def build(allowance: int | None = None, **settings: Any) -> X:
        return X(
            Config(
                settings={"api_url": fake.url, **settings},
                credentials={"bearer_token": "secret-token"},
                now=lambda: fake.now,
                allowance=allowance,
            )
        )

    return build


@pytest.fixture
def search() -> Target:
    return Target("search:acme", "Search for acme", params={"query": "acme -is:nullcast"})


@pytest.fixture
def mentions() -> Target:
    return Target("mentions:acme", "Mentions of @Acme", params={"handle": "Acme"})
