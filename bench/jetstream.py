"""A Jetstream on loopback (version 1: flat frames, cursor in microseconds), for the freshness benchmark."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Condition, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

Frame = Mapping[str, Any]


class Jetstream:
    """Keeps every frame, so that who comes back with a cursor is told what was missed."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.news = Condition()
        self.url = ""

    def post(self, text: str) -> float:
        """Send a post to everybody who listens; returns when it was sent, in seconds since 1970."""
        now = time.time()
        with self.news:
            self.frames.append(frame(len(self.frames), now, text))
            self.news.notify_all()
        return now

    def delete(self, number: int) -> tuple[str, float]:
        """Delete the post that was sent as frame `number`; returns its address, and when it was deleted."""
        now = time.time()
        with self.news:
            gone = self.frames[number]
            commit = {name: gone["commit"][name] for name in ("rev", "collection", "rkey")} | {"operation": "delete"}
            self.frames.append({**gone, "time_us": round(now * 1e6), "commit": commit})
            self.news.notify_all()
        return self.uri(number), now

    def uri(self, number: int) -> str:
        """The address of the post that was sent as frame `number`."""
        sent = self.frames[number]
        return f"at://{sent['did']}/{sent['commit']['collection']}/{sent['commit']['rkey']}"

    def listen(self, connection: ServerConnection) -> None:
        """Serve one connection until it closes."""
        request = connection.request
        query = parse_qs(urlsplit(request.path if request else "").query)
        cursor = int(query.get("cursor", [str(round(time.time() * 1e6))])[0])
        place = next((i for i, each in enumerate(self.frames) if each["time_us"] >= cursor), len(self.frames))
        try:
            while True:
                waiting = self._after(place)
                for each in waiting:
                    connection.send(json.dumps(each))
                place += len(waiting)
                if not waiting:
                    connection.ping()
        except ConnectionClosed:
            return

    def _after(self, place: int) -> list[Frame]:
        """The frames from `place` on; waits up to a second for one."""
        with self.news:
            self.news.wait_for(lambda: len(self.frames) > place, timeout=1)
            return self.frames[place:]


def frame(number: int, now: float, text: str) -> Frame:
    """One created post as Jetstream tells it."""
    record = {
        "$type": "app.bsky.feed.post",
        "createdAt": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(now)),
        "langs": ["en"],
        "text": text,
    }
    commit = {
        "rev": f"rev{number}",
        "operation": "create",
        "collection": "app.bsky.feed.post",
        "rkey": f"post{number}",
        "record": record,
        "cid": "bafyreibench",
    }
    return {"did": f"did:plc:person{number % 97}", "time_us": round(now * 1e6), "kind": "commit", "commit": commit}


@contextmanager
def running() -> Iterator[Jetstream]:
    """A Jetstream on a free loopback port while the block runs."""
    jetstream = Jetstream()
    with serve(jetstream.listen, "127.0.0.1", 0) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        jetstream.url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}/subscribe"
        yield jetstream
        server.shutdown()
