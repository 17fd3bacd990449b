"""Search, subreddits and the inbox are read down to what is known: once, whole, and without going to sleep."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest

from ingest.sources.base import OwnHandle, Page, SourceError, Target, Tracked, TrackedQuery
from ingest.sources.reddit import Reddit
from tests.sources.loopback import Loopback, Request, reply
from tests.sources.reddit.conftest import BRAND, Clock, Connect
from tests.sources.reddit.server import ACCOUNT, APP, NOW, SECRET, SIGNED_IN, Server, refusal

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MUGS = {"subreddits": ["r/mugs"]}
ACCOUNT_OF = {"username": "acme"}


def target(source: Reddit, key: str, brands: Sequence[Tracked] = (BRAND,)) -> Target:
    return next(one for one in source.targets(brands) if one.key.startswith(key))


def read(source: Reddit, key: str, cursor: Any = None) -> list[Page]:
    return list(source.poll(target(source, key), cursor))


def ids(pages: Sequence[Page]) -> list[str]:
    return [record.external_id for page in pages for record in page.records]


def asked(net: Loopback, pattern: str) -> list[Request]:
    return [request for request in net.requests if pattern in request.path]


def test_search_finds_submissions_everywhere(server: Server, net: Loopback, connect: Connect) -> None:
    first = server.submission("My acme mug", 3 * HOUR)
    second = server.submission("acme again", 2 * MINUTE, subreddit="tea")
    server.submission("nothing of it", HOUR)
    old = server.submission("acme in the past", 30 * HOUR)
    (page,) = read(connect(), "search:")
    assert ids([page]) == [second["name"], first["name"]] and old["name"] not in ids([page])
    assert page.done and page.newest == NOW - 2 * MINUTE
    (request,) = asked(net, "/search/")
    assert request.path == "/r/all/search/" and request.params["q"] == '"acme"' and request.params["sort"] == "new"
    assert {one.headers["user-agent"].split(" ")[0] for one in net.requests} == {"python:earshot:v1"}


def test_search_may_stay_in_the_named_subreddits(server: Server, net: Loopback, connect: Connect) -> None:
    server.submission("acme", subreddit="tea")
    inside = server.submission("acme")
    found = read(connect(**MUGS, everywhere=False), "search:")
    assert ids(found) == [inside["name"]]
    assert asked(net, "/search/")[0].params["restrict_sr"] == "on"


def test_brands_share_a_search_of_the_same_words(connect: Connect) -> None:
    other = Tracked(2, "b", "B", (TrackedQuery(2, "acme"), TrackedQuery(3, "tea")))
    found = connect().targets([BRAND, other])
    assert [(one.label, one.brand_id) for one in found] == [('Search for "acme"', None), ('Search for "tea"', 2)]
    assert [one.key for one in found] == [one.key for one in connect().targets([other, BRAND])]


def test_nothing_to_read_is_no_silence(connect: Connect) -> None:
    wild = Tracked(1, "a", "A", (TrackedQuery(1, "acm*"),))
    with pytest.raises(SourceError, match="nothing to read on Reddit") as error:
        connect().targets([wild])
    assert error.value.code == "settings"
    assert connect().targets([]) == []


def test_comments_and_submissions_of_named_subreddits_are_read_whole(
    server: Server, net: Loopback, connect: Connect
) -> None:
    comments = [server.comment(f"part {n}", n * MINUTE, subreddit=("mugs", "tea")[n % 2]) for n in range(1, 251)]
    server.comment("elsewhere", subreddit="coffee")
    post = server.submission("no name in it")
    source = connect(subreddits=["mugs", "https://www.reddit.com/r/tea/", "/r/Mugs"])
    pages = read(source, "comments:")
    assert ids(pages) == [one["name"] for one in comments]
    assert [len(page.records) for page in pages] == [100, 100, 50] and [page.done for page in pages] == [0, 0, 1]
    assert len(asked(net, "/r/mugs+tea/comments/")) == 3
    assert ids(read(source, "new:")) == [post["name"]]


def test_the_second_reading_stops_at_what_is_known(
    server: Server, net: Loopback, connect: Connect, clock: Clock
) -> None:
    for n in range(1, 351):
        server.comment(f"part {n}", n * MINUTE)
    cursor = read(connect(**MUGS), "comments:")[-1].cursor
    assert set(cursor) == {"since", "closed", "looked", "of"}, "no name of a post outlives the walk"
    clock.now += 10 * MINUTE
    new = server.comment("news", -5 * MINUTE)
    net.requests.clear()
    (page,) = read(connect(**MUGS), "comments:", cursor)
    assert page.done and ids([page])[0] == new["name"] and len(ids([page])) <= 4
    assert len(asked(net, "/comments/")) == 1
    assert not page.holes


def test_a_reading_that_is_killed_after_any_page_goes_on_from_there(server: Server, connect: Connect) -> None:
    comments = [server.comment(f"part {n}", n * MINUTE) for n in range(1, 451)]
    whole = read(connect(**MUGS), "comments:")
    for killed in range(1, len(whole)):
        before = list(_first(connect(**MUGS).poll(target(connect(**MUGS), "comments:"), None), killed))
        source = connect(**MUGS)
        after = list(source.poll(target(source, "comments:"), before[-1].cursor))
        assert ids(before) + ids(after) == [one["name"] for one in comments]
        assert after[-1].cursor["since"] == whole[-1].cursor["since"]


def _first(pages: Iterator[Page], n: int) -> Iterator[Page]:
    for _, page in zip(range(n), pages, strict=False):
        yield page


def test_a_deleted_comment_does_not_hide_what_lies_below_it(server: Server, net: Loopback, connect: Connect) -> None:
    comments = [server.comment(f"part {n}", n * MINUTE) for n in range(1, 251)]
    source = connect(**MUGS)
    first = next(source.poll(target(source, "comments:"), None))
    assert len(first.cursor["below"]) == 10
    for gone in comments[95:100]:
        server.delete(gone)
    after = list(source.poll(target(source, "comments:"), first.cursor))
    assert ids([first, *after]) == [one["name"] for one in comments]


def test_what_reddit_no_longer_shows_is_a_gap(server: Server, connect: Connect, clock: Clock) -> None:
    server.comment("known", HOUR)
    cursor = read(connect(**MUGS), "comments:")[-1].cursor
    clock.now += DAY
    for n in range(1, 1101):
        server.comment(f"part {n}", n * MINUTE - DAY)
    pages = read(connect(**MUGS), "comments:", cursor)
    assert sum(len(page.records) for page in pages) == 1000
    (hole,) = pages[-1].holes
    assert hole.start == NOW - HOUR and hole.end == clock.now - 1000 * MINUTE and hole.reason.endswith(".")
    assert not any(page.holes for page in pages[:-1])


@pytest.mark.parametrize("pages", [1, 2])
def test_a_reddit_that_shows_the_same_for_ever_is_left(
    server: Server, net: Loopback, connect: Connect, pages: int
) -> None:
    for n in range(1, 201):
        server.comment(f"part {n}", n * MINUTE)
    shown = [server.things[start : start + 100] for start in (0, 100)][:pages] * 100
    net.script("GET", "/r/mugs/comments/", *(reply(200, {"data": {"children": one, "after": "x"}}) for one in shown))
    assert len(read(connect(**MUGS), "comments:")) < 25


def test_a_small_subreddit_whose_known_comments_went_has_no_gap(server: Server, connect: Connect, clock: Clock) -> None:
    known = server.comment("known", HOUR)
    cursor = read(connect(**MUGS), "comments:")[-1].cursor
    server.delete(known)
    clock.now += HOUR
    server.comment("new", -MINUTE)
    (page,) = read(connect(**MUGS), "comments:", cursor)
    assert page.done and len(page.records) == 1 and not page.holes


def test_after_a_long_pause_nothing_is_read_twice(server: Server, connect: Connect, clock: Clock) -> None:
    """Two days later what was read is only a count, which would be counted again."""
    for n in range(3):
        server.comment(f"known {n}", n * timedelta(seconds=20))
    cursor = read(connect(**MUGS), "comments:")[-1].cursor
    clock.now += 3 * DAY
    assert ids(read(connect(**MUGS), "comments:", cursor)) == []


def test_what_is_gone_is_counted_deleted_and_never_a_record(server: Server, connect: Connect) -> None:
    gone = server.comment("[removed]")
    nobody = server.comment("I like acme", author="[deleted]")
    stays = server.comment()
    server.comment(promoted=True)
    (page,) = read(connect(**MUGS), "comments:")
    assert ids([page]) == [stays["name"]]
    assert page.skipped == {"removed at Reddit": 1, "the author's account is gone": 1, "advertisement": 1}
    assert {(one.what, one.id, one.mode) for one in page.deletions} == {
        ("post", gone["name"], "delete"),
        ("post", nobody["name"], "delete"),
    }


def test_an_old_advertisement_is_not_where_the_known_begins(server: Server, net: Loopback, connect: Connect) -> None:
    comments = [server.comment(f"part {n}", n * MINUTE) for n in range(1, 151)]
    advert = {"kind": "t3", "data": server.submission("buy", 9 * DAY, promoted=True)}
    shown = (([advert, *server.things[:100]], "x"), (server.things[100:150], None))
    told = [reply(200, {"data": {"children": page, "after": after}}) for page, after in shown]
    net.script("GET", "/r/mugs/comments/", *told)
    assert ids(read(connect(**MUGS), "comments:")) == [one["name"] for one in comments]


def test_a_comment_that_cannot_be_read_is_set_aside_alone(server: Server, connect: Connect) -> None:
    bad = server.comment()
    del bad["subreddit"]
    server.closed, good = {}, server.comment()
    server.things[0]["data"]["subreddit"] = "mugs"
    bad["permalink"], bad["score"] = None, 3
    bad["edited"], bad["body_html"] = float("inf"), "x"
    (page,) = read(connect(**MUGS), "comments:")
    assert ids([page]) == [good["name"]] and len(page.broken) == 1
    assert "unknown way" in page.broken[0].reason
    server.things.pop()
    with pytest.raises(SourceError) as error:
        read(connect(**MUGS), "comments:")
    assert error.value.code == "schema" and "I like acme" not in error.value.raw


def test_who_answers_the_brand_is_known_without_an_account(server: Server, net: Loopback, connect: Connect) -> None:
    brand = server.submission("We made a mug", 40 * HOUR, author="acme", author_fullname="t2_own1")
    other = server.submission("tea?", 40 * HOUR)
    ours = server.comment("ask us", 30 * HOUR, other, author="Acme")
    direct, below, thread = (
        server.comment(to=brand),
        server.comment(to=ours),
        server.comment(to=server.comment(to=brand)),
    )
    (page,) = read(connect(**MUGS), "comments:")
    by_id = {record.external_id: record for record in page.records}

    def whose(record: Any, name: str) -> str | None:
        ref = getattr(record, name)
        return ref.author.handle if ref and ref.author else None

    assert whose(by_id[direct["name"]], "in_reply_to") == "acme"
    assert whose(by_id[below["name"]], "in_reply_to") == "Acme"
    assert whose(by_id[thread["name"]], "in_reply_to") == "rosa"
    assert whose(by_id[thread["name"]], "thread_root") == "acme"
    assert len(asked(net, "/api/info/")) == 1


def test_nobody_is_looked_up_for_brands_without_an_account_there(
    server: Server, net: Loopback, connect: Connect
) -> None:
    server.comment()
    source = connect(**MUGS)
    brand = Tracked(1, "a", "A", (TrackedQuery(1, "acme"),), (OwnHandle("x", "acme"),))
    assert len(list(source.poll(target(source, "comments:", [brand]), None))) == 1
    assert not asked(net, "/api/info/")


def test_the_inbox_tells_what_is_said_to_the_account(server: Server, net: Loopback, connect: Connect) -> None:
    other = server.submission("tea?", 5 * HOUR)
    ours = server.comment("hello", 4 * HOUR, other, author="acme")
    named = server.comment("hello u/Acme and /u/bert", HOUR, other)
    linked = server.comment("hello you", HOUR, other)
    answer = server.comment("no", HOUR, ours)
    server.told(named, "mentions", "username_mention")
    server.told(linked, "mentions", "username_mention")
    server.told(answer, "comments", "comment_reply")
    source = connect(SIGNED_IN, **ACCOUNT_OF)
    (page,) = read(source, "inbox:mentions")
    by_id = {record.external_id: record for record in page.records}
    named_in = {name: [one.handle for one in record.mentions] for name, record in by_id.items()}
    assert named_in == {named["name"]: ["acme", "bert"], linked["name"]: ["acme"]}
    assert by_id[named["name"]].thread_root and str(by_id[named["name"]].url).endswith(named["permalink"])
    (page,) = read(source, "inbox:comments")
    (record,) = page.records
    assert record.in_reply_to and record.in_reply_to.author and record.in_reply_to.author.handle == "acme"
    (page,) = read(source, "inbox:submissions")
    assert page.records == [] and page.done
    messages = asked(net, "/message/")
    assert {one.params["mark"] for one in messages} == {"false"}, "the account's inbox stays as it is"
    assert {one.headers["authorization"] for one in messages} == {f"bearer {ACCOUNT}"}
    assert {one.headers["authorization"] for one in asked(net, "/api/info/")} == {f"bearer {APP}"}


def test_a_refresh_token_is_an_account_too(server: Server, net: Loopback, connect: Connect) -> None:
    source = connect({**SECRET, "refresh_token": "fresh"})
    assert read(source, "inbox:mentions")[0].done
    grants = {one.form["grant_type"] for one in asked(net, "access_token")}
    assert grants == {"refresh_token"}
    assert "inbox:mentions" not in {one.key for one in connect().targets([BRAND])}


def test_a_suspended_account_is_named_and_all_else_is_read(server: Server, connect: Connect) -> None:
    server.me["is_suspended"] = True
    server.submission("acme")
    source = connect(SIGNED_IN, **ACCOUNT_OF)
    (page,) = read(source, "inbox:mentions", {"since": 1.0})
    assert page.done and page.cursor == {"since": 1.0}
    assert "suspended the account u/acme" in page.warnings[0]
    assert len(read(source, "search:")[0].records) == 1


def test_a_wrong_password_is_named_and_all_else_is_read(server: Server, connect: Connect) -> None:
    server.submission("acme")
    source = connect({**SECRET, "password": "wrong"}, **ACCOUNT_OF)
    (page,) = read(source, "inbox:mentions")
    assert "did not let the account sign in" in page.warnings[0] and "two-factor" in page.warnings[0]
    assert len(read(source, "search:")[0].records) == 1
    alone = connect({**SECRET, "password": "wrong"}, **ACCOUNT_OF)
    inbox = alone.targets([Tracked(1, "a", "A")])[0]
    with pytest.raises(SourceError, match="did not let the account sign in"):
        list(alone.poll(inbox, None))


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (refusal(403, "private"), "r/tea is left out: it is private"),
        (refusal(404, "banned"), "r/tea is left out: it was banned by Reddit"),
        (refusal(403, "quarantined"), "r/tea is left out: it is quarantined"),
        (refusal(403, "gold_only"), "r/tea is left out: it is for paying members"),
        (reply(302, "", {"location": "/subreddits/search?q=tea"}), "r/tea is left out: it does not exist"),
        (reply(404, {"message": "Not Found", "error": 404}), "r/tea is left out: it does not exist"),
        (refusal(403, "something new"), "r/tea is left out: it is closed (something new)"),
    ],
)
def test_a_closed_subreddit_is_named_and_the_others_are_read(
    server: Server, connect: Connect, clock: Clock, answer: Any, sentence: str
) -> None:
    server.closed["tea"] = answer
    post = server.comment()
    source = connect(subreddits=["tea", "mugs"])
    (page,) = read(source, "comments:")
    assert ids([page]) == [post["name"]] and page.warnings[0].startswith(sentence)
    again = read(connect(subreddits=["tea", "mugs"]), "comments:", page.cursor)
    assert again[0].warnings[0].startswith(sentence), "as long as it is closed"
    server.closed.clear()
    clock.now += 7 * HOUR
    assert read(connect(subreddits=["tea", "mugs"]), "comments:", again[0].cursor)[0].warnings == []


def test_a_changed_list_of_subreddits_is_looked_at_at_once(server: Server, net: Loopback, connect: Connect) -> None:
    """Of several Reddit would leave a closed one out without a word."""
    server.closed["tea"] = refusal(403, "private")
    server.comment()
    cursor = read(connect(**MUGS), "comments:")[-1].cursor
    net.requests.clear()
    (page,) = read(connect(subreddits=["mugs", "tea"]), "comments:", cursor)
    assert page.warnings[0].startswith("r/tea is left out: it is private")
    assert [one.path for one in asked(net, "/about/")] == ["/r/mugs/about/", "/r/tea/about/"]
    (page,) = read(connect(**MUGS), "comments:", page.cursor)
    assert page.warnings == [], "it is off the list"


def test_a_subreddit_that_closes_between_two_looks_is_found_out(server: Server, connect: Connect) -> None:
    server.comment()
    source = connect(subreddits=["tea", "mugs"])
    cursor = read(source, "comments:")[-1].cursor
    server.closed["tea"] = refusal(403, "private")
    (page,) = read(source, "comments:", cursor)
    assert page.done and page.cursor["closed"] == {"tea": "private"} and len(page.records) == 1


def test_when_every_subreddit_is_closed_the_rest_goes_on(server: Server, connect: Connect) -> None:
    server.closed["mugs"] = refusal(403, "private")
    (page,) = read(connect(**MUGS), "comments:")
    assert page.done and page.records == () and "r/mugs is left out" in page.warnings[0]


def test_time_that_is_over_ends_a_reading_after_a_page(server: Server, connect: Connect) -> None:
    for n in range(1, 251):
        server.comment(f"part {n}", n * MINUTE)
    source = connect(**MUGS, spare=lambda: True)
    (page,) = read(source, "comments:")
    assert not page.done and page.cursor["read"] == 100


def test_parse_again_reads_what_was_set_aside(server: Server, connect: Connect) -> None:
    server.comment("I like acme")
    assert connect().parse_again(server.things[0])[0].external_id == server.things[0]["data"]["name"]


def test_a_preview_shows_the_newest_submissions(server: Server, connect: Connect) -> None:
    for n in range(5):
        server.submission(f"acme {n}", n * MINUTE)
    assert [record.title for record in connect().preview("acme", 2)] == ["acme 0", "acme 1"]
