"""Builders: listening on a loopback Jetstream, as a pull would."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.sources.base import Config, Cursor, OwnHandle, Page, Target, Tracked, TrackedQuery
from ingest.sources.bluesky import Bluesky
from ingest.sources.bluesky.frames import Event
from ingest.sources.bluesky.profiles import Profiles
from ingest.sources.bluesky.stream import Listening, drain
from tests.sources.jetstream import FakeJetstream

ANN, BOB, BRAND = "did:plc:ann", "did:plc:bob", "did:plc:brand"


def clock() -> datetime:
    return datetime.now(UTC)


def everything(event: Event) -> bool:
    return True


class Until:
    """out_of_time that answers True once `enough(pages)` holds, or after far too many frames without it."""

    def __init__(self, enough: Callable[[list[Page]], bool], patience: float = 30.0) -> None:
        self.pages: list[Page] = []
        self._enough = enough
        self._end = clock() + timedelta(seconds=patience)

    def __call__(self) -> bool:
        return self._enough(self.pages) or clock() >= self._end


def texts(pages: list[Page]) -> list[str]:
    return [record.text for page in pages for record in page.records]


def gone(pages: list[Page]) -> list[tuple[str, str, str]]:
    return [(d.what, d.id, d.mode) for page in pages for d in page.deletions]


def read(
    jetstream: FakeJetstream, cursor: Cursor | None = None, *, until: Until, replay: int = 1, **more: Any
) -> list[Page]:
    """Drain until enough has come; answers the pages."""
    listening = Listening(
        url=jetstream.url,
        wants=more.pop("wants", everything),
        profiles=more.pop("profiles", None) or Profiles(None),
        now=more.pop("now", clock),
        out_of_time=until,
        replay=timedelta(hours=replay),
        **more,
    )
    return collect(drain(listening, cursor), until)


def collect(pages: Iterator[Page], until: Until) -> list[Page]:
    for page in pages:
        until.pages.append(page)
    return until.pages


def a_config(**settings: Any) -> Config:
    """A source that is alone on loopback: no search, no AppView, nobody logged in."""
    bounds = {name: settings.pop(name) for name in ("now", "out_of_time") if name in settings}
    password = settings.pop("app_password", "")
    defaults = {field.name: field.default for field in Bluesky.fields}
    alone = {"appview_url": "", "api_url": "http://127.0.0.1:9"}
    return Config(
        settings={**defaults, **alone, **settings},
        credentials={"app_password": password} if password else {},
        now=bounds.get("now", clock),
        out_of_time=bounds.get("out_of_time", lambda: False),
    )


def a_brand(*queries: str, handles: tuple[OwnHandle, ...] = ()) -> Tracked:
    tracked = tuple(TrackedQuery(number, text) for number, text in enumerate(queries, start=1))
    return Tracked(1, "acme", "Acme", tracked, handles)


def stream_target(source: Bluesky, brand: Tracked) -> Target:
    return source.targets([brand])[-1]
