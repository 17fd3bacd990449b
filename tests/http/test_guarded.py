"""Libraries that use requests go through the same door: addresses, redirects, sizes."""

import gzip
from collections.abc import Iterator

import pytest
import requests

from listening.guarded import AnswerTooLarge, GuardedAdapter, mount
from listening.http import ForbiddenAddress
from tests.sources.loopback import Loopback, gzipped, reply


@pytest.fixture
def net() -> Iterator[Loopback]:
    with Loopback() as network:
        yield network


def a_session(adapter: GuardedAdapter | None = None) -> requests.Session:
    session = requests.Session()
    mount(session, adapter or GuardedAdapter(allow_private="127.0.0.0/8", max_bytes=1_000))
    return session


def test_it_behaves_as_requests_does(net: Loopback) -> None:
    net.script("GET", "/old", reply(301, headers={"Location": "/new"}))
    net.script("GET", "/new", gzipped(reply(200, {"n": 1})))
    net.script("POST", "/new", reply(201, {"made": True}))
    session = a_session()
    answer = session.get(net.url + "/old", params={"q": "1"})
    assert (answer.json(), answer.url, [past.status_code for past in answer.history]) == (
        {"n": 1},
        net.url + "/new",
        [301],
    )
    assert session.post(net.url + "/new", json={}).status_code == 201
    assert session.get(net.url + "/none").status_code == 404


def test_it_checks_each_connection_and_redirect(net: Loopback) -> None:
    net.script("GET", "/a", reply(302, headers={"Location": "http://169.254.169.254/latest"}))
    with pytest.raises(ForbiddenAddress, match="169.254.169.254"):
        a_session().get(net.url + "/a")
    with pytest.raises(ForbiddenAddress):
        a_session(GuardedAdapter(allow_private="")).get(net.url + "/a")
    assert len(net.requests) == 1


def test_it_reads_the_operators_list_at_each_connection(net: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    net.script("GET", "/a", reply())
    session = a_session(GuardedAdapter())
    monkeypatch.setenv("EARSHOT_ALLOW_PRIVATE", "")
    with pytest.raises(ForbiddenAddress):
        session.get(net.url + "/a")
    monkeypatch.setenv("EARSHOT_ALLOW_PRIVATE", "127.0.0.1/32")
    assert session.get(net.url + "/a").ok


def test_it_connects_to_the_address_that_was_checked(net: Loopback) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    net.script("GET", "/", reply(200, "well", {"Connection": "close"}))
    session = a_session(GuardedAdapter(allow_private="127.0.0.0/8", resolver=lambda host, port: next(answers)))
    assert session.get(f"http://rebinding.example:{net.port}/").text == "well"
    with pytest.raises(ForbiddenAddress, match="rebinding.example"):
        session.get(f"http://rebinding.example:{net.port}/")
    assert [request.headers["host"] for request in net.requests] == [f"rebinding.example:{net.port}"]


def test_it_tries_the_next_address_and_says_when_none_answers(net: Loopback) -> None:
    net.script("GET", "/", reply(200, "well"))
    both = GuardedAdapter(allow_private="127.0.0.0/8", resolver=lambda host, port: ["127.0.0.2", "127.0.0.1"])
    assert a_session(both).get(f"http://two.example:{net.port}/").text == "well"
    neither = GuardedAdapter(allow_private="127.0.0.0/8", resolver=lambda host, port: ["127.0.0.2"])
    with pytest.raises(requests.ConnectionError):
        a_session(neither).get(f"http://two.example:{net.port}/")
    with pytest.raises(requests.ConnectionError):
        a_session().get("http://nobody.invalid/")


def test_it_stops_an_answer_that_is_too_large(net: Loopback) -> None:
    net.script("GET", "/large", reply(200, b"x" * 2_000))
    net.script("GET", "/bomb", reply(200, gzip.compress(b"x" * 1_000_000), {"Content-Encoding": "gzip"}))
    for path in ("/large", "/bomb"):
        with pytest.raises(AnswerTooLarge, match="1,000 bytes"):
            a_session().get(net.url + path)
    with a_session().get(net.url + "/large", stream=True) as answer:
        assert len(answer.content) == 2_000, "streams are unbounded by nature"


def test_it_stops_an_answer_that_takes_too_long(net: Loopback) -> None:
    net.script("GET", "/a", reply(200, "slow"))
    session = a_session(GuardedAdapter(allow_private="127.0.0.0/8", total=-1))
    with pytest.raises(AnswerTooLarge, match="more than"):
        session.get(net.url + "/a")


def test_it_ignores_proxies_of_the_environment(net: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    net.script("GET", "/a", reply(200, "direct"))
    assert a_session().get(net.url + "/a").text == "direct"
