"""A stand-in for a network on loopback, over real HTTP: it answers every GET with the same JSON."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Network:
    """Its address, and the paths that it was asked for."""

    url: str = ""
    asked: list[str] = field(default_factory=list)


@contextmanager
def serving(answer: Any) -> Iterator[Network]:
    network = Network()
    body = json.dumps(answer).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            network.asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    network.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield network
    finally:
        server.shutdown()
        server.server_close()


def algolia(*texts: str) -> dict[str, Any]:
    """A page of Hacker News' search with a comment for each text."""
    hits = [
        {
            "objectID": str(1000 + number),
            "created_at_i": 1_790_000_000 + number,
            "author": "somebody",
            "comment_text": text,
            "story_id": 1,
            "parent_id": 1,
            "story_title": "A story",
            "_tags": ["comment", "author_somebody", "story_1"],
        }
        for number, text in enumerate(texts)
    ]
    return {"hits": hits, "nbHits": len(hits), "nbPages": 1, "page": 0, "hitsPerPage": 1000}
