"""Handles: which DIDs stand behind the names that brands and queries use; the stream speaks only of DIDs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from atproto_client import models

from ingest.sources.base import SourceError
from ingest.sources.bluesky.client import Api


@dataclass(frozen=True, slots=True)
class Known:
    """What was found out: `dids` by handle, and a sentence for each handle that nobody knows."""

    dids: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def plain(handle: str) -> str:
    """A handle as Bluesky compares it: without "@", in lower case."""
    return handle.strip().removeprefix("@").lower()


def resolve(handles: Iterable[str], known: Mapping[str, str], api: Api, now: datetime) -> Known:
    """DIDs of these handles, asking only for those not in `known`; a DID stands for itself. Never raises."""
    dids: dict[str, str] = {}
    warnings: list[str] = []
    for handle in sorted({plain(handle) for handle in handles if handle.strip()}):
        if handle.startswith("did:"):
            dids[handle] = handle
        elif handle in known:
            dids[handle] = known[handle]
        else:
            _look_up(handle, api, now, dids, warnings)
    return Known(dids, tuple(warnings))


def _look_up(handle: str, api: Api, now: datetime, dids: dict[str, str], warnings: list[str]) -> None:
    if "." not in handle:
        warnings.append(f"@{handle} is not a whole Bluesky handle. Write its domain too, as in {handle}.bsky.social.")
        return
    try:
        params = models.ComAtprotoIdentityResolveHandle.Params(handle=handle)
        answer = api.ask("com.atproto.identity.resolveHandle", params, now)
    except SourceError as error:
        reason = "nobody has that name" if error.code == "schema" else error.sentence
        warnings.append(f"The account @{handle} was not found on Bluesky: {reason}")
        return
    if isinstance(did := answer.get("did"), str):
        dids[handle] = did
