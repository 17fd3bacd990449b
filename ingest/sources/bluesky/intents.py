"""Intents: what people declared about the reuse of their posts, a draft of Bluesky's: `org.user-intents.declaration`
(github.com/bluesky-social/proposals, 0008-user-intents). The AppView keeps no such records, so each person's own server
is asked, by the address that the directory of DIDs tells.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from ingest.sources.base import Config, Declared
from listening.http import Answer, Door, ForbiddenAddress, NetworkError

DECLARATION = "org.user-intents.declaration"
PLC = "https://plc.directory"
LARGEST = 100_000
TIMEOUT = 5.0
_NONE = "RecordNotFound"


def declared(config: Config, ids: Sequence[str]) -> Iterator[Declared]:
    """One answer for each post whose author can be told from its id. Servers of strangers may say anything."""
    plc = str(config.settings.get("plc_url") or PLC).rstrip("/")
    private = "" if plc == PLC else None  # a network of one's own may lie inside; strangers lead nobody there
    with Door(
        timeout=TIMEOUT,
        connect=TIMEOUT,
        total=2 * TIMEOUT,
        max_bytes=LARGEST,
        retries=0,
        allow_private=private,
        now=config.now,
    ) as door:
        for post in ids:
            if config.out_of_time():
                return
            yield Declared(post, _bulk(door, plc, post.removeprefix("at://").partition("/")[0]))


def _bulk(door: Door, plc: str, did: str) -> bool | None:
    """Whether this person's posts may go into bulk data sets; None where nobody answered."""
    try:
        server = _server(door.get(_document(plc, did)).expect().json())
        if server is None:
            return None
        params = {"repo": did, "collection": DECLARATION, "rkey": "self"}
        return _allows(door.get(f"{server}/xrpc/com.atproto.repo.getRecord", params=params))
    except (NetworkError, ForbiddenAddress, ValueError):
        return None


def _document(plc: str, did: str) -> str:
    """Where a DID's document lies (w3c-ccg.github.io/did-method-web, web.plc.directory). Raises ValueError."""
    if did.startswith("did:web:"):
        return f"https://{unquote(did.removeprefix('did:web:'))}/.well-known/did.json"
    if did.startswith("did:plc:"):
        return f"{plc}/{did}"
    raise ValueError(f"{did} is no DID that Bluesky uses")


def _server(document: Any) -> str | None:
    """The address of the server that holds a person's records."""
    services = document.get("service") if isinstance(document, Mapping) else None
    for service in services if isinstance(services, list) else []:
        if isinstance(service, Mapping) and str(service.get("id", "")).endswith("#atproto_pds"):
            address = service.get("serviceEndpoint")
            return address.rstrip("/") if isinstance(address, str) else None
    return None


def _allows(answer: Answer) -> bool | None:
    if answer.status == 400:
        told = answer.json()
        return True if isinstance(told, Mapping) and told.get("error") == _NONE else None
    return _says(answer.expect().json())


def _says(record: Any) -> bool:
    """Who declares nothing of bulk data sets, or what nobody understands, forbids nothing."""
    value = record.get("value") if isinstance(record, Mapping) else None
    bulk = value.get("bulkDataset") if isinstance(value, Mapping) else None
    return not (isinstance(bulk, Mapping) and bulk.get("allow") is False)
