"""Mastodon is read forwards without losing a post, and the source stops where its instances or its network say so."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingest.sources import load
from ingest.sources.base import Config, Cursor, OwnHandle, Page, SourceError, Target, Tracked, TrackedQuery
from ingest.sources.mastodon import Mastodon
from ingest.sources.mastodon.tags import hashtags
from ingest.sources.mastodon.walk import later, lowered
from ingest.sources.mastodon.words import search_words
from listening.query import parse
from tests.sources.loopback import Loopback, Reply, Request, reply
from tests.sources.mastodon.server import NOW, Server, snowflake


@pytest.fixture
def net() -> Iterator[Loopback]:
    with Loopback() as network:
        yield network


@pytest.fixture
def server(net: Loopback) -> Server:
    return Server(net)


def a_source(*urls: str, token: str = "", **settings: Any) -> Mastodon:
    credentials = {"token": token} if token else {}
    return Mastodon(Config(settings={"api_url": list(urls), **settings}, credentials=credentials, now=lambda: NOW))


def brand(*queries: str, handle: str = "nimbus@brands.example") -> Tracked:
    texts = tuple(TrackedQuery(n, text) for n, text in enumerate(queries))
    return Tracked(1, "nimbus", "Nimbus", texts, (OwnHandle("mastodon", handle), OwnHandle("x", "other")))


def target(net: Loopback, what: str = "tag", **params: str) -> Target:
    given = {"tag": {"tag": "nimbus"}, "search": {"words": "nimbus"}, "mentions": {}}[what]
    return Target("key", "label", params={"instance": net.url, "what": what, **given, **params})


def ids(pages: list[Page]) -> list[str]:
    return [str((record.raw or {})["id"]) for page in pages for record in page.records]


def asked(net: Loopback) -> list[dict[str, str]]:
    return [request.params for request in net.requests if "instance" not in request.path]


def test_it_stands_in_the_catalogue() -> None:
    assert load("mastodon") is Mastodon


def test_its_first_reading_goes_back_a_week(net: Loopback, server: Server) -> None:
    for hour in range(24 * 10):
        server.post(ago=timedelta(hours=hour, minutes=1))
    pages = list(a_source(net.url).poll(target(net), None))
    assert len(ids(pages)) == 200
    assert pages[-1].done
    assert pages[-1].cursor == {"newest": snowflake(NOW - timedelta(minutes=1))}
    assert pages[0].newest == NOW - timedelta(minutes=1)


def test_it_reads_forward_page_by_page_from_what_it_knows(net: Loopback, server: Server) -> None:
    """T10: far more than one page is new, and none is skipped."""
    known = snowflake(NOW - timedelta(hours=12))
    numbers = [server.post(ago=timedelta(minutes=n + 1))["id"] for n in range(250)]
    pages = list(a_source(net.url).poll(target(net), {"newest": known}))
    assert set(ids(pages)) == set(numbers)
    assert [page.done for page in pages] == [False] * 7 + [True]
    assert pages[-1].cursor == {"newest": numbers[0]}
    first, *others = asked(net)
    assert first == {"min_id": lowered(known), "limit": "40"}
    assert all(set(params) == {"min_id", "limit"} for params in others), "Link is followed upwards only"


def test_it_goes_on_where_it_was_killed(net: Loopback, server: Server) -> None:
    numbers = {server.post(ago=timedelta(minutes=n + 1))["id"] for n in range(250)}
    for cursor in (None, {"newest": snowflake(NOW - timedelta(hours=12))}):
        seen: set[str] = set()
        place: Cursor | None = cursor
        for _ in range(20):
            page = next(iter(a_source(net.url).poll(target(net), place)))
            seen, place = seen | set(ids([page])), page.cursor
            if page.done:
                break
        assert seen == numbers
        assert place == {"newest": max(numbers)}


def test_posts_that_arrive_during_the_walk_are_read_too(net: Loopback, server: Server) -> None:
    """T20."""
    for n in range(100):
        server.post(ago=timedelta(minutes=n + 10))
    fresh = iter(range(1, 9))

    def arrive(request: Request) -> None:
        if (n := next(fresh, None)) is not None:
            server.post(ago=timedelta(minutes=9 - n))

    server.before = arrive
    pages = list(a_source(net.url).poll(target(net), {"newest": snowflake(NOW - timedelta(hours=12))}))
    assert set(ids(pages)) == {status["id"] for status in server.statuses}


def test_posts_that_federate_late_are_read_too(net: Loopback, server: Server) -> None:
    server.post(ago=timedelta(minutes=5))
    source = a_source(net.url)
    first = list(source.poll(target(net), None))
    late = server.post(ago=timedelta(minutes=90))
    assert late["id"] in ids(list(source.poll(target(net), first[-1].cursor)))


def test_an_empty_hashtag_is_no_error(net: Loopback, server: Server) -> None:
    (page,) = a_source(net.url).poll(target(net), None)
    assert (page.records, page.done, page.cursor) == ([], True, {})
    server.post()
    assert len(ids(list(a_source(net.url).poll(target(net), page.cursor)))) == 1


def test_a_server_that_ignores_min_id_does_not_hold_it_for_ever(net: Loopback, server: Server) -> None:
    net.script("GET", "/api/v1/timelines/tag/nimbus", reply(200, [server.post(), server.post(ago=timedelta(hours=3))]))
    pages = list(a_source(net.url).poll(target(net), {"newest": "1"}))
    assert [page.done for page in pages] == [False, True]


def test_it_reads_the_mentions_of_its_account(net: Loopback, server: Server) -> None:
    for n in range(1, 101):
        server.notify(n, server.post(ago=timedelta(minutes=200 - n)), "quote" if n % 2 else "mention")
    server.notify(200, server.post(), "favourite")
    source = a_source(net.url, token="t")
    pages = list(source.poll(target(net, "mentions"), {"newest": "10"}))
    assert len(ids(pages)) == 90
    assert pages[-1].cursor == {"newest": "100"}
    first = next(request for request in net.requests if request.path == "/api/v1/notifications")
    assert first.query == (("min_id", "10"), ("limit", "40"), ("types[]", "mention"), ("types[]", "quote"))
    assert first.headers["authorization"] == "Bearer t"


def test_its_search_keeps_the_same_lower_end_on_every_page(net: Loopback, server: Server) -> None:
    """T18: search knows only newest first; the next run starts above the top of this one."""
    numbers = [server.post(ago=timedelta(minutes=n + 1))["id"] for n in range(100)]
    newest = snowflake(NOW - timedelta(hours=1))
    pages = list(a_source(net.url, token="t").poll(target(net, "search"), {"newest": newest}))
    assert set(ids(pages)) == set(numbers)
    assert pages[-1].cursor == {"newest": numbers[0]}
    searches = [request.params for request in net.requests if request.path == "/api/v2/search"]
    assert {params["min_id"] for params in searches} == {lowered(newest)}
    assert searches[0] == {"q": "nimbus", "type": "statuses", "min_id": lowered(newest), "limit": "40"} | (
        {"exclude_unreviewed": "1"} if "exclude_unreviewed" in searches[0] else {}
    )


def test_a_search_that_was_killed_goes_on_downwards(net: Loopback, server: Server) -> None:
    numbers = {server.post(ago=timedelta(minutes=n + 1))["id"] for n in range(100)}
    place: Cursor = {"newest": snowflake(NOW - timedelta(hours=3))}
    seen: set[str] = set()
    for _ in range(9):
        page = next(iter(a_source(net.url, token="t").poll(target(net, "search"), place)))
        seen, place = seen | set(ids([page])), page.cursor
        if page.done:
            break
    assert (seen, place) == (numbers, {"newest": max(numbers)})


def test_it_wants_rest_when_no_request_is_left(net: Loopback, server: Server) -> None:
    reset = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=4)
    server.limits = {"X-RateLimit-Remaining": "0", "X-RateLimit-Limit": "300", "X-RateLimit-Reset": reset.isoformat()}
    for n in range(100):
        server.post(ago=timedelta(minutes=n + 1))
    (page,) = a_source(net.url).poll(target(net), None)
    assert not page.done
    assert page.retry_at
    assert abs(page.retry_at - reset) < timedelta(seconds=5)


def test_a_rate_limit_is_not_slept_through(net: Loopback, server: Server) -> None:
    reset = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=4)
    limited = reply(
        429, {"error": "Too many requests"}, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset.isoformat()}
    )
    net.script("GET", "/api/v1/timelines/tag/nimbus", limited)
    with pytest.raises(SourceError) as caught:
        list(a_source(net.url).poll(target(net), {"newest": "1"}))
    error = caught.value
    assert (error.code, error.permanent) == ("rate_limit", False)
    assert error.retry_at
    assert abs(error.retry_at - reset) < timedelta(seconds=5)
    net.script("GET", "/api/v1/timelines/tag/nimbus", reply(429, {"error": "Too many requests"}))
    with pytest.raises(SourceError) as caught:
        list(a_source(net.url).poll(target(net), {"newest": "1"}))
    assert caught.value.retry_at == NOW + timedelta(minutes=5)


def test_one_instance_at_its_limit_leaves_the_others_alone(net: Loopback, server: Server) -> None:
    net.script("GET", "/api/v1/timelines/tag/nimbus", reply(429, {"error": "Too many requests"}))
    (page,) = a_source(net.url, "https://other.example").poll(target(net), {"newest": "5"})
    assert (page.cursor, page.done, page.retry_at) == ({"newest": "5"}, False, NOW + timedelta(minutes=5))
    assert "fewer requests" in page.warnings[0]


def test_pages_before_an_error_count(net: Loopback, server: Server) -> None:
    for n in range(100):
        server.post(ago=timedelta(minutes=n + 1))
    pages = a_source(net.url).poll(target(net), None)
    assert len(next(pages).records) == 40
    net.script("GET", "/api/v1/timelines/tag/nimbus", reply(500, {"error": "boom"}))
    with pytest.raises(SourceError):
        next(pages)


@pytest.mark.parametrize(
    ("status", "token", "code", "permanent", "words"),
    [
        (401, "t", "auth", True, "does not accept the token"),
        (401, "", "auth", True, "only to its members"),
        (403, "t", "auth", False, "scope"),
        (404, "", "not_found", False, "404"),  # T6
        (422, "", "schema", False, "unknown way"),
        (500, "t", "server", False, "trouble of its own"),  # T15: not "sign in again"
        (503, "t", "server", False, "trouble of its own"),
    ],
)
def test_a_failure_says_what_kind_it_is(
    net: Loopback, status: int, token: str, code: str, permanent: bool, words: str
) -> None:
    net.script("GET", "/api/v1/timelines/tag/nimbus", reply(status, {"error": "raw words"}))
    with pytest.raises(SourceError) as caught:
        list(a_source(net.url, token=token).poll(target(net), None))
    error = caught.value
    assert (error.code, error.permanent, error.retry_at) == (code, permanent, None)
    assert words in error.sentence
    assert "raw words" in error.raw
    with pytest.raises(SourceError) as caught:
        list(a_source(net.url, "https://other.example", token=token).poll(target(net), None))
    assert not caught.value.permanent, "one of several instances never stops the source"


@pytest.mark.parametrize(
    "body",
    [{"posts": []}, ["junk"], [{"id": "1"}], [{"id": "1", "uri": "u", "content": "x", "account": None}], "<html>"],
)
def test_a_changed_format_stops_the_run(net: Loopback, body: Any) -> None:
    """T1."""
    net.script("GET", "/api/v1/timelines/tag/nimbus", reply(200, body))
    net.script("GET", "/api/v2/search", reply(200, body))
    for what in ("tag", "search"):
        with pytest.raises(SourceError) as caught:
            list(a_source(net.url, token="t").poll(target(net, what), {"newest": "1"}))
        assert (caught.value.code, caught.value.permanent) == ("schema", False)


def test_one_unreadable_post_is_set_aside(net: Loopback, server: Server) -> None:
    server.post()
    server.post(ago=timedelta(minutes=2), account=None)
    pages = list(a_source(net.url).poll(target(net), {"newest": "1"}))
    assert len(ids(pages)) == 1
    (broken,) = pages[0].broken
    assert broken.raw["uri"].startswith(net.url)


def test_nobody_answering_is_a_network_error() -> None:
    with Loopback() as gone:
        url = gone.url
    with pytest.raises(SourceError) as caught:
        list(a_source(url).poll(Target("k", "l", params={"instance": url, "what": "tag", "tag": "x"}), None))
    assert (caught.value.code, caught.value.permanent) == ("network", False)


def test_it_reads_nothing_inside(net: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    source = a_source(net.url)
    monkeypatch.setenv("EARSHOT_ALLOW_PRIVATE", "")
    with pytest.raises(SourceError, match="EARSHOT_ALLOW_PRIVATE") as caught:
        list(source.poll(target(net), None))
    assert (caught.value.code, net.requests) == ("settings", [])
    answer = source.check()
    assert not answer.ok
    assert "EARSHOT_ALLOW_PRIVATE" in answer.sentence


def test_a_redirect_inwards_is_refused(net: Loopback) -> None:
    net.script("GET", "/api/v1/timelines/tag/nimbus", reply(302, headers={"Location": "http://169.254.169.254/"}))
    with pytest.raises(SourceError) as caught:
        list(a_source(net.url).poll(target(net), None))
    assert caught.value.code == "settings"


def test_a_token_is_no_file_name(net: Loopback, server: Server, tmp_path: Any) -> None:
    """Mastodon.py would read the file and send its first line to the instance."""
    secret = tmp_path / "secret"
    secret.write_text("of the machine")
    list(a_source(net.url, token=str(secret)).poll(target(net), None))
    assert net.requests[-1].headers["authorization"] == f"Bearer {secret}"


def test_its_targets_are_the_same_for_the_same_brands(net: Loopback) -> None:
    tracked = [brand("nimbus OR #CloudNine", '"customer service" AND nimbus', "broken (")]
    settings = {"hashtags": "#Listed\n\nnimbus"}
    plain = a_source("social.example", net.url + "/", **settings).targets(tracked)
    assert [t.key for t in plain if t.key.startswith("tag:social.example")] == [
        "tag:social.example:listed",
        "tag:social.example:nimbus",
        "tag:social.example:cloudnine",
        "tag:social.example:customerservice",
    ] or len(plain) == 6
    assert {t.params["instance"] for t in plain} == {"https://social.example", net.url}
    signed = a_source("social.example", net.url, token="t", **settings).targets(tracked)
    extra = [t.key.split(":")[0] for t in signed if t.key not in {p.key for p in plain}]
    assert extra.count("mentions") == 1
    assert extra.count("search") >= 2
    assert all(t.params["instance"] == "https://social.example" for t in signed if not t.key.startswith("tag"))
    assert not [t for t in a_source("a.example", token="t", search=False).targets(tracked) if "search" in t.key]
    assert all(len(t.key) <= 200 for t in signed)


def test_it_says_which_hashtags_it_leaves_out(net: Loopback, server: Server) -> None:
    source = a_source(net.url)
    targets = source.targets([brand(" OR ".join(f"tag{chr(97 + n)}" for n in range(25)))])
    assert len(targets) == 20
    first = list(source.poll(targets[0], None))
    second = list(source.poll(targets[1], None))
    assert "25 hashtags; the first 20" in first[0].warnings[0]
    assert not any(page.warnings for page in second)


@pytest.mark.parametrize(
    ("query", "tags", "words"),
    [
        ("nimbus", ["nimbus"], ["nimbus"]),
        ('"customer service"', ["customerservice"], ['"customer service"']),
        ("#CloudNine", ["cloudnine"], ["CloudNine"]),
        ("coca-cola", ["cocacola"], ['"coca-cola"']),
        ("nimbus AND (rain OR snow)", ["nimbus"], ["nimbus"]),
        ("nimbus NOT rain", ["nimbus"], ["nimbus"]),
        ("nimb* OR rain", ["rain"], []),
        ("nimb* AND rain", ["rain"], ["rain"]),
        ("nimbus NEAR/5 (rain OR snow)", ["nimbus"], ["nimbus"]),
        ("title:nimbus", ["nimbus"], ["nimbus"]),
        ("@nimbus OR {BT}", ["bt"], ["BT", "nimbus"]),
        ('raw:"C++"', [], ['"C++"']),
        ("2026 OR lang:en", [], []),
    ],
)
def test_it_weakens_queries(query: str, tags: list[str], words: list[str]) -> None:
    assert list(hashtags(parse(query))) == tags
    assert list(search_words(parse(query))) == words


def test_ids_are_compared_as_numbers_where_they_are() -> None:
    assert later("9", "10") == "10"
    assert later("AbcZ", "AbcA") == "AbcZ"
    assert later(None, "1") == later("1", None) == "1"
    assert later(None, None) is None
    assert lowered("12345") == "12345"
    assert lowered("9vQz") == "9vQz"
    assert lowered(snowflake(NOW)) == snowflake(NOW - timedelta(hours=2))


def test_its_preview_shows_the_newest_under_its_hashtags(net: Loopback, server: Server) -> None:
    for n in range(9):
        server.post(ago=timedelta(minutes=n + 1))
    server.post(account=server.account("shy", indexable=False))
    assert len(list(a_source(net.url).preview("nimbus", 5))) == 5
    assert list(a_source(net.url).preview("author:x OR lang:en", 5)) == []


RESET = (datetime.now(UTC) + timedelta(hours=3)).isoformat()  # the library compares it with its own clock


def test_it_follows_deletions_at_home_and_abroad(net: Loopback, server: Server) -> None:
    alive = server.post()
    with Loopback() as abroad:
        abroad.script("GET", "/notes/alive", reply(200, {"type": "Note", "id": "x"}))
        abroad.script("GET", "/notes/gone", reply(410))
        abroad.script("GET", "/notes/tomb", reply(200, {"type": "Tombstone"}))
        abroad.script("GET", "/notes/signed", reply(401))
        names = ["alive", "gone", "tomb", "never", "signed"]
        uris = [alive["uri"], f"{net.url}/users/ada/statuses/1", *(f"{abroad.url}/notes/{name}" for name in names)]
        found = {status.external_id: status.state for status in a_source(net.url).hydrate(uris)}
        assert "activity+json" in abroad.requests[0].headers["accept"]
    assert found == {
        uris[0]: "alive",
        uris[1]: "gone",
        f"{abroad.url}/notes/alive": "alive",
        f"{abroad.url}/notes/gone": "gone",
        f"{abroad.url}/notes/tomb": "gone",
        f"{abroad.url}/notes/never": "gone",
    }


def test_it_asks_twenty_posts_at_a_time_where_they_were_told_and_minds_their_authors(
    net: Loopback, server: Server
) -> None:
    posts = [server.post(n=n, ago=timedelta(minutes=n + 1)) for n in range(45)]
    shy = server.post(n=77, account=server.account("shy", note="<p>#nobot please</p>"))
    stored = {post["uri"]: {"id": post["id"], "instance": net.url} for post in [*posts, shy]}
    server.statuses.remove(posts[7])
    source = a_source(net.url)
    source.stored = stored
    found = {status.external_id: status.state for status in source.hydrate(list(stored))}
    assert found.pop(posts[7]["uri"]) == "gone" and found.pop(shy["uri"]) == "unwilling"
    assert set(found.values()) == {"alive"} and len(found) == 44
    batches = [request for request in net.requests if request.path == "/api/v1/statuses"]
    assert len(batches) == 3 and len(net.requests) == 4  # and one to be sure about the one that was missing


def test_an_instance_that_shows_nothing_at_once_is_asked_about_each_before_anything_is_erased(
    net: Loopback, server: Server
) -> None:
    alive = server.post()
    net.handle("GET", "/api/v1/statuses", lambda request: reply(200, []))
    assert [status.state for status in a_source(net.url).hydrate([alive["uri"]])] == ["alive"]


def test_it_leaves_requests_for_new_posts(net: Loopback, server: Server) -> None:
    posts = [server.post(n=n) for n in range(45)]
    server.limits = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "99", "X-RateLimit-Reset": RESET}
    source = a_source(net.url)
    told = []
    with pytest.raises(SourceError) as caught:
        for status in source.hydrate([post["uri"] for post in posts]):
            told.append(status)
    assert caught.value.code == "rate_limit" and caught.value.retry_at is not None
    assert len(told) == 20


def test_trouble_at_the_instance_is_no_deletion(net: Loopback) -> None:
    net.script("GET", "/api/v1/statuses/1", reply(500))
    with pytest.raises(SourceError):
        list(a_source(net.url).hydrate([f"{net.url}/users/ada/statuses/1"]))


@pytest.mark.parametrize("answer", [reply(503), reply(401), reply(200, "<html>")])
def test_a_server_that_tells_nothing_is_asked_once_and_nothing_is_erased(net: Loopback, answer: Reply) -> None:
    with Loopback() as abroad:
        abroad.handle("GET", "/notes/*", lambda request: answer)
        assert list(a_source(net.url).hydrate([f"{abroad.url}/notes/{n}" for n in range(9)])) == []
        assert len(abroad.requests) == 1


def test_nothing_to_read_is_no_silence(net: Loopback) -> None:
    with pytest.raises(SourceError, match="Add hashtags by hand") as caught:
        a_source(net.url).targets([brand("author:x OR lang:en")])
    assert (caught.value.code, caught.value.permanent) == ("settings", False)
    assert a_source(net.url).targets([]) == []
    assert a_source(net.url, token="t").targets([brand("author:x OR lang:en")])


@pytest.mark.parametrize("what", ["tag", "search", "mentions"])
@pytest.mark.parametrize("seed", range(2))
def test_nothing_is_lost_whatever_happens_between_pages(net: Loopback, server: Server, what: str, seed: int) -> None:
    """Posts arrive and federate late, the reader is killed after any page; the ledger agrees."""
    chance, now, number = random.Random(seed), NOW, 0
    cursor: Cursor | None = None
    seen: set[str] = set()

    def source() -> Mastodon:
        settings = {"api_url": net.url}
        return Mastodon(Config(settings=settings, credentials={"token": "t"}, now=lambda: now))

    for _ in range(10):
        now += timedelta(minutes=chance.randrange(1, 15))
        for _ in range(chance.choice([0, 3, 90])):
            number += 1
            late = timedelta(minutes=chance.randrange(0, 60))
            server.notify(number, server.post(ago=NOW - now + late, n=number))
        for page in source().poll(target(net, what), cursor):
            seen, cursor = seen | set(ids([page])), page.cursor
            if chance.random() < 0.4:
                break  # killed after this page was stored
    pages = list(source().poll(target(net, what), cursor))
    pages += list(source().poll(target(net, what), pages[-1].cursor))
    assert seen | set(ids(pages)) == {status["id"] for status in server.statuses}
    assert pages[-1].done
