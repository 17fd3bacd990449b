"""Answers: what goes out to a network, what stands there afterwards, and refusals that all networks share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ingest.record import OwnHandle
from ingest.trouble import SourceError


@dataclass(frozen=True, slots=True)
class ReplyTo:
    """The post that is answered: its id as in `Record.external_id`, and its address for people."""

    external_id: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One answer on its way out. `key` and `written_at` stay the same however often it is tried: by them a network
    that can recognises it. `own` are the brand's accounts on this network: nobody answers as anybody else.
    """

    to: ReplyTo
    text: str
    key: UUID
    written_at: datetime
    own: tuple[OwnHandle, ...]
    language: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer that stands at the network: its id there and its address."""

    external_id: str
    url: str


def not_yours(account: str, own: Sequence[OwnHandle]) -> SourceError:
    """The account that a source signs in with is none of the brand's."""
    whose = ", ".join(f"@{handle.handle}" for handle in own) or "none is named"
    return SourceError(
        f"This source signs in as @{account}, which is none of the brand's own accounts ({whose}). Name it in the "
        "brand's settings, or enter the credentials of the brand's account in the source's settings.",
        code="settings",
        permanent=True,
    )


def too_long(used: int, most: int) -> SourceError:
    return SourceError(
        f"The answer is too long for this network: {used:,} of {most:,}. Write it anew, shorter.",
        code="settings",
        permanent=True,
    )
