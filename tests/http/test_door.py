"""The door is bounded in time, size, retries and redirects, over a real server on loopback."""

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from listening.http import Answer, Door, ForbiddenAddress, NetworkError, retry_after
from tests.sources.loopback import Loopback, Reply, gzipped, reply

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LOOPBACK = "127.0.0.0/8"


@pytest.fixture
def net() -> Iterator[Loopback]:
    with Loopback() as network:
        yield network


class Naps(list[float]):
    """Sleeps that only take notes."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture
def door(naps: Naps) -> Iterator[Door]:
    with Door(allow_private=LOOPBACK, now=lambda: NOW, sleep=naps, max_bytes=1_000) as opened:
        yield opened


def test_it_reads_status_headers_and_bytes(net: Loopback, door: Door) -> None:
    net.script("GET", "/a", reply(200, {"n": 1}, {"ETag": '"x"'}))
    answer = door.get(net.url + "/a", params={"q": "one two", "none": None})
    assert (answer.status, answer.headers["etag"], answer.json(), answer.moved_to) == (200, '"x"', {"n": 1}, None)
    assert net.requests[0].query == (("q", "one two"),)
    assert net.requests[0].headers["user-agent"].startswith("Earshot/")


def test_what_is_nested_without_end_is_no_json_either(net: Loopback, door: Door) -> None:
    net.script("GET", "/a", reply(200, b"[" * 900))
    assert pytest.raises(NetworkError, door.get(net.url + "/a").json).value.code == "schema"
    endless = Answer(200, {}, b"[" * 200_000, net.url)
    assert pytest.raises(NetworkError, endless.json).value.code == "schema"


@pytest.mark.parametrize("url", ["https://example.org/\x01", "https://xn--/", "https://☃☃.example/"])
@pytest.mark.parametrize("params", [None, {"q": "one"}])
def test_an_address_with_signs_that_none_may_hold_is_refused_in_words(
    door: Door, url: str, params: dict[str, str] | None
) -> None:
    with pytest.raises(ForbiddenAddress, match="is not an address"):
        door.get(url, params=params)


def test_a_redirect_to_what_is_no_address_is_refused_in_words(net: Loopback, door: Door) -> None:
    net.script("GET", "/a", reply(302, b"", {"Location": "https://xn--/"}))
    with pytest.raises(ForbiddenAddress, match="is not an address"):
        door.get(net.url + "/a")


def test_it_keeps_the_query_of_the_address_beside_params(net: Loopback, door: Door) -> None:
    net.script("GET", "/a", reply())
    door.get(net.url + "/a?key=1", params={"q": "2"})
    door.get(net.url + "/a?key=1")
    assert [request.params for request in net.requests] == [{"key": "1", "q": "2"}, {"key": "1"}]


@pytest.mark.parametrize("status", [304, 400, 401, 404, 410, 500])
def test_it_gives_statuses_to_the_caller(net: Loopback, door: Door, status: int) -> None:
    net.script("GET", "/a", reply(status))
    assert door.get(net.url + "/a").status == status
    assert len(net.requests) == 1


@pytest.mark.parametrize(
    ("status", "code", "permanent"),
    [(401, "auth", True), (403, "auth", False), (404, "not_found", False), (410, "not_found", True)]
    + [(400, "schema", False), (500, "server", False), (204, None, False)],
)
def test_it_names_the_kind_of_a_failure(status: int, code: str | None, permanent: bool) -> None:
    answer = Answer(status, {}, b"why", "https://example.org/feed?key=secret")
    if code is None:
        assert answer.expect() is answer
        return
    with pytest.raises(NetworkError) as caught:
        answer.expect()
    assert (caught.value.code, caught.value.permanent, caught.value.raw) == (code, permanent, "why")
    assert "secret" not in caught.value.sentence
    assert answer.expect(status) is answer


def test_it_stops_an_answer_that_is_too_large(net: Loopback, door: Door) -> None:
    net.script("GET", "/large", reply(200, b"x" * 1_001))
    net.script("GET", "/bomb", gzipped(reply(200, b"x" * 1_000_000)))
    net.script("GET", "/fits", gzipped(reply(200, b"x" * 1_000)))
    for path in ("/large", "/bomb"):
        with pytest.raises(NetworkError, match="1,000 bytes"):
            door.get(net.url + path)
    assert len(door.get(net.url + "/fits").content) == 1_000
    assert net.paths() == ["/large", "/bomb", "/fits"]


def test_it_says_when_an_answer_is_not_json(net: Loopback, door: Door) -> None:
    net.script("GET", "/a", reply(200, "<html>hello</html>"))
    with pytest.raises(NetworkError, match="did not answer JSON") as caught:
        door.get(net.url + "/a").json()
    assert (caught.value.code, caught.value.raw) == ("schema", "<html>hello</html>")


def test_it_retries_trouble_a_bounded_number_of_times(net: Loopback, door: Door, naps: Naps) -> None:
    net.script("GET", "/a", reply(503), reply(502), reply(200, "well"))
    assert door.get(net.url + "/a").content == b"well"
    net.script("GET", "/b", reply(504))
    with pytest.raises(NetworkError) as caught:
        door.get(net.url + "/b")
    assert (caught.value.code, caught.value.status) == ("server", 504)
    assert net.paths() == ["/a"] * 3 + ["/b"] * 3
    assert len(naps) == 4
    assert all(0 < nap <= 2 for nap in naps)


def test_it_waits_a_short_retry_after_and_raises_a_long_one(net: Loopback, door: Door, naps: Naps) -> None:
    net.script("GET", "/a", reply(429, headers={"Retry-After": "1"}), reply(200, "well"))
    assert door.get(net.url + "/a").content == b"well"
    assert naps == [1.0]
    for status, code in ((429, "rate_limit"), (503, "server")):
        net.script("GET", "/b", reply(status, headers={"Retry-After": "3600"}))
        with pytest.raises(NetworkError) as caught:
            door.get(net.url + "/b")
        assert (caught.value.code, caught.value.retry_at) == (code, NOW + timedelta(hours=1))
    assert naps == [1.0]


def test_it_does_not_hammer_a_429_that_names_no_time(net: Loopback, door: Door) -> None:
    net.script("GET", "/a", reply(429))
    with pytest.raises(NetworkError) as caught:
        door.get(net.url + "/a")
    assert (caught.value.code, caught.value.retry_at, len(net.requests)) == ("rate_limit", None, 1)


def test_it_never_repeats_a_post(net: Loopback, door: Door) -> None:
    net.script("POST", "/a", reply(503))
    with pytest.raises(NetworkError):
        door.send("POST", net.url + "/a", json={"n": 1})
    assert [request.body for request in net.requests] == [b'{"n":1}']


def test_it_retries_a_connection_that_breaks(net: Loopback, door: Door) -> None:
    net.script("GET", "/a", reply(200, "half of this", hang_up=True), reply(200, "whole"))
    assert door.get(net.url + "/a").content == b"whole"


def test_it_says_that_nobody_answers(door: Door, naps: Naps) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(NetworkError, match="could not be reached") as caught:
            door.get(f"http://127.0.0.1:{unused.getsockname()[1]}/")
    assert (caught.value.code, caught.value.permanent, len(naps)) == ("network", False, 2)


def test_it_says_that_a_name_is_not_known(door: Door) -> None:
    with pytest.raises(NetworkError, match="nobody.invalid is not known"):
        door.get("http://nobody.invalid/")


def test_it_gives_up_on_bytes_that_drip(naps: Naps) -> None:
    """A server that sends a header line for ever stays under every time-out between two bytes."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        Door(allow_private=LOOPBACK, timeout=5, total=0.3, retries=0, sleep=naps) as door,
    ):
        stop = threading.Event()

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                while not stop.wait(0.02):
                    try:
                        connection.sendall(b"X-More: 1\r\n")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        try:
            with pytest.raises(NetworkError, match="took too long"):
                door.get(f"http://127.0.0.1:{server.getsockname()[1]}/")
        finally:
            stop.set()
            thread.join()


def test_it_follows_redirects_and_tells_permanent_ones(net: Loopback, door: Door) -> None:
    net.script("GET", "/old", reply(301, headers={"Location": "/newer"}))
    net.script("GET", "/newer", reply(308, headers={"Location": net.url + "/newest"}))
    net.script("GET", "/newest", reply(302, headers={"Location": "/today"}))
    net.script("GET", "/today", reply(301, headers={"Location": "/final"}))
    net.script("GET", "/final", reply(200, "here"))
    answer = door.get(net.url + "/old")
    assert (answer.content, answer.url, answer.moved_to) == (b"here", net.url + "/final", net.url + "/newest")
    assert door.get(net.url + "/newest").moved_to is None


def test_it_ends_circles(net: Loopback, door: Door) -> None:
    net.script("GET", "/a", reply(302, headers={"Location": "/a"}))
    with pytest.raises(NetworkError, match="in circles"):
        door.get(net.url + "/a")
    assert len(net.requests) == 6


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/",
        "http://[::1]/",
        "file:///etc/passwd",
        "http://a:b@127.0.0.1/",
        "//192.168.1.1/",
    ],
)
def test_it_checks_where_a_redirect_leads(net: Loopback, door: Door, target: str) -> None:
    net.script("GET", "/a", reply(301, headers={"Location": target}))
    with pytest.raises(ForbiddenAddress):
        door.get(net.url + "/a")


def test_it_keeps_keys_from_the_host_that_it_is_sent_to(net: Loopback, door: Door) -> None:
    with Loopback() as other:
        net.script("GET", "/a", reply(302, headers={"Location": "/b"}))
        net.script("GET", "/b", reply(302, headers={"Location": other.url + "/c"}))
        other.script("GET", "/c", reply())
        door.get(net.url + "/a", headers={"Authorization": "Bearer k", "X-Api-Key": "k", "If-None-Match": '"1"'})
        assert net.requests[1].headers["authorization"] == "Bearer k"
        assert not {"authorization", "x-api-key"} & set(other.requests[0].headers)
        assert other.requests[0].headers["if-none-match"] == '"1"'


def test_it_connects_to_the_address_that_was_checked(net: Loopback) -> None:
    """DNS rebinding: the name is public when asked first and the loopback ever after."""
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["203.0.113.9"] if len(asked) == 1 else ["127.0.0.1"]

    net.script("GET", "/", reply(200, "secret"))
    with Door(allow_private="203.0.113.0/24", resolver=rebinding, connect=0.2, retries=0) as door:
        with pytest.raises(NetworkError, match="http://rebinding.example"):
            door.get(f"http://rebinding.example:{net.port}/")
        with pytest.raises(ForbiddenAddress):
            door.get(f"http://rebinding.example:{net.port}/")
    assert asked == ["rebinding.example"] * 2
    assert net.requests == []


def test_it_refuses_a_name_of_which_one_address_is_private(net: Loopback) -> None:
    door = Door(allow_private="", resolver=lambda host, port: ["203.0.113.9", "127.0.0.1"])
    with door, pytest.raises(ForbiddenAddress, match="mixed.example"):
        door.get(f"http://mixed.example:{net.port}/")
    assert net.requests == []


def test_it_tries_the_next_address_when_the_first_is_silent(net: Loopback) -> None:
    net.script("GET", "/", reply(200, "well"))
    with Door(allow_private=LOOPBACK, resolver=lambda host, port: ["127.0.0.2", "127.0.0.1"], retries=0) as door:
        assert door.get(f"http://two.example:{net.port}/").content == b"well"
    assert net.requests[0].headers["host"] == f"two.example:{net.port}"


def test_it_ignores_proxies_of_the_environment(net: Loopback, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    net.script("GET", "/a", reply(200, "direct"))
    assert door.get(net.url + "/a").content == b"direct"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("-5", 0),
        ("1.5", 1.5),
        ("Mon, 23 Nov 2026 12:10:00 GMT", 600),
        ("Mon, 23 Nov 2026 13:10:00 +0100", 600),
        ("Mon, 23 Nov 2020 12:10:00 GMT", 0),
        ("99999999999999999999", 7 * 86_400),
        ("inf", 7 * 86_400),
        ("Mon, 23 Nov 9998 12:10:00 GMT", 7 * 86_400),
        ("soon", None),
        ("nan", None),
        ("", None),
        (None, None),
    ],
)
def test_it_reads_retry_after(text: str | None, seconds: float | None) -> None:
    assert retry_after(text, NOW) == (None if seconds is None else NOW + timedelta(seconds=seconds))


def test_the_replaying_server_prefers_the_likest_query(net: Loopback, door: Door) -> None:
    def line(query: str, n: int) -> dict[str, object]:
        return {"method": "GET", "url": f"https://m.example/t?{query}", "status": 200, "headers": {}, "json": n}

    net.play([line("limit=5", 1), line("limit=5&min_id=9", 2), line("limit=5&min_id=9", 3)])
    asked = ["?limit=5", "?limit=5&min_id=9", "?min_id=9&limit=5", "?limit=5&min_id=9"]
    assert [door.get(net.url + "/t" + query).json() for query in asked] == [1, 2, 3, 2]
    assert door.get(net.url + "/other").status == 404


def test_the_server_asks_a_function(net: Loopback, door: Door) -> None:
    net.handle("GET", "/api/*", lambda request: Reply(200, request.path.encode()))
    assert door.get(net.url + "/api/x/1").content == b"/api/x/1"


def test_a_door_without_redirects_hands_them_back(net: Loopback) -> None:
    net.script("POST", "/a", reply(307, b"", {"Location": net.url + "/b"}))
    with Door(allow_private=LOOPBACK, redirects=0) as door:
        assert door.send("POST", net.url + "/a", content=b"said").status == 307
    assert net.paths() == ["/a"]


def test_bytes_go_out_as_they_are_and_stay_behind_when_a_redirect_asks_to_read(net: Loopback, door: Door) -> None:
    said = '{"a": "ü"}'.encode()
    net.script("POST", "/a", reply(307, b"", {"Location": net.url + "/b"}))
    net.script("POST", "/b", reply(303, b"", {"Location": net.url + "/c"}))
    net.script("GET", "/c", reply())
    door.send("POST", net.url + "/a", content=said, headers={"content-type": "application/json"})
    assert [request.body for request in net.requests] == [said, said, b""]
