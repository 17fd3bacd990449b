"""Profiles and handles: names and consents from the AppView, and what happens when it does not answer."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from ingest.sources.bluesky.client import Api
from ingest.sources.bluesky.handles import resolve
from ingest.sources.bluesky.profiles import Profiles
from tests.sources.bluesky.builders import ANN, BOB, Until, read
from tests.sources.jetstream import FakeJetstream
from tests.sources.loopback import Loopback, Reply, Request, reply

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
GET_PROFILES = "/xrpc/app.bsky.actor.getProfiles"
RESOLVE = "/xrpc/com.atproto.identity.resolveHandle"


def a_profile(did: str, *labels: str) -> dict[str, object]:
    told = {"did": did, "handle": did.rpartition(":")[2] + ".example", "followersCount": 7}
    return {**told, "labels": [{"src": did, "val": label} for label in labels]}


def tell(request: Request) -> Reply:
    return reply(200, {"profiles": [a_profile(value) for key, value in request.query if key == "actors"]})


@pytest.fixture
def net() -> Iterator[Loopback]:
    with Loopback() as net:
        yield net


def test_it_asks_for_25_profiles_at_once_and_remembers_them(net: Loopback) -> None:
    net.handle("GET", GET_PROFILES, tell)
    profiles = Profiles(Api(net.url))
    dids = [f"did:plc:p{number}" for number in range(60)]
    found = profiles.of(dids, NOW)
    assert found.keys() == set(dids)
    assert found["did:plc:p7"].author.followers == 7
    profiles.of(dids, NOW + timedelta(hours=5))
    assert len(net.requests) == 3
    profiles.forget("did:plc:p7")
    profiles.of(dids, NOW + timedelta(hours=5))
    assert len(net.requests) == 4


def test_it_asks_nobody_for_a_minute_after_a_failure(net: Loopback) -> None:
    net.script("GET", GET_PROFILES, reply(500, "oops"))
    profiles = Profiles(Api(net.url))
    assert profiles.of([ANN], NOW) == {}
    assert profiles.of([ANN], NOW + timedelta(seconds=50)) == {}
    assert len(net.requests) == 1
    assert profiles.trouble
    net.script("GET", GET_PROFILES, reply(200, {"profiles": [a_profile(ANN)]}))
    assert profiles.of([ANN], NOW + timedelta(seconds=70)).keys() == {ANN}
    assert not profiles.trouble


@pytest.mark.parametrize("body", [{}, {"profiles": None}, {"profiles": [None, {"did": 7}]}])
def test_it_survives_answers_that_make_no_sense(net: Loopback, body: object) -> None:
    net.script("GET", GET_PROFILES, reply(200, body))
    assert Profiles(Api(net.url)).of([ANN], NOW) == {}


def test_it_shows_posts_publicly_only_with_their_authors_known_consent(net: Loopback) -> None:
    """Ann's profile says no, Bob's says nothing against it, Eve's is not answered."""
    net.script("GET", GET_PROFILES, reply(200, {"profiles": [a_profile(ANN, "!no-unauthenticated"), a_profile(BOB)]}))
    with FakeJetstream() as jetstream:
        for did in (ANN, BOB, "did:plc:eve"):
            jetstream.post(did, "hello")
        until = Until(lambda pages: bool(pages))
        pages = read(jetstream, until=until, profiles=Profiles(Api(net.url)))
    told = {r.author.id: (r.author.handle, r.public_ok) for page in pages for r in page.records if r.author}
    assert told == {ANN: ("ann.example", False), BOB: ("bob.example", True), "did:plc:eve": (None, False)}


def test_it_says_that_profiles_could_not_be_read_and_reads_on(net: Loopback) -> None:
    net.script("GET", GET_PROFILES, reply(503, "busy"))
    with FakeJetstream() as jetstream:
        jetstream.post(ANN, "hello")
        pages = read(jetstream, until=Until(lambda pages: bool(pages)), profiles=Profiles(Api(net.url)))
    assert [record.text for page in pages for record in page.records] == ["hello"]
    assert "stay out of letters and exports" in pages[-1].warnings[0]


def test_it_looks_up_a_handle_only_once(net: Loopback) -> None:
    net.script("GET", RESOLVE, reply(200, {"did": "did:plc:brand"}))
    first = resolve(["@Acme.Example", "did:plc:other"], {}, Api(net.url), NOW)
    assert first.dids == {"acme.example": "did:plc:brand", "did:plc:other": "did:plc:other"}
    assert resolve(["acme.example"], first.dids, Api(net.url), NOW).dids == {"acme.example": "did:plc:brand"}
    assert len(net.requests) == 1


def test_it_says_that_nobody_has_a_handle(net: Loopback) -> None:
    net.script("GET", RESOLVE, reply(400, {"error": "InvalidRequest", "message": "Unable to resolve handle"}))
    known = resolve(["nobody.example"], {}, Api(net.url), NOW)
    assert known.dids == {}
    assert "nobody has that name" in known.warnings[0]
