"""Recorded real frames: raw firehose decoded here against what production Jetstream said of the same events."""

import json
import struct
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import zstandard

from ingest.clean import clean
from ingest.sources.base import Page
from ingest.sources.bluesky import batch
from ingest.sources.bluesky.frames import decode, deletion
from tests.sources.bluesky.builders import Until, gone, read
from tests.sources.firehose import events
from tests.sources.jetstream import METHOD, POSTS, FakeJetstream, as_version_1, as_version_2
from tests.sources.lexicons import Lexicons

Json = dict[str, Any]


@pytest.fixture(scope="module")
def window(payloads: Path) -> Path:
    return payloads / "bluesky-jetstream"


@pytest.fixture(scope="module")
def expected(window: Path) -> list[Json]:
    return [json.loads(line) for line in (window / "expected_v1.jsonl").read_text(encoding="utf-8").splitlines()]


def raw_frames(window: Path) -> Iterator[bytes]:
    """`[u32 LE length][frame bytes]...`, compressed as one."""
    with (window / "frames.bin.zst").open("rb") as file:
        stream = zstandard.ZstdDecompressor().stream_reader(file)
        while head := stream.read(4):
            yield stream.read(struct.unpack("<I", head)[0])


def without_times(event: Json) -> Json:
    return {key: value for key, value in event.items() if key not in ("time_us", "seq", "time")}


def test_it_makes_of_raw_frames_what_production_jetstream_made(window: Path, expected: list[Json]) -> None:
    """Events of one account keep their order; across accounts two servers may differ."""
    ours: dict[str, list[Json]] = {}
    for frame in raw_frames(window):
        for name, payload in events(frame):
            event = {"$type": f"{METHOD}#{name}", "time": "2026-07-04T14:38:08.000000Z", **payload}
            ours.setdefault(event["did"], []).append(without_times(as_version_1(event)))
    theirs: dict[str, list[Json]] = {}
    for event in expected:
        theirs.setdefault(event["did"], []).append(without_times(event))
    assert ours == theirs
    assert sum(map(len, theirs.values())) == 152


def test_it_reads_the_recorded_posts_over_a_websocket(expected: list[Json]) -> None:
    posts = [e for e in expected if e["kind"] == "commit" and e["commit"]["collection"] == POSTS]
    created = {f"at://{e['did']}/{POSTS}/{e['commit']['rkey']}": e for e in posts if "record" in e["commit"]}
    with FakeJetstream() as jetstream:
        replay(jetstream, expected)
        pages = read(jetstream, until=all_read(jetstream), replay=24 * 365 * 20)
    records = {record.external_id: record for page in pages for record in page.records}
    assert len(created) == 17
    assert records.keys() == created.keys()
    for uri, event in created.items():
        told, record = event["commit"]["record"], records[uri]
        assert record.text == told["text"]
        assert record.language == (told.get("langs") or [None])[0]
        assert (record.in_reply_to.id if record.in_reply_to else None) == told.get("reply", {}).get("parent", {}).get(
            "uri"
        )
        assert abs(record.published_at.timestamp() * 1e6 - event["time_us"]) < 60e6
        assert not record.text or clean(record).external_id == uri
    assert [what for what, _, _ in gone(pages)] == ["post", "author"]  # one deletion, one account that is active


def test_it_loses_nothing_when_killed_at_any_recorded_frame(
    expected: list[Json], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page for every event, and a kill after each of them."""
    monkeypatch.setattr(batch, "MOST_FRAMES", 1)
    stored: set[str] = set()
    cursor, starts = None, 0
    with FakeJetstream() as jetstream:
        replay(jetstream, [e for e in expected if e["kind"] != "commit" or e["commit"]["collection"] == POSTS])
        last = jetstream.events[-1]["seq"]
        while cursor is None or cursor["position"] != last:
            pages = read(jetstream, cursor, until=Until(lambda pages: bool(pages)), replay=24 * 365 * 20)
            stored |= {record.external_id for record in pages[0].records}
            cursor, starts = pages[0].cursor, starts + 1
        assert starts == len(jetstream.events)
    assert len(stored) == 17


def test_it_reads_the_golden_events_of_version_1(window: Path) -> None:
    lines = (window / "golden_v1.jsonl").read_text(encoding="utf-8").splitlines()
    read_events = [decode(line) for line in lines]
    kinds = [event.kind for event in read_events]
    assert kinds.count("post") == 1
    assert kinds.count("identity") == kinds.count("account") == 1
    assert [d.mode for event in read_events if (d := deletion(event))] == ["restore"]


def test_it_sends_events_on_loopback_that_keep_to_the_lexicon(payloads: Path, expected: list[Json]) -> None:
    lexicons = Lexicons(payloads / "bluesky-lexicons")
    with FakeJetstream() as jetstream:
        uri = jetstream.post("did:plc:ann", "hello")
        jetstream.edit(uri, "hello again")
        jetstream.delete(uri)
        jetstream.account("did:plc:ann", False, "deleted")
        jetstream.identity("did:plc:ann", "ann.test")
        replay(jetstream, expected)
        faults = [lexicons.faults(event["$type"], event) for event in jetstream.events]
        records = [
            lexicons.faults(POSTS, e["record"])
            for e in jetstream.events
            if e.get("collection") == POSTS and "record" in e
        ]
    assert [fault for found in [*faults, *records] for fault in found] == []
    assert lexicons.faults(f"{METHOD}#commit", {"seq": "1"}) != []


def replay(jetstream: FakeJetstream, recorded: list[Json]) -> None:
    for event in sorted(recorded, key=lambda event: event["time_us"]):
        payload = as_version_2(event, 0)
        name = payload.pop("$type").rpartition("#")[2]
        del payload["seq"]
        jetstream.emit(name, payload)


def all_read(jetstream: FakeJetstream) -> Until:
    wanted = [e["seq"] for e in jetstream.events if "collection" not in e or e["collection"] == POSTS]

    def enough(pages: list[Page]) -> bool:
        return bool(pages) and pages[-1].cursor["position"] == wanted[-1]

    return Until(enough, patience=timedelta(seconds=20).total_seconds())
