"""A small YouTube, and a source that speaks to it through Google's own client."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ingest.record import Record
from ingest.sources.base import Config, OwnHandle, Page, Target, Tracked, TrackedQuery
from ingest.sources.youtube import YouTube
from tests.sources.loopback import Loopback
from tests.sources.youtube.fake_youtube import KEY, FakeYouTube

BRAND = Tracked(1, "acme", "Acme", (TrackedQuery(1, "acme"),), (OwnHandle("youtube", "acme"),))


@pytest.fixture
def tube(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeYouTube]:
    monkeypatch.setenv("EARSHOT_ALLOW_PRIVATE", "127.0.0.0/8")
    with Loopback() as net:
        yield FakeYouTube(net)


@pytest.fixture
def connect(tube: FakeYouTube) -> Callable[..., YouTube]:
    """Builds a source; keyword arguments are settings, `allowance` the units of the pull, `key` the API key."""

    def build(
        allowance: int | None = None, key: str = KEY, out_of_time: Callable[[], bool] = lambda: False, **settings: Any
    ) -> YouTube:
        return YouTube(
            Config(
                settings={"api_url": tube.net.url, **settings},
                credentials={"api_key": key},
                now=lambda: tube.now,
                out_of_time=out_of_time,
                allowance=allowance,
            )
        )

    return build


def poll(source: YouTube, cursors: dict[str, Any], brand: Tracked = BRAND) -> list[Page]:
    """One pull: all targets in order; each page's cursor is kept."""
    pages = []
    for target in source.targets([brand]):
        pages += poll_one(source, target, cursors)
    return pages


def poll_one(source: YouTube, target: Target, cursors: dict[str, Any], stop_after: int | None = None) -> list[Page]:
    pages: list[Page] = []
    for page in source.poll(target, cursors.get(target.key)):
        pages.append(page)
        cursors[target.key] = page.cursor
        if stop_after is not None and len(pages) >= stop_after:
            break
    return pages


def records(pages: list[Page]) -> dict[str, Record]:
    return {record.external_id: record for page in pages for record in page.records}
