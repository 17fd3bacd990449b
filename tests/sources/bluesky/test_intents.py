"""What people declare about exports of their posts is read from their own servers, whatever those answer."""

from collections.abc import Iterator

import pytest

from ingest.sources.bluesky import Bluesky, intents
from tests.sources.bluesky.builders import ANN, BOB, a_config
from tests.sources.loopback import Loopback, Reply, Request, reply

GET_RECORD = "/xrpc/com.atproto.repo.getRecord"
POST = "at://{}/app.bsky.feed.post/1"


@pytest.fixture
def net() -> Iterator[Loopback]:
    with Loopback() as net:
        net.handle("GET", "/did:plc:*", lambda request: document(net.url))
        yield net


def document(server: str) -> Reply:
    services = [
        {"id": "#elsewhere", "serviceEndpoint": "http://127.0.0.1:1"},
        {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": server},
    ]
    return reply(200, {"id": ANN, "service": services})


def asked(net: Loopback, *dids: str, **bounds: object) -> list[bool | None]:
    source = Bluesky(a_config(plc_url=net.url, **bounds))
    return [one.bulk for one in source.declared([POST.format(did) for did in dids])]


@pytest.mark.parametrize(
    ("answer", "bulk"),
    [
        (reply(200, {"value": {"bulkDataset": {"allow": False}}}), False),
        (reply(200, {"value": {"bulkDataset": {"allow": True}}}), True),
        (reply(200, {"value": {"syntheticContentGeneration": {"allow": False}}}), True),
        (reply(200, {"value": {"bulkDataset": "no"}}), True),
        (reply(200, {"value": None}), True),
        (reply(200, []), True),
        (reply(400, {"error": "RecordNotFound", "message": "Could not locate record"}), True),
        (reply(400, {"error": "RepoDeactivated"}), None),
        (reply(400, ["odd"]), None),
        (reply(200, "no JSON"), None),
        (reply(404, {}), None),
        (reply(503, "busy"), None),
    ],
)
def test_who_forbids_it_and_who_says_nothing_of_it(net: Loopback, answer: Reply, bulk: bool | None) -> None:
    net.script("GET", GET_RECORD, answer)
    assert asked(net, ANN) == [bulk]
    assert net.requests[-1].params == {"repo": ANN, "collection": "org.user-intents.declaration", "rkey": "self"}


@pytest.mark.parametrize(
    "odd",
    [
        reply(404, {"message": "DID not registered"}),
        reply(200, {"service": None}),
        reply(200, {"service": [7, {"id": "#atproto_pds"}]}),
        reply(200, {"service": [{"id": "#atproto_pds", "serviceEndpoint": "file:///etc/passwd"}]}),
        reply(200, {"service": [{"id": "#atproto_pds", "serviceEndpoint": "https://pds.example/\x01"}]}),
        reply(200, b"[" * 90_000),
    ],
)
def test_an_account_whose_server_cannot_be_told_is_not_known(net: Loopback, odd: Reply) -> None:
    net.script("GET", f"/{BOB}", odd)
    assert asked(net, BOB, "somebody") == [None, None]
    assert not [one for one in net.requests if one.path == GET_RECORD]


def test_it_asks_nobody_when_the_time_is_over(net: Loopback) -> None:
    assert asked(net, ANN, out_of_time=lambda: True) == []
    assert not net.requests


def test_a_declaration_of_one_person_says_nothing_of_another(net: Loopback) -> None:
    def tell(request: Request) -> Reply:
        return reply(200, {"value": {"bulkDataset": {"allow": request.value("repo") != BOB}}})

    net.handle("GET", GET_RECORD, tell)
    assert asked(net, ANN, BOB) == [True, False]


def test_strangers_lead_nobody_into_a_private_network_that_the_operator_allows_for_sources(
    net: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intents, "PLC", net.url)
    assert asked(net, ANN) == [None]
    assert not net.requests
