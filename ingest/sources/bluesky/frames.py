"""Frames: what Jetstream sends, v1 or v2, read into one small event without believing a word of it.

v2 (`network.bsky.jetstream.subscribeEvents`) wraps a payload in `{"$type": "message"}` and counts by `seq`; v1
(`/subscribe`) is flat and counts by `time_us`. Shapes: lexicon of subscribeEvents, jetstream docs/README.md 5.2.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import orjson

from ingest.record import Deletion

POSTS = "app.bsky.feed.post"
NETWORK = "bluesky"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Kind = Literal["post", "account", "identity", "info", "other"]


class BadFrame(ValueError):
    """A frame that is not what the protocol promises; the message says what was wrong with it."""


class ErrorFrame(Exception):
    """The server says why it is about to close the connection: `error` is its code, `message` its words."""

    def __init__(self, error: str, message: str) -> None:
        super().__init__(f"{error}: {message}" if message else error)
        self.error = error
        self.message = message


@dataclass(slots=True)
class Event:
    """One event. `seq` is None where the server gave none (#info, v1); `time_us` is unix microseconds, 0 if not told.

    `body` is the commit, account, identity or info part, whatever the version called it.
    """

    kind: Kind
    did: str
    time_us: int
    seq: int | None
    body: Mapping[str, Any]

    @property
    def position(self) -> int:
        """Where the stream stands at this event: `seq`, or the time in microseconds for a v1 server."""
        return self.seq if self.seq is not None else self.time_us

    @property
    def at(self) -> datetime | None:
        """When the server saw the event, aware UTC; None when not told."""
        return at_microseconds(self.time_us) if self.time_us else None

    @property
    def uri(self) -> str:
        return f"at://{self.did}/{self.body.get('collection')}/{self.body.get('rkey')}"

    @property
    def operation(self) -> str:
        return str(self.body.get("operation", ""))


def decode(raw: str | bytes) -> Event:
    """The event in a frame. Raises BadFrame for nonsense and ErrorFrame when the server says goodbye."""
    try:
        frame = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BadFrame(f"the frame is not JSON ({error})") from error
    if not isinstance(frame, dict):
        raise BadFrame("the frame is not an object")
    match frame.get("$type"):
        case "message":
            return _version_2(frame.get("payload"))
        case "error":
            raise ErrorFrame(str(frame.get("error", "")), str(frame.get("message") or ""))
    return _version_1(frame)


def deletion(event: Event) -> Deletion | None:
    """What a deleted post or a changed account means for stored posts; None when nothing.

    Temporary states of a host ("throttled", "desynchronized") say nothing about the person and are left alone.
    """
    if event.kind == "post":
        return Deletion(NETWORK, "post", event.uri, "delete", event.at) if event.operation == "delete" else None
    if event.kind != "account":
        return None
    if event.body.get("active") is True:
        return Deletion(NETWORK, "author", event.did, "restore", event.at)
    match event.body.get("status"):
        case "deleted":
            return Deletion(NETWORK, "author", event.did, "delete", event.at)
        case "takendown" | "suspended" | "deactivated":
            return Deletion(NETWORK, "author", event.did, "hide", event.at)
    return None


def at_microseconds(value: int) -> datetime:
    """Aware UTC from unix microseconds. Raises BadFrame beyond the calendar."""
    try:
        return _EPOCH + timedelta(microseconds=value)
    except OverflowError as error:
        raise BadFrame("the frame's time is beyond the calendar") from error


def microseconds(moment: datetime) -> int:
    """Unix microseconds, exact (a float would lose the last digits)."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _version_2(payload: object) -> Event:
    if not isinstance(payload, dict):
        raise BadFrame("a message frame without payload")
    name = str(payload.get("$type", "")).rpartition("#")[2]
    if name == "info":
        return Event("info", "", 0, None, payload)
    seq = payload.get("seq")
    if type(seq) is not int:
        raise BadFrame("a message frame without seq")
    body = payload if name == "commit" else payload.get(name)
    return _event(name, payload.get("did"), _time_us(payload.get("time")), seq, body)


def _version_1(frame: Mapping[str, Any]) -> Event:
    time_us, name = frame.get("time_us"), str(frame.get("kind", ""))
    if type(time_us) is not int:
        raise BadFrame("a frame with neither $type nor time_us")
    return _event(name, frame.get("did"), time_us, None, frame.get(name))


def _event(name: str, did: object, time_us: int, seq: int | None, body: object) -> Event:
    if not isinstance(did, str) or not did.startswith("did:"):
        raise BadFrame("a frame without DID")
    if not isinstance(body, dict):
        return Event("other", did, time_us, seq, {})
    if name == "commit":
        kind: Kind = "post" if body.get("collection") == POSTS else "other"
        if kind == "post" and not isinstance(body.get("rkey"), str):
            raise BadFrame("a post without record key")
        return Event(kind, did, time_us, seq, body)
    known: dict[str, Kind] = {"account": "account", "identity": "identity"}
    return Event(known.get(name, "other"), did, time_us, seq, body)


def _time_us(value: object) -> int:
    if not isinstance(value, str):
        return 0
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return 0
    return microseconds(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
