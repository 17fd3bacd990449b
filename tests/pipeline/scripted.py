"""A network that does what a test tells it: posts in a ledger, read through the real Source contract."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from ingest.record import Account, Author, Deletion, Record
from ingest.sources.base import Check, Cursor, Page, Source, SourceError, Target, Tracked

START = datetime(2026, 5, 4, 8, tzinfo=UTC)


@dataclass
class Network:
    """What the scripted network holds and how it answers next."""

    records: list[Record] = field(default_factory=list)
    deletions: dict[int, list[Deletion]] = field(default_factory=dict)
    page_size: int = 10
    fail_after_pages: int | None = None
    error: SourceError | Exception | None = None
    spent_per_page: int = 0
    extra: Mapping[str, Any] = field(default_factory=dict)
    polls: list[Cursor | None] = field(default_factory=list)


NETWORK = Network()


class Scripted(Source):
    """Reads NETWORK in pages; the cursor is how many records were read."""

    kind = "scripted"
    label = "Scripted"
    network = "x"
    summary = "For tests."
    every: ClassVar[timedelta] = timedelta(minutes=5)

    def targets(self, tracked: Sequence[Tracked]) -> list[Target]:
        return [Target("all", "everything")]

    def poll(self, target: Target, cursor: Cursor | None) -> Iterator[Page]:
        NETWORK.polls.append(cursor)
        at = int(cursor["at"]) if cursor else 0
        for turn in range(1000):
            if NETWORK.error and turn == (NETWORK.fail_after_pages or 0):
                raise NETWORK.error
            part = NETWORK.records[at : at + NETWORK.page_size]
            at += len(part)
            yield Page(
                records=part,
                deletions=NETWORK.deletions.get(turn, []),
                cursor={"at": at},
                done=at >= len(NETWORK.records),
                spent=NETWORK.spent_per_page,
                **NETWORK.extra,
            )
            if at >= len(NETWORK.records) or self.config.out_of_time():
                return

    def check(self) -> Check:
        return Check(True, "Fine.")


def a_record(number: int = 1, text: str = "Acme lost my parcel again", **changes: Any) -> Record:
    """A post of the scripted network about Acme."""
    told: dict[str, Any] = {
        "network": "x",
        "external_id": f"post-{number}",
        "text": text,
        "published_at": START + timedelta(minutes=number),
        "author": Author(f"author-{number % 7}", handle=f"user{number % 7}", name="A Person"),
        "url": f"https://x.example/{number}",
        "raw": {"id": number},
    }
    return Record(**{**told, **changes})


def addressed(number: int = 1, **changes: Any) -> Record:
    return a_record(
        number, text=changes.pop("text", "@acme where is it?"), mentions=(Account("77", "acme"),), **changes
    )
