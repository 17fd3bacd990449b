"""Tail: one connection to Jetstream, read frame by frame for as long as somebody wants frames.

The atproto SDK's JetstreamClient does the handshake, the compression dictionary, the query string and the naming of
refusals. Its `start()` is not used: it never ends on a quiet stream, sleeps between reconnects, returns silently on a
clean close, prints errors of callbacks, and builds a pydantic model for every event of the network, while a pull is
bounded, never sleeps and looks at most frames only long enough to drop them. The hooks overridden here are those that
the SDK's own subclasses use; the version is pinned and a test drives it against a real websocket server.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socket import create_connection
from typing import Any
from urllib.parse import urlsplit

from atproto_client.client.raw import ClientRaw
from atproto_jetstream import JetstreamClient
from atproto_jetstream.client import _rejected_handshake_to_exception
from atproto_jetstream.exceptions import JetstreamCursorTooOldError, JetstreamDecodingError
from atproto_subscription.websocket import build_websocket_uri
from websockets.exceptions import ConnectionClosed, ConnectionClosedOK, InvalidHandshake, InvalidStatus
from websockets.sync.client import ClientConnection

from ingest.sources.bluesky.client import guarded_request
from ingest.sources.bluesky.frames import POSTS, BadFrame
from listening.http import guard, shown

_METHOD = "/network.bsky.jetstream.subscribeEvents"
_V1_PATH = "/subscribe"
_QUEUED_FRAMES = 512
_OPEN_TIMEOUT = 10.0


class Lost(Exception):
    """The connection ended: `clean` tells a polite goodbye from a broken line."""

    def __init__(self, reason: str, clean: bool) -> None:
        super().__init__(reason)
        self.clean = clean


class Refused(Exception):
    """The server did not let us in; `status` is its HTTP status, None where there was no answer at all."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


class TooOld(Exception):
    """The cursor lies before everything that the server still holds."""


class Tail(JetstreamClient):  # type: ignore[misc]  # the SDK has no types
    """A connection to one Jetstream server, v2 unless its address ends in /subscribe (v1).

    `position` is where to start (inclusive): a seq, or unix microseconds (at least 1e15); None is the live end.
    """

    def __init__(self, url: str, position: int | None) -> None:
        super().__init__(base_uri=_base(url), params=None, compress=not is_version_1(url))
        self._xrpc_client = ClientRaw(base_url=self._http_origin, request=guarded_request())
        self._url = url
        self._params = _parameters(url, position)

    @contextmanager
    def connected(self) -> Iterator["Frames"]:
        """Frames of an open connection. Raises Refused, TooOld, or ForbiddenAddress before anything is sent."""
        guard(self._url)
        try:
            client = self._get_frames()
        except InvalidStatus as error:
            raise _refusal(error) from error
        except (OSError, InvalidHandshake, ConnectionClosed, ValueError) as error:  # ValueError: sent elsewhere
            raise Refused(f"{shown(self._url)} could not be reached ({error})") from error
        with client:
            yield Frames(client, self._plain)

    def _get_frames(self) -> ClientConnection:
        self._before_connect()
        client: ClientConnection
        try:
            client = self._get_client()
        except InvalidStatus as error:
            if not self._is_dictionary_rejected(error):
                raise
            self._shed_compression()
            client = self._get_client()
        return client

    @property
    def _websocket_uri(self) -> str:
        method = _V1_PATH if is_version_1(self._url) else _METHOD
        return str(build_websocket_uri(method.strip("/"), self._base_uri, self._params))

    def _get_connect_kwargs(self) -> dict[str, Any]:
        """With a socket of our own nobody is redirected elsewhere, and the address that was reached is checked."""
        web = urlsplit(self._url)
        port = web.port or (443 if web.scheme == "wss" else 80)
        sock = create_connection((web.hostname or "", port), timeout=_OPEN_TIMEOUT)
        sock.settimeout(None)  # else ten quiet seconds would count as a broken line
        host, peer = sock.getpeername()[:2]
        guard(f"http://[{host}]:{peer}" if ":" in host else f"http://{host}:{peer}")
        options: dict[str, Any] = super()._get_connect_kwargs()
        return options | {"sock": sock, "max_queue": _QUEUED_FRAMES}

    def _plain(self, frame: str | bytes) -> str | bytes:
        if self._compression is None or isinstance(frame, str):
            return frame
        try:
            plain: bytes = self._compression.decompress(frame)
        except JetstreamDecodingError as error:
            raise BadFrame(str(error)) from error
        return plain


class Frames:
    """An open connection, one frame at a time."""

    def __init__(self, client: ClientConnection, plain: Callable[[str | bytes], str | bytes]) -> None:
        self._client = client
        self._plain = plain

    def next(self, seconds: float) -> str | bytes | None:
        """The next frame, decompressed; None when none came in time. Raises Lost and BadFrame."""
        try:
            frame = self._client.recv(timeout=seconds, decode=False)
        except TimeoutError:
            return None
        except ConnectionClosed as error:
            raise Lost(str(error), isinstance(error, ConnectionClosedOK)) from error
        return self._plain(frame)


def is_version_1(url: str) -> bool:
    """Whether an address is that of a v1 server, which speaks another query string and counts by time."""
    return urlsplit(url).path.rstrip("/").endswith(_V1_PATH)


def _base(url: str) -> str:
    """What the SDK wants: the address without the method's name, with /xrpc where only a host was given."""
    path = urlsplit(url).path.rstrip("/")
    ending = next((e for e in (_METHOD, _V1_PATH) if path.endswith(e)), "")
    base = url.rstrip("/").removesuffix(ending)
    return base if path else f"{base}/xrpc"


def _parameters(url: str, position: int | None) -> dict[str, Any]:
    at = {} if position is None else {"cursor": position}
    if is_version_1(url):
        return {"wantedCollections": [POSTS], **at}
    return {"kinds": ["commit", "account", "identity"], "collections": [POSTS], **at}


def _refusal(error: InvalidStatus) -> Exception:
    told = _rejected_handshake_to_exception(error)
    if isinstance(told, JetstreamCursorTooOldError):
        return TooOld(str(told))
    status = error.response.status_code
    body = (error.response.body or b"")[:300].decode("utf-8", "replace")
    return Refused(f"the server answered {status} {body}".strip(), status)
