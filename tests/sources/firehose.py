"""Firehose: raw frames of a PDS or relay (CBOR, CAR) become the events that Jetstream would make of them.

Decoded with the atproto SDK, apart from one thing: it hands out links inside records as bytes, which JSON writes as
{"$link": ...}, other bytes as {"$bytes": ...} (atproto.com/specs/data-model).
"""

import base64
from collections.abc import Iterator
from typing import Any

from atproto_client import models
from atproto_core.car import CAR
from atproto_firehose import parse_subscribe_repos_message
from atproto_subscription.frames import Frame

_CID = b"\x01"
_CID_LENGTH = 36

Event = tuple[str, dict[str, Any]]


def events(frame: bytes) -> Iterator[Event]:
    """(name, payload without seq and time) of each event in one frame of com.atproto.sync.subscribeRepos."""
    yield from events_of(parse_subscribe_repos_message(Frame.from_bytes(frame)))


def events_of(message: Any) -> Iterator[Event]:
    """The same for a message that the SDK has parsed; #sync and #info bring nothing."""
    match message:
        case models.ComAtprotoSyncSubscribeRepos.Commit():
            yield from _commits(message)
        case models.ComAtprotoSyncSubscribeRepos.Account():
            told = {"did": message.did, "seq": message.seq, "time": message.time, "active": message.active}
            yield "account", {"did": message.did, "account": told | _given(status=message.status)}
        case models.ComAtprotoSyncSubscribeRepos.Identity():
            told = {"did": message.did, "seq": message.seq, "time": message.time}
            yield "identity", {"did": message.did, "identity": told | _given(handle=message.handle)}


def _commits(commit: Any) -> Iterator[Event]:
    blocks = CAR.from_bytes(commit.blocks).blocks if commit.blocks else {}
    for operation in commit.ops:
        collection, _, rkey = operation.path.partition("/")
        payload: dict[str, Any] = {
            "did": commit.repo,
            "rev": commit.rev,
            "operation": operation.action,
            "collection": collection,
            "rkey": rkey,
        }
        if operation.action != "delete":
            payload |= {"record": as_json(blocks[operation.cid]), "cid": operation.cid.encode()}
        yield "commit", payload


def as_json(value: Any) -> Any:
    """DAG-CBOR values as atproto writes them in JSON."""
    match value:
        case dict():
            return {key: as_json(inner) for key, inner in value.items()}
        case list():
            return [as_json(inner) for inner in value]
        case bytes() if len(value) == _CID_LENGTH and value.startswith(_CID):
            return {"$link": "b" + base64.b32encode(value).decode().lower().rstrip("=")}
        case bytes():
            return {"$bytes": base64.b64encode(value).decode().rstrip("=")}
    return value


def _given(**told: Any) -> dict[str, Any]:
    return {key: value for key, value in told.items() if value is not None}
