"""Events: what a webhook can be told of, and what each of them says.

The database writes a delivery in the transaction in which something happens (listening.models.announcing). What it says
are numbers, kinds and times: never what people wrote, never who they are. What has left Earshot can't be forgotten
there; whoever wants to know more opens the link, and sees what is still here and what they may see.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

VERSION = 1
TEST = "webhook.test"


@dataclass(frozen=True, slots=True)
class Event:
    """`link` is the page below the brand's own, with names of `facts` in it; `facts` are the keys of "data"."""

    type: str
    label: str
    link: str
    facts: tuple[str, ...]


CASE = ("case", "mention", "kind", "status", "priority", "network", "assignee", "due_at")
SPIKE = ("spike", "measure", "scope", "network", "theme", "began_at", "noticed_at", "ended_at", "peak", "expected")

EVENTS: Mapping[str, Event] = {
    one.type: one
    for one in (
        Event("case.opened", "A case was opened", "inbox/{case}/", CASE),
        Event("case.assigned", "A case was assigned", "inbox/{case}/", CASE),
        Event("case.closed", "A case was closed", "inbox/{case}/", CASE),
        Event("spike.began", "A spike began", "spikes/#spike-{spike}", SPIKE),
        Event("spike.ended", "A spike ended", "spikes/#spike-{spike}", SPIKE),
        Event(
            "source.needs_attention",
            "A source needs attention",
            "settings/sources/{source}/",
            ("source", "network", "reason", "since"),
        ),
        Event(
            "improvement.closed",
            "An improvement was closed",
            "improvements/{improvement}/",
            ("improvement", "status", "theme", "done_at"),
        ),
    )
}
SENT_BY_HAND = Event(TEST, "A test", "settings/webhooks/", ())


def event_of(kind: str) -> Event:
    return EVENTS.get(kind, SENT_BY_HAND)


def message_id(message: UUID) -> str:
    """What the receiver knows a message by; the same however often it is tried."""
    return f"msg_{message.hex}"


def body(
    kind: str, message: UUID, happened_at: datetime, brand: str, sample: bool, facts: Mapping[str, Any], home: str
) -> bytes:
    """The bytes that are signed and sent. `brand` is its slug, `home` the address of this Earshot without a slash."""
    event = event_of(kind)
    link = f"{home}/b/{brand}/{event.link.format_map(facts)}"
    told = {
        "version": VERSION,
        "type": kind,
        "id": message_id(message),
        "timestamp": happened_at.astimezone(UTC).isoformat(),
        "brand": brand,
        "sample": sample,
        "data": {**{name: facts[name] for name in event.facts}, "link": link},
    }
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode()
