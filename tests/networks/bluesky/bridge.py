"""Bridge: a PDS's firehose becomes a Jetstream, because the real Jetstream is a Go program that npm does not bring."""

from threading import Thread
from types import TracebackType
from typing import Any

from atproto_firehose import FirehoseSubscribeReposClient, parse_subscribe_repos_message

from tests.sources.firehose import events_of
from tests.sources.jetstream import FakeJetstream


class Bridge:
    """Reads a firehose from its beginning for as long as the block runs; `jetstream` serves what it said."""

    def __init__(self, firehose: str) -> None:
        self.jetstream = FakeJetstream()
        self._client = FirehoseSubscribeReposClient(params={"cursor": 0}, base_uri=firehose)
        self._thread = Thread(target=self._client.start, args=(self._pass_on,), daemon=True)

    def __enter__(self) -> "Bridge":
        self.jetstream.__enter__()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.stop()
        self._thread.join(5)
        self.jetstream.close()

    def _pass_on(self, frame: Any) -> None:
        for name, payload in events_of(parse_subscribe_repos_message(frame)):
            self.jetstream.emit(name, payload)
