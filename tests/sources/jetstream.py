"""FakeJetstream: a Jetstream v2 server on loopback with cursor, filters, refusals and a ledger of what it sent.

In a test:      with FakeJetstream() as jetstream: jetstream.post("did:plc:ann", "Acme is down")
On its own:     python -m tests.sources.jetstream --port 6008 --rate 50 --seconds 60 --ledger ledger.jsonl
The ledger holds every event in the order of `seq`, one JSON object a line, so that a database can be compared with it.
Protocol: lexicon network.bsky.jetstream.subscribeEvents. With `version=1` it speaks the older /subscribe instead.
"""

import argparse
import json
import random
import ssl
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from threading import Condition, Thread
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import zstandard
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve
from websockets.typing import Subprotocol

POSTS = "app.bsky.feed.post"
METHOD = "network.bsky.jetstream.subscribeEvents"
TIME_CURSOR = 10**15
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Json = dict[str, Any]


class FakeJetstream:
    """A server in threads. `events` is all that was emitted; `floor` the oldest seq that may still be asked for.

    `dictionary` (bytes of a zstd dictionary) switches compression on; `clock` gives the time of events.
    `requests` holds the query of each connection, `connections` those that are open.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        version: int = 2,
        dictionary: bytes | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        ledger: Path | None = None,
        first_seq: int = 1000,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.version = version
        self.events: list[Json] = []
        self.requests: list[dict[str, list[str]]] = []
        self.connections: set[ServerConnection] = set()
        self.floor = first_seq
        self._seq = first_seq
        self._clock = clock
        self._ledger = ledger
        self._news = Condition()
        self._closing = False
        self._tls = tls
        self._dictionary = dictionary
        self._dictionary_id = int.from_bytes(dictionary[4:8], "little") if dictionary else 0
        self._server: Server = serve(
            self._serve,
            "127.0.0.1",
            port,
            process_request=self._before,
            subprotocols=[Subprotocol("xrpc.v1.json")],
            compression=None,
            ssl=tls,
        )
        self.port: int = self._server.socket.getsockname()[1]
        self._thread = Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """The address to give to a source."""
        scheme = "wss" if self._tls else "ws"
        return f"{scheme}://127.0.0.1:{self.port}" + ("/subscribe" if self.version == 1 else "")

    def __enter__(self) -> "FakeJetstream":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all connections and the server."""
        with self._news:
            self._closing = True
            self._news.notify_all()
        self.hang_up()
        self._server.shutdown()

    # What happens on the network

    def post(self, did: str, text: str, **record: Any) -> str:
        """A new post; answers its at:// URI. `record` is laid over the record, `rkey` names it."""
        rkey = record.pop("rkey", None) or f"3fake{self._seq:08d}"
        self._commit(did, rkey, "create", self._record(text, record))
        return f"at://{did}/{POSTS}/{rkey}"

    def edit(self, uri: str, text: str, **record: Any) -> None:
        did, _, rkey = uri[5:].split("/")
        self._commit(did, rkey, "update", self._record(text, record))

    def delete(self, uri: str) -> None:
        did, _, rkey = uri[5:].split("/")
        self._commit(did, rkey, "delete", None)

    def account(self, did: str, active: bool, status: str | None = None) -> None:
        """An account event: deleted, takendown, suspended, deactivated, or active again."""
        inner = {"did": did, "seq": 1, "time": self._now(), "active": active} | ({"status": status} if status else {})
        self._emit("account", {"did": did, "account": inner})

    def identity(self, did: str, handle: str) -> None:
        inner = {"did": did, "seq": 1, "time": self._now(), "handle": handle}
        self._emit("identity", {"did": did, "identity": inner})

    def emit(self, name: str, payload: Json, at: datetime | None = None) -> Json:
        """Any event: `name` is the fragment of its $type, `payload` the rest without seq and time."""
        return self._emit(name, payload, at)

    def emit_raw(self, text: str) -> None:
        """A frame as it is, for nonsense; it has no place in the ledger and is not replayed."""
        for connection in list(self.connections):
            with suppress(ConnectionClosed):
                connection.send(text)

    def hang_up(self, code: int = 1000) -> None:
        """Close every open connection; 1000 is a polite goodbye."""
        for connection in list(self.connections):
            with suppress(ConnectionClosed):
                connection.close(code)

    def break_line(self) -> None:
        """Cut every connection without a goodbye."""
        for connection in list(self.connections):
            with suppress(OSError):
                connection.socket.shutdown(2)

    def _record(self, text: str, more: Json) -> Json:
        return {"$type": POSTS, "text": text, "createdAt": self._now(), "langs": ["en"], **more}

    def _commit(self, did: str, rkey: str, operation: str, record: Json | None) -> None:
        body: Json = {
            "did": did,
            "rev": f"3rev{self._seq:09d}",
            "operation": operation,
            "collection": POSTS,
            "rkey": rkey,
        }
        if record is not None:
            body |= {"record": record, "cid": f"bafyfake{self._seq}"}
        self._emit("commit", body)

    def _emit(self, name: str, payload: Json, at: datetime | None = None) -> Json:
        with self._news:
            moment = (at or self._clock()).astimezone(UTC)
            event = {"$type": f"{METHOD}#{name}", "seq": self._seq, "time": _iso(moment), **payload}
            self._seq += 1
            self.events.append(event)
            if self._ledger:
                with self._ledger.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(event) + "\n")
            self._news.notify_all()
        return event

    def _now(self) -> str:
        return _iso(self._clock())

    # What the server does

    def _before(self, connection: ServerConnection, request: Request) -> Response | None:
        """Refuse before the upgrade, as the real server does; the dictionary is an ordinary GET."""
        parts = urlsplit(request.path)
        query = parse_qs(parts.query)
        if parts.path.endswith("getZstdDictionary"):
            return _http(200, self._dictionary) if self._dictionary else _refuse(404, "NotFound", "no dictionary")
        self.requests.append(query)
        if self.version == 1:
            return None
        if "wantedCollections" in query:
            return _refuse(400, "InvalidRequest", "wantedCollections is a v1 parameter")
        given = query.get("zstdDictionary")
        if given and given != [str(self._dictionary_id)]:
            return _refuse(400, "UnknownZstdDictionary", f"current dictionary: {self._dictionary_id}")
        cursor = int(query.get("cursor", [str(self.floor)])[0])
        if cursor < min(self.floor, TIME_CURSOR):
            return _refuse(400, "CursorTooOld", f"floor is {self.floor}")
        return None

    def _serve(self, connection: ServerConnection) -> None:
        query = self.requests[-1] if connection.request is None else parse_qs(urlsplit(connection.request.path).query)
        with suppress(ConnectionClosed):
            position, clamped = self._position(query)
            self.connections.add(connection)
            if clamped and self.version == 2:
                connection.send(_message({"$type": f"{METHOD}#info", "name": "OutdatedCursor", "message": "clamped"}))
            for event in self._from(position):
                if _passes(event, query):
                    connection.send(self._frame(event, "zstdDictionary" in query))
        self.connections.discard(connection)

    def _position(self, query: dict[str, list[str]]) -> tuple[int, bool]:
        """(index of the first event to send, whether an old time cursor was moved up to the floor)."""
        given = query.get("cursor")
        with self._news:
            if given is None:
                return len(self.events), False
            cursor = int(given[0])
            if cursor < TIME_CURSOR:
                return self._index(lambda event: event["seq"] >= cursor), False
            index = self._index(lambda event: event["seq"] >= self.floor and _microseconds(event["time"]) >= cursor)
            first = self._index(lambda event: event["seq"] >= self.floor)
            clamped = first > 0 and _microseconds(self.events[first - 1]["time"]) >= cursor
            return index, clamped

    def _index(self, found: Callable[[Json], bool]) -> int:
        return next((i for i, event in enumerate(self.events) if found(event)), len(self.events))

    def _from(self, index: int) -> Iterator[Json]:
        while True:
            with self._news:
                while not self._closing and len(self.events) <= index:
                    self._news.wait()
                if self._closing:
                    return
                fresh = self.events[index:]
            yield from fresh
            index += len(fresh)

    def _frame(self, event: Json, compressed: bool) -> str | bytes:
        if self.version == 1:
            return json.dumps(as_version_1(event))
        text = _message(event)
        if not compressed or self._dictionary is None:
            return text
        dictionary = zstandard.ZstdCompressionDict(self._dictionary)
        return zstandard.ZstdCompressor(dict_data=dictionary).compress(text.encode())


def as_version_1(event: Json) -> Json:
    """A v2 event as the older server says it."""
    name = event["$type"].rpartition("#")[2]
    head = {"did": event["did"], "time_us": _microseconds(event["time"]), "kind": name}
    if name != "commit":
        return head | {name: event[name]}
    kept = ("rev", "operation", "collection", "rkey", "record", "cid")
    return head | {"commit": {key: event[key] for key in kept if key in event}}


def as_version_2(event: Json, seq: int) -> Json:
    """A v1 event as a v2 payload, for recordings of the older server."""
    moment = _EPOCH + timedelta(microseconds=event["time_us"])
    head = {"$type": f"{METHOD}#{event['kind']}", "seq": seq, "did": event["did"], "time": _iso(moment)}
    body = event[event["kind"]]
    return head | (body if event["kind"] == "commit" else {event["kind"]: body})


@contextmanager
def steadily(jetstream: FakeJetstream, rate: float, make: Callable[[int], Any]) -> Iterator[None]:
    """Calls `make(n)` `rate` times a second from a thread while the block runs."""
    stopped = Condition()
    done: list[bool] = []

    def run() -> None:
        begun, count = time.monotonic(), 0
        with stopped:
            while not done:
                make(count)
                count += 1
                stopped.wait(max(0.0, begun + count / rate - time.monotonic()))

    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        with stopped:
            done.append(True)
            stopped.notify_all()
        thread.join()


def _passes(event: Json, query: dict[str, list[str]]) -> bool:
    name = event["$type"].rpartition("#")[2]
    collections = query.get("collections") or query.get("wantedCollections")
    if query.get("kinds") and name not in query["kinds"]:
        return False
    return name != "commit" or not collections or event["collection"] in collections


def _message(payload: Json) -> str:
    return json.dumps({"$type": "message", "payload": payload})


def _refuse(status: int, error: str, message: str) -> Response:
    return _http(status, json.dumps({"error": error, "message": message}).encode(), "application/json")


def _http(status: int, body: bytes | None, kind: str = "application/octet-stream") -> Response:
    body = body or b""
    headers = Headers({"Content-Type": kind, "Content-Length": str(len(body)), "Connection": "close"})
    return Response(status, HTTPStatus(status).phrase, headers, body)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _microseconds(iso: str) -> int:
    return (datetime.fromisoformat(iso) - _EPOCH) // timedelta(microseconds=1)


def main() -> None:
    """A network of random people who sometimes name the brand, sometimes edit, delete or leave."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--rate", type=float, default=50, help="events a second")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--linger", type=float, default=0, help="seconds to go on serving after the last event")
    parser.add_argument("--ledger", type=Path)
    parser.add_argument("--word", default="acme", help="what wanted posts speak of")
    parser.add_argument("--share", type=float, default=0.2, help="share of posts that speak of it")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with FakeJetstream(given.port, ledger=given.ledger) as jetstream:
        print(json.dumps({"url": jetstream.url}), flush=True)
        crowd = Crowd(jetstream, random.Random(given.seed), given.word, given.share)  # noqa: S311 - not a secret
        with steadily(jetstream, given.rate, crowd.act):
            time.sleep(given.seconds)
        time.sleep(given.linger)
        print(json.dumps({"events": len(jetstream.events)}), file=sys.stderr)


class Crowd:
    """People who post, edit and delete by chance, the same for the same seed."""

    def __init__(self, jetstream: FakeJetstream, chance: random.Random, word: str, share: float) -> None:
        self._jetstream = jetstream
        self._chance = chance
        self._word = word
        self._share = share
        self._standing: list[str] = []

    def act(self, count: int) -> None:
        """One thing happens."""
        dice = self._chance.random()
        if self._standing and dice < 0.05:
            self._jetstream.delete(self._standing.pop(self._chance.randrange(len(self._standing))))
        elif self._standing and dice < 0.08:
            self._jetstream.edit(self._chance.choice(self._standing), f"{self._word} again, edited {count}")
        else:
            topic = self._word if self._chance.random() < self._share else "the weather"
            did = f"did:plc:fake{self._chance.randrange(500):04d}"
            self._standing.append(self._jetstream.post(did, f"Talking about {topic}, number {count}"))


if __name__ == "__main__":
    main()
