"""The stream over a real websocket: what arrives, what is resumed, and what happens when the line breaks."""

import json
import random
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
import zstandard
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ingest.sources.base import Page, SourceError
from ingest.sources.bluesky import stream
from ingest.sources.bluesky.batch import WAIT, Batch
from ingest.sources.bluesky.frames import Event, decode
from ingest.sources.bluesky.profiles import Profiles
from ingest.sources.bluesky.stream import Listening, drain
from tests.sources.bluesky.builders import ANN, BOB, Until, clock, collect, everything, gone, read, texts
from tests.sources.jetstream import METHOD, POSTS, FakeJetstream, steadily
from tests.sources.loopback import Loopback, reply


def last_cursor(pages: list[Page]) -> dict[str, object]:
    return dict(pages[-1].cursor)


def counted(number: int) -> Until:
    return Until(lambda pages: len(texts(pages)) >= number)


def moved_to(position: int) -> Until:
    return Until(lambda pages: bool(pages) and pages[-1].cursor["position"] == position)


def test_it_reads_posts_from_the_last_hour_at_the_first_start() -> None:
    with FakeJetstream() as jetstream:
        uri = jetstream.post(ANN, "Acme is down")
        pages = read(jetstream, until=counted(1))
    assert texts(pages) == ["Acme is down"]
    assert pages[0].records[0].external_id == uri
    assert pages[-1].done


def test_it_asks_for_posts_and_accounts_only() -> None:
    with FakeJetstream() as jetstream:
        jetstream.emit("commit", {"did": ANN, "operation": "create", "collection": "app.bsky.feed.like", "rkey": "1"})
        jetstream.post(ANN, "hello")
        read(jetstream, until=counted(1))
        asked = jetstream.requests[0]
    assert asked["collections"] == [POSTS]
    assert asked["kinds"] == ["commit", "account", "identity"]


def test_it_hands_over_a_post_at_once_on_a_quiet_line_and_soon_on_a_busy_one() -> None:
    waiting = Batch()
    assert not waiting.ready(quiet=True, behind=False)
    waiting.frames = 1
    waiting.add(decode(json.dumps(a_frame("Acme is down"))), everything)
    assert waiting.ready(quiet=True, behind=False)
    assert not waiting.ready(quiet=False, behind=False)
    waiting.waiting_since -= WAIT
    assert waiting.ready(quiet=False, behind=False)
    assert not waiting.ready(quiet=True, behind=True)  # far behind, pages are larger


def test_it_reads_on_while_others_chatter() -> None:
    with FakeJetstream() as jetstream, steadily(jetstream, 200, lambda n: jetstream.post(BOB, "weather")):
        until = counted(1)
        jetstream.post(ANN, "Acme is down")
        read(jetstream, until=until, wants=lambda event: event.did == ANN)
    assert texts(until.pages) == ["Acme is down"]


def test_it_follows_deletions_edits_and_accounts() -> None:
    with FakeJetstream() as jetstream:
        old = jetstream.post(ANN, "old")
        kept = jetstream.post(BOB, "before")
        jetstream.delete(old)
        jetstream.edit(kept, "after")
        for status in ("takendown", "suspended", "deactivated", "deleted", "throttled"):
            jetstream.account(ANN, False, status)
        jetstream.account(ANN, True)
        pages = read(jetstream, until=moved_to(1009))
    assert texts(pages) == ["after"]
    assert pages[0].records[0].edited_at is not None
    hide, delete, restore = (("author", ANN, mode) for mode in ("hide", "delete", "restore"))
    assert gone(pages) == [("post", old, "delete"), hide, hide, hide, delete, restore]


def test_it_resumes_after_its_cursor_without_reading_twice() -> None:
    with FakeJetstream() as jetstream:
        jetstream.post(ANN, "one")
        first = read(jetstream, until=counted(1))
        jetstream.post(ANN, "two")
        second = read(jetstream, last_cursor(first), until=counted(1))
        assert jetstream.requests[1]["cursor"] == ["1000"]
    assert texts(second) == ["two"]


@pytest.mark.parametrize("seed", range(6))
def test_it_loses_nothing_when_it_is_killed_after_any_page(seed: int) -> None:
    chance = random.Random(seed)
    with FakeJetstream() as jetstream:
        for number in range(60):
            jetstream.post(ANN, str(number))
        stored: dict[str, str] = {}
        cursor = None
        while len(stored) < 60:
            killed_after = chance.randint(1, 12)
            until = counted(killed_after)
            for page in read(jetstream, cursor, until=until)[:1]:  # the rest of the pages never reached the tables
                stored |= {record.external_id: record.text for record in page.records}
                cursor = page.cursor
    assert sorted(map(int, stored.values())) == list(range(60))


def test_it_goes_on_after_a_polite_goodbye_and_after_a_broken_line() -> None:
    with FakeJetstream() as jetstream:
        jetstream.post(ANN, "one")
        done: list[str] = []

        def enough(pages: list[Page]) -> bool:
            seen = texts(pages)
            if len(seen) == 1 and not done:
                done.append("goodbye")
                jetstream.hang_up()
                jetstream.post(ANN, "two")
            if len(seen) == 2 and len(done) == 1:
                done.append("broken")
                jetstream.break_line()
                jetstream.post(ANN, "three")
            return len(seen) == 3

        pages = read(jetstream, until=Until(enough))
        assert len(jetstream.requests) == 3
    assert texts(pages) == ["one", "two", "three"]


def test_it_reports_a_server_that_closes_at_once_instead_of_looping() -> None:
    with FakeJetstream() as jetstream:

        def enough(pages: list[Page]) -> bool:
            jetstream.hang_up()
            return False

        until = Until(enough)
        with pytest.raises(SourceError) as caught:
            read(jetstream, until=until)
    assert caught.value.code == "network"
    assert not caught.value.permanent


def test_it_reports_an_error_frame_in_the_servers_words() -> None:
    with FakeJetstream() as jetstream:
        sent: list[bool] = []

        def enough(pages: list[Page]) -> bool:
            if jetstream.connections and not sent:
                sent.append(True)
                jetstream.emit_raw('{"$type": "error", "error": "ConsumerTooSlow", "message": "read faster"}')
            return False

        with pytest.raises(SourceError) as caught:
            read(jetstream, until=Until(enough))
    assert "ConsumerTooSlow" in caught.value.raw


def test_it_says_that_nobody_listens_at_an_address() -> None:
    with FakeJetstream() as jetstream:
        pass
    with pytest.raises(SourceError) as caught:
        read(jetstream, until=counted(1))
    assert caught.value.code == "network"


def test_it_speaks_tls_and_trusts_no_certificate_of_its_own_making(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = a_certificate(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with FakeJetstream(tls=tls) as jetstream:
        jetstream.post(ANN, "in private")
        with pytest.raises(SourceError) as caught:
            read(jetstream, until=counted(1))
        assert "certificate" in caught.value.raw
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert texts(read(jetstream, until=counted(1))) == ["in private"]


def test_it_follows_no_redirect() -> None:
    with Loopback() as net, FakeJetstream() as jetstream:
        jetstream.post(ANN, "elsewhere")
        elsewhere = {"Location": f"{jetstream.url}/xrpc/{METHOD}"}
        net.handle("GET", f"/xrpc/{METHOD}", lambda request: reply(302, "", elsewhere))
        until = counted(1)
        with pytest.raises(SourceError) as caught:
            collect(drain(listening_to(net.url.replace("http", "ws"), until), None), until)
        assert "redirect" in caught.value.raw
        assert not jetstream.requests


def test_it_records_a_hole_when_the_server_has_forgotten_the_cursor() -> None:
    with FakeJetstream() as jetstream:
        jetstream.emit("account", {"did": BOB, "account": {"did": BOB, "active": True}}, at=hours_ago(50))
        first = read(jetstream, until=moved_to(1000), replay=60)
        assert [page.holes for page in first if page.holes] == []  # nothing was forgotten yet
        jetstream.post(ANN, "forgotten")
        jetstream.floor = 1002
        jetstream.post(ANN, "still there")
        second = read(jetstream, last_cursor(first), until=counted(1))
    (hole,) = (hole for page in second for hole in page.holes)
    assert texts(second) == ["still there"]
    assert abs(hole.start - hours_ago(50)) < timedelta(minutes=1)
    assert abs(hole.end - datetime.now(UTC)) < timedelta(minutes=1)
    assert "36 hours" in hole.reason


def test_it_finds_its_place_on_another_server_by_time() -> None:
    with FakeJetstream() as one:
        one.post(ANN, "one")
        first = read(one, until=counted(1))
    with FakeJetstream(first_seq=7_000_000) as other:
        other.post(BOB, "two")
        second = read(other, last_cursor(first), until=counted(1))
        assert int(other.requests[0]["cursor"][0]) >= 10**15
    assert texts(second) == ["two"]


def test_it_reads_version_1_servers() -> None:
    with FakeJetstream(version=1) as jetstream:
        uri = jetstream.post(ANN, "old protocol")
        jetstream.delete(jetstream.post(BOB, "gone"))
        pages = read(jetstream, until=Until(lambda pages: bool(gone(pages))))
        again = read(jetstream, last_cursor(pages), until=Until(lambda pages: bool(gone(pages))))
        assert jetstream.requests[0]["wantedCollections"] == [POSTS]
    assert [record.external_id for page in pages for record in page.records] == [uri]
    assert texts(again) == []  # v1 repeats its last microsecond, and nothing before it


def test_it_reads_compressed_frames() -> None:
    frame = '{"$type": "message", "payload": {"did": "did:plc:%d", "operation": "create", "seq": %d}}'
    samples: list[bytes | bytearray | memoryview[int]] = [(frame % (n, n) * 4).encode() for n in range(500)]
    dictionary = zstandard.train_dictionary(4096, samples).as_bytes()
    with FakeJetstream(dictionary=dictionary) as jetstream:
        jetstream.post(ANN, "small on the wire")
        pages = read(jetstream, until=counted(1))
        assert "zstdDictionary" in jetstream.requests[0]
    assert texts(pages) == ["small on the wire"]


def test_it_sets_nonsense_aside_and_reads_on() -> None:
    with FakeJetstream() as jetstream:
        sent: list[bool] = []

        def enough(pages: list[Page]) -> bool:
            if jetstream.connections and not sent:
                sent.append(True)
                jetstream.emit_raw("{not json")
                jetstream.emit_raw('{"$type": "message", "payload": {"$type": "x#commit"}}')
                jetstream.emit("commit", {"did": ANN, "operation": "create", "collection": POSTS, "rkey": "1"})
                jetstream.post(ANN, "fine")
            return len(texts(pages)) == 1

        pages = read(jetstream, until=Until(enough))
    assert texts(pages) == ["fine"]
    assert len([broken for page in pages for broken in page.broken]) == 3


def test_it_tells_that_an_own_account_was_renamed() -> None:
    with FakeJetstream() as jetstream:
        jetstream.identity(ANN, "acme.new.example")
        pages = read(jetstream, until=moved_to(1000), names={ANN: "acme.example"})
    assert ["@acme.example is now @acme.new.example" in w for page in pages for w in page.warnings] == [True]


def test_it_moves_its_cursor_when_nothing_is_wanted() -> None:
    def nothing(event: Event) -> bool:
        return False

    with FakeJetstream() as jetstream:
        jetstream.post(ANN, "weather")
        pages = read(jetstream, until=moved_to(1000), wants=nothing)
    assert texts(pages) == []
    assert last_cursor(pages)["position"] == 1000


def test_it_uses_large_pages_when_it_is_far_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "QUIET", 0.5)
    with FakeJetstream(clock=lambda: hours_ago(3)) as jetstream:
        for number in range(2500):
            jetstream.post(ANN, str(number))
        pages = read(jetstream, until=counted(2500), replay=6)
    assert len(texts(pages)) == 2500
    assert len(pages) <= 8


def a_frame(text: str) -> dict[str, object]:
    record = {"$type": POSTS, "text": text, "createdAt": "2026-11-23T12:00:00Z"}
    commit = {"did": ANN, "operation": "create", "collection": POSTS, "rkey": "1", "record": record}
    payload = {"$type": f"{METHOD}#commit", "seq": 1, "time": "2026-11-23T12:00:00Z", **commit}
    return {"$type": "message", "payload": payload}


def listening_to(url: str, until: Until) -> Listening:
    return Listening(url, everything, Profiles(None), now=clock, out_of_time=until)


def a_certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that signed itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(hours_ago(1))
        .not_valid_after(hours_ago(-1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    file = folder / "tls.pem"
    file.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(pem))
    return file


def hours_ago(hours: float) -> datetime:
    return datetime.now(UTC) - timedelta(hours=hours)
