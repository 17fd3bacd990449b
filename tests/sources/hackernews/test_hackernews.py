"""Hacker News is read completely, whatever the cap, new posts and kills between pages."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from ingest.clean import clean
from ingest.record import Author, PostRef
from ingest.sources import load
from ingest.sources.base import Config, Cursor, Page, SourceError, Target, Tracked, TrackedQuery
from ingest.sources.hackernews import HackerNews
from ingest.sources.hackernews.words import Search, searches
from listening.query import parse
from tests.sources.hackernews.algolia import NOW, SECONDS, Algolia, comment, story
from tests.sources.loopback import Loopback, Request, reply


@pytest.fixture
def net() -> Iterator[Loopback]:
    with Loopback() as network:
        yield network


@pytest.fixture
def algolia(net: Loopback) -> Algolia:
    return Algolia(net)


def a_source(net: Loopback, **more: Any) -> HackerNews:
    settings = {"api_url": net.url, "items_url": net.url + "/", "back_fill_days": 30}
    return HackerNews(Config(settings=settings, credentials={}, now=lambda: NOW, **more))


def brand(*queries: str, id: int = 1) -> Tracked:
    return Tracked(id, f"b{id}", "Nimbus", tuple(TrackedQuery(n, text) for n, text in enumerate(queries)))


def target(query: str = "nimbus") -> Target:
    return Target("search:x", query, 1, {"query": query})


def ids(pages: list[Page]) -> list[str]:
    return [record.external_id for page in pages for record in page.records]


def test_it_stands_in_the_catalogue() -> None:
    assert load("hackernews") is HackerNews


def test_it_reads_a_story_and_a_comment(net: Loopback, algolia: Algolia) -> None:
    text = 'I&#x27;d say <i>Nimbus</i> is fine.<p>But <a href="https:&#x2F;&#x2F;a.example">no</a>'
    algolia.posts = [comment(9, SECONDS - 60, text), story(7, SECONDS - 120, "List<T> & Nimbus", story_text=None)]
    (page,) = a_source(net).poll(target(), None)
    told, titled = (clean(record) for record in page.records)
    assert (told.external_id, told.title, told.url) == ("9", None, "https://news.ycombinator.com/item?id=9")
    assert told.text.startswith("I'd say Nimbus is fine.\n\nBut no")
    assert (told.in_reply_to, told.thread_root) == (PostRef("8"), PostRef("7"))
    assert told.author == Author("ada", "Ada", url="https://news.ycombinator.com/user?id=Ada")
    assert (told.likes, told.replies) == (None, None)
    assert (titled.title, titled.text, titled.in_reply_to) == ("List<T> & Nimbus", "", None)
    assert (titled.links, titled.likes, titled.replies) == (("https://nimbus.example/prices",), 12, 3)
    assert titled.published_at == NOW - timedelta(minutes=2)
    assert "_highlightResult" not in (page.records[0].raw or {})
    assert (page.done, page.newest, page.cursor) == (True, NOW - timedelta(minutes=1), {"until": SECONDS})


def test_it_asks_without_typo_tolerance_for_a_pinned_window(net: Loopback, algolia: Algolia) -> None:
    list(a_source(net).poll(target("nimbus cloud"), None))
    list(a_source(net).poll(target("nimbus cloud"), {"until": SECONDS - 600}))
    first, second = (request.params for request in net.requests)
    assert first == {
        "query": "nimbus cloud",
        "tags": "(story,comment,poll)",
        "numericFilters": f"created_at_i>={SECONDS - 30 * 86_400},created_at_i<={SECONDS}",
        "hitsPerPage": "1000",
        "typoTolerance": "false",
    }
    assert second["numericFilters"] == f"created_at_i>={SECONDS - 600 - 3600},created_at_i<={SECONDS}"


def test_it_reads_more_than_the_cap_shows(net: Loopback, algolia: Algolia) -> None:
    """Several posts share each second, so that every cut falls inside one."""
    algolia.posts = [comment(n, SECONDS - 10 - n // 7) for n in range(3_500)]
    pages = list(a_source(net).poll(target(), None))
    assert set(ids(pages)) == {str(n) for n in range(3_500)}
    assert [page.done for page in pages] == [False, False, False, True]
    assert len(ids(pages)) < 3_500 + 3 * 7


def test_it_goes_on_where_it_was_killed(net: Loopback, algolia: Algolia) -> None:
    algolia.posts = [comment(n, SECONDS - 10 - n) for n in range(3_500)]
    cursor: Cursor | None = None
    seen: set[str] = set()
    polls = 0
    while cursor is None or "window" in cursor:
        page = next(iter(a_source(net).poll(target(), cursor)))
        cursor, seen, polls = page.cursor, seen | set(ids([page])), polls + 1
    assert (len(seen), polls) == (3_500, 4)


def test_it_finishes_an_old_window_and_then_reads_the_new_one(net: Loopback, algolia: Algolia) -> None:
    algolia.posts = [comment(1, SECONDS - 90_000), comment(2, SECONDS - 5)]
    window = {"first": SECONDS - 100_000, "last": SECONDS - 80_000, "upto": SECONDS - 85_000}
    pages = list(a_source(net).poll(target(), {"window": window}))
    assert [(ids([page]), page.done) for page in pages] == [(["1"], False), (["2"], True)]
    assert pages[0].cursor == {"until": SECONDS - 80_000}


def test_new_posts_during_a_walk_repeat_and_lose_nothing(net: Loopback, algolia: Algolia) -> None:
    """T20, T23: two hundred posts arrive between any two pages, some of them dated into the window."""
    algolia.posts = [comment(n, SECONDS - 10 - n) for n in range(2_500)]
    numbers = iter(range(10_000, 20_000))

    def arrive(request: Request) -> None:
        algolia.posts += [comment(next(numbers), SECONDS + 1 + n) for n in range(200)]

    algolia.before = arrive
    pages = list(a_source(net).poll(target(), None))
    assert set(ids(pages)) == {str(n) for n in range(2_500)}
    lasts = {request.params["numericFilters"].split("<=")[1] for request in net.requests}
    firsts = {request.params["numericFilters"].split(",")[0] for request in net.requests}
    assert len(firsts) == 1, "every page carries the same lower bound (T18)"
    assert max(map(int, lasts)) == SECONDS
    later = HackerNews(Config(settings={"api_url": net.url}, credentials={}, now=lambda: NOW + timedelta(minutes=5)))
    algolia.before = lambda request: None
    assert {n for n in ids(list(later.poll(target(), pages[-1].cursor))) if int(n) >= 10_000} == {
        post["objectID"] for post in algolia.posts if int(post["objectID"]) >= 10_000
    }


def test_it_admits_a_second_that_holds_too_much(net: Loopback, algolia: Algolia) -> None:
    algolia.posts = [comment(n, SECONDS - 10) for n in range(1_200)] + [comment(5_000, SECONDS - 11)]
    pages = list(a_source(net).poll(target(), None))
    assert "5000" in ids(pages)
    assert [hole.start for page in pages for hole in page.holes] == [datetime.fromtimestamp(SECONDS - 10, UTC)]


def test_it_stops_when_its_time_is_up(net: Loopback, algolia: Algolia) -> None:
    algolia.posts = [comment(n, SECONDS - 10 - n) for n in range(3_500)]
    (page,) = a_source(net, out_of_time=lambda: True).poll(target(), None)
    assert not page.done


def test_a_changed_format_stops_the_run_and_keeps_the_place(net: Loopback) -> None:
    """T1."""
    bodies: list[Any] = [{"results": []}, [], {"hits": "none"}, {"hits": [{"id": 1}]}, {"hits": [17]}]
    for body in bodies:
        net.script("GET", "/api/v1/search_by_date", reply(200, body))
        with pytest.raises(SourceError) as caught:
            list(a_source(net).poll(target(), {"until": 1}))
        assert (caught.value.code, caught.value.permanent) == ("schema", False)
        assert "update" in caught.value.sentence


def test_one_unreadable_post_is_set_aside(net: Loopback) -> None:
    odd = {"objectID": "2", "created_at_i": "yesterday"}
    net.script("GET", "/api/v1/search_by_date", reply(200, {"hits": [comment(1, SECONDS - 5), odd], "nbHits": 2}))
    (page,) = a_source(net).poll(target(), None)
    assert (ids([page]), [broken.raw for broken in page.broken]) == (["1"], [odd])


@pytest.mark.parametrize(
    ("status", "headers", "code"),
    [
        (404, {}, "not_found"),  # T6: a route that is gone is no "0 mentions"
        (500, {}, "server"),  # T15: trouble there is no reason to sign in again
        (403, {}, "auth"),
        (429, {"Retry-After": "600"}, "rate_limit"),
        (503, {"Retry-After": "600"}, "server"),
    ],
)
def test_a_failed_run_says_why(net: Loopback, status: int, headers: dict[str, str], code: str) -> None:
    net.script("GET", "/api/v1/search_by_date", reply(status, "the raw words", headers))
    with pytest.raises(SourceError) as caught:
        list(a_source(net).poll(target(), None))
    error = caught.value
    assert (error.code, error.permanent, error.raw) == (code, False, "the raw words")
    assert error.retry_at == (NOW + timedelta(minutes=10) if headers else None)
    assert error.sentence.endswith(".")
    assert not a_source(net).check().ok


def test_it_may_not_be_pointed_inwards(net: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARSHOT_ALLOW_PRIVATE", "")
    with pytest.raises(SourceError, match="EARSHOT_ALLOW_PRIVATE") as caught:
        list(a_source(net).poll(target(), None))
    assert (caught.value.code, caught.value.permanent) == ("settings", True)


def test_pages_before_an_error_count(net: Loopback, algolia: Algolia) -> None:
    algolia.posts = [comment(n, SECONDS - 10 - n) for n in range(1_500)]
    pages = a_source(net).poll(target(), None)
    assert len(next(pages).records) == 1_000
    net.script("GET", "/api/v1/search_by_date", reply(500))
    with pytest.raises(SourceError):
        next(pages)


def test_its_check_names_the_newest_post(net: Loopback, algolia: Algolia) -> None:
    assert not a_source(net).check().ok
    algolia.posts = [comment(1, SECONDS - 3600)]
    answer = a_source(net).check()
    assert (answer.ok, answer.details) == (True, {"Newest post": "2026-11-23 11:00 UTC"})


def test_its_preview_shows_the_newest_posts(net: Loopback, algolia: Algolia) -> None:
    algolia.posts = [comment(n, SECONDS - n) for n in range(1, 40)]
    assert [record.external_id for record in a_source(net).preview("nimbus", 3)] == ["1", "2", "3"]


def test_it_follows_deletions(net: Loopback, algolia: Algolia) -> None:
    base = {"type": "comment", "by": "ada", "time": SECONDS, "parent": 7}
    algolia.items = {
        1: {"id": 1, "text": "fine", **base},
        2: {"id": 2, "deleted": True, **base},
        3: {"id": 3, "dead": True, "text": "spam", **base},
    }
    found = {status.external_id: status for status in a_source(net).hydrate(["1", "2", "3", "4"])}
    assert {number: status.state for number, status in found.items()} == {
        "1": "alive",
        "2": "gone",
        "3": "hidden",
        "4": "gone",
    }
    assert found["1"].record and (found["1"].record.text, found["1"].record.in_reply_to) == ("fine", PostRef("7"))


def test_brands_that_ask_for_the_same_share_a_target(net: Loopback) -> None:
    source = a_source(net)
    one, two = brand("nimbus OR stratus", id=1), brand("(nimbus AND rain) NOT weather", "broken (", id=2)
    targets = source.targets([one, two])
    assert [(t.params["query"], t.brand_id) for t in targets] == [("nimbus", None), ("stratus", 1)]
    assert [t.key for t in source.targets([two, one])] == [t.key for t in targets]
    assert all(len(t.key) <= 200 for t in targets)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("nimbus", ["nimbus"]),
        ('"nimbus cloud"', ["nimbus cloud"]),
        ("nimbus AND (rain OR snow)", ["nimbus"]),
        ("nimb*", ["nimb"]),
        ('"nimbus cl*"', ["nimbus cl"]),
        ("customi?e OR nimbus", ["customi", "nimbus"]),
        ("{BT}", ["BT"]),
        ("#NimbusFail", ["NimbusFail"]),
        ("@nimbus", ["nimbus"]),
        ('raw:"C++"', ["C"]),
        ("(rain OR snow) NEAR/5 nimbus", ["nimbus"]),
        ('"nimbus rain"~5', ["nimbus"]),
        ("title:nimbus", ["nimbus"]),
        ("site:nimbus.example", ["nimbus.example"]),
        ("nimbus NOT (rain OR is:reply)", ["nimbus"]),
        ("author:pg AND lang:en", ["posts by pg"]),
        ("is:reply AND lang:en", []),
    ],
)
def test_it_weakens_queries_to_what_the_search_can_say(query: str, expected: list[str]) -> None:
    assert [search.label for search in searches(parse(query))] == expected


def test_it_gives_up_on_a_query_of_too_many_searches() -> None:
    assert len(searches(parse(" OR ".join(f"w{n}" for n in range(30))))) == 30
    assert searches(parse(" OR ".join(f"w{n}" for n in range(31)))) == ()


def test_it_reads_everything_of_an_author(net: Loopback, algolia: Algolia) -> None:
    algolia.posts = [comment(1, SECONDS - 5, "hello", "pg"), comment(2, SECONDS - 6, "hello", "ada")]
    (found,) = a_source(net).targets([brand("author:pg")])
    assert ids(list(a_source(net).poll(found, None))) == ["1"]
    assert searches(parse("author:pg")) == [Search(author="pg")]


@pytest.mark.parametrize("story_text", [None, "<p>Hello"])
def test_a_story_may_have_a_text(net: Loopback, algolia: Algolia, story_text: str | None) -> None:
    algolia.posts = [story(1, SECONDS - 5, story_text=story_text)]
    (page,) = a_source(net).poll(target(), None)
    assert page.records[0].text == (story_text or "")


def test_a_query_that_cannot_be_searched_for_is_named(net: Loopback, algolia: Algolia) -> None:
    source = a_source(net)
    first, second = source.targets([brand("nimbus OR stratus", "is:reply AND lang:en", "broken (")])
    (page,) = source.poll(first, None)
    assert [note.split(" is not searched for")[0] for note in page.warnings] == [
        "The query is:reply AND lang:en",
        "The query broken (",
    ]
    assert next(iter(source.poll(second, None))).warnings == []


def test_nothing_to_search_for_is_no_silence(net: Loopback) -> None:
    with pytest.raises(SourceError, match="no query of these brands names any") as caught:
        a_source(net).targets([brand("is:reply AND lang:en")])
    assert (caught.value.code, caught.value.permanent) == ("settings", False)
    assert a_source(net).targets([]) == []


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_lost_whatever_happens_between_pages(net: Loopback, algolia: Algolia, seed: int) -> None:
    """Posts arrive, dated up to forty minutes back; the reader is killed after any page; the ledger agrees."""
    chance, clock, number = random.Random(seed), SECONDS, 0
    cursor: Cursor | None = None
    seen: set[str] = set()
    for _ in range(12):
        clock += chance.randrange(60, 900)
        for _ in range(chance.choice([0, 3, 1_300])):
            number += 1
            algolia.posts.append(comment(number, clock - chance.randrange(0, 2_400)))
        source = HackerNews(Config(settings={"api_url": net.url}, credentials={}, now=partial(_at, clock)))
        for page in source.poll(target(), cursor):
            seen, cursor = seen | set(ids([page])), page.cursor
            if chance.random() < 0.4:
                break  # killed after this page was stored
    final = HackerNews(Config(settings={"api_url": net.url}, credentials={}, now=partial(_at, clock)))
    pages = list(final.poll(target(), cursor))
    assert seen | set(ids(pages)) == {post["objectID"] for post in algolia.posts}
    assert pages[-1].done


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
