"""A network on loopback: a real HTTP server that replays recordings, plays scripts, or asks a function.

    with Loopback() as net:
        net.script("GET", "/feed", reply(304), reply(200, "<rss/>", {"ETag": '"2"'}))   # the last one stays
        net.play(lines)                                # recorded interactions: best overlap of the query wins
        net.handle("GET", "/api/*", function)          # Request -> Reply, for networks with a state
        Door().get(net.url + "/feed")
        assert net.requests[0].headers["if-none-match"]

Scripts go first, then handlers, then recordings; what nobody knows is 404. No sleeps, any free port.
"""

import base64
import gzip
import itertools
import json
import ssl
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

HOP_BY_HOP = {"content-length", "transfer-encoding", "content-encoding", "connection", "date", "server"}


@dataclass(frozen=True, slots=True)
class Request:
    """What the server was asked; header names in lower case; `query` keeps order and repetitions."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes

    def value(self, name: str) -> str | None:
        return next((value for key, value in self.query if key == name), None)

    @property
    def params(self) -> dict[str, str]:
        return dict(self.query)

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answers. `hang_up`: the connection is closed in mid-body, after half of it."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    hang_up: bool = False


Handler = Callable[[Request], Reply]


def reply(status: int = 200, body: Any = b"", headers: Mapping[str, str] | None = None, hang_up: bool = False) -> Reply:
    """A Reply out of text, bytes or anything that JSON can hold."""
    told = dict(headers or {})
    if isinstance(body, str):
        body = body.encode()
    elif not isinstance(body, bytes):
        told.setdefault("Content-Type", "application/json")
        body = json.dumps(body).encode()
    return Reply(status, body, told, hang_up)


def gzipped(answer: Reply) -> Reply:
    """The same answer, compressed on the way."""
    return Reply(answer.status, gzip.compress(answer.body), {**answer.headers, "Content-Encoding": "gzip"})


def recordings(path: Path) -> list[dict[str, Any]]:
    """The lines of an interactions.jsonl file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


class Loopback:
    """The server; `url` without a slash at the end; `requests` in the order in which they came.

    With `tls` it speaks https, for whatever name the context's certificate says.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self._lock = threading.Lock()
        self._scripts: dict[tuple[str, str], list[Reply]] = defaultdict(list)
        self._handlers: list[tuple[str, str, Handler]] = []
        self._recorded: dict[tuple[str, str], list[tuple[frozenset[tuple[str, str]], Reply]]] = defaultdict(list)
        self._turns: dict[tuple[str, str, frozenset[tuple[str, str]]], Iterator[Reply]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler_class())
        self._server.daemon_threads = True
        self._server.handle_error = lambda *args: None  # type: ignore[method-assign]  # clients that hang up
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self._server.server_address[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> "Loopback":
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def script(self, method: str, path: str, *replies: Reply) -> None:
        """Answer these in turn; the last one stays. A second call replaces what is left of the first."""
        with self._lock:
            self._scripts[method, path] = list(replies)

    def handle(self, method: str, pattern: str, handler: Handler) -> None:
        """Ask a function; `pattern` may hold `*`. Handlers run in the server's threads."""
        self._handlers.append((method, pattern, handler))

    def play(self, interactions: Iterable[Mapping[str, Any]]) -> None:
        """Add recorded interactions (the format of payloads/README.md); links in them lead back to here."""
        for line in interactions:
            parts = urlsplit(line["url"])
            key = line["method"], parts.path
            query = frozenset(parse_qsl(parts.query, keep_blank_values=True))
            self._recorded[key].append((query, self._recorded_reply(line, f"{parts.scheme}://{parts.netloc}")))

    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    def answer(self, request: Request) -> Reply:
        with self._lock:
            self.requests.append(request)
            if scripted := self._scripts.get((request.method, request.path)):
                return scripted.pop(0) if len(scripted) > 1 else scripted[0]
        for method, pattern, handler in self._handlers:
            if method == request.method and fnmatchcase(request.path, pattern):
                return handler(request)
        with self._lock:
            return self._replay(request)

    def _replay(self, request: Request) -> Reply:
        """The recording of this path whose query is most like the asked one; several such take turns."""
        known: Sequence[tuple[frozenset[tuple[str, str]], Reply]] = self._recorded.get(
            (request.method, request.path), ()
        )
        if not known:
            return reply(404, {"error": f"no recording of {request.method} {request.path}"})
        asked = frozenset(request.query)
        best = max(known, key=lambda entry: (len(entry[0] & asked), -len(entry[0] ^ asked)))[0]
        key = (request.method, request.path, best)
        if key not in self._turns:
            self._turns[key] = itertools.cycle([answer for query, answer in known if query == best])
        return next(self._turns[key])

    def _recorded_reply(self, line: Mapping[str, Any], origin: str) -> Reply:
        headers = {
            name: value.replace(origin, self.url)
            for name, value in line.get("headers", {}).items()
            if name.lower() not in HOP_BY_HOP
        }
        if "json" in line:
            return reply(line["status"], line["json"], headers)
        body = base64.b64decode(line["body_b64"]) if "body_b64" in line else line.get("text", "").encode()
        return reply(line["status"], body, headers)

    def _handler_class(self) -> type[BaseHTTPRequestHandler]:
        network = self

        class Door(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

            def _serve(self) -> None:
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                told = {name.lower(): value for name, value in self.headers.items()}
                query = tuple(parse_qsl(parts.query, keep_blank_values=True))
                self._send(network.answer(Request(self.command, parts.path, query, told, body)))

            def _send(self, answer: Reply) -> None:
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if answer.status not in (204, 304):
                    self.send_header("Content-Length", str(len(answer.body)))
                if self.close_connection:  # the client asked for it, and must not use the connection again
                    self.send_header("Connection", "close")
                self.end_headers()
                body = answer.body[: len(answer.body) // 2] if answer.hang_up else answer.body
                if self.command != "HEAD" and answer.status not in (204, 304):
                    self.wfile.write(body)
                self.close_connection = self.close_connection or answer.hang_up

            do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

        return Door
