"""Nothing that X has is lost and nothing is read twice, whatever happens between two pages."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from ingest.sources.base import Page, SourceError, Target
from ingest.sources.x import X
from tests.sources.x.fake_x import FakeX

Connect = Callable[..., X]


def stored(cursor: Any) -> Any:
    """A cursor as the database gives it back."""
    return json.loads(json.dumps(cursor))


def pull(source: X, target: Target, cursor: Any = None) -> tuple[list[str], Any, list[Page]]:
    pages = list(source.poll(target, cursor))
    ids = [record.external_id for page in pages for record in page.records]
    return ids, stored(pages[-1].cursor) if pages else cursor, pages


def fill(fake: FakeX, number: int, over: timedelta = timedelta(hours=10)) -> set[str]:
    return {fake.post(f"Acme {n}", over * (n + 1) / (number + 1)) for n in range(number)}


def test_it_reads_every_post_of_a_first_walk_once(fake: FakeX, connect: Connect, search: Target) -> None:
    posts = fill(fake, 250)
    ids, cursor, pages = pull(connect(), search)
    assert set(ids) == posts
    assert len(ids) == 250
    assert [page.done for page in pages] == [False, False, True]
    assert cursor["since_id"] == max(posts, key=int)


def test_it_sends_the_same_bounds_with_every_page_of_a_walk(fake: FakeX, connect: Connect, search: Target) -> None:
    fill(fake, 5)
    _, cursor, _ = pull(connect(), search)
    fake.now += timedelta(hours=1)
    fill(fake, 230, timedelta(minutes=50))
    fake.requests.clear()
    pull(connect(), search, cursor)
    bounds = {(params["since_id"], params["end_time"]) for _, params, _ in fake.requests}
    assert len(fake.requests) == 3
    assert bounds == {(cursor["since_id"], "2026-11-20T12:59:30Z")}


def test_it_stores_all_posts_that_appear_between_two_pages(fake: FakeX, connect: Connect, search: Target) -> None:
    posts = fill(fake, 220)

    def appear(_: int) -> None:
        posts.update(fake.post(f"late {n}", timedelta(seconds=n)) for n in range(7))
        fake.now += timedelta(seconds=40)

    fake.before_page = appear
    ids, cursor, _ = pull(connect(), search)
    assert len(ids) == len(set(ids))
    fake.before_page = lambda number: None
    fake.now += timedelta(minutes=5)
    more, _, _ = pull(connect(), search, cursor)
    assert set(ids) | set(more) == posts
    assert len(ids) + len(more) == len(posts)


@pytest.mark.parametrize("killed_after", [1, 2, 3])
def test_it_goes_on_at_the_next_page_when_killed_after_any(
    fake: FakeX, connect: Connect, search: Target, killed_after: int
) -> None:
    posts = fill(fake, 430)
    ids: list[str] = []
    cursor: Any = None
    for number, page in enumerate(connect().poll(search, None), start=1):
        ids += [record.external_id for record in page.records]
        cursor = stored(page.cursor)
        if number == killed_after:
            break
    asked = len(fake.requests)
    fake.now += timedelta(minutes=3)
    late = fake.post("written while we were dead", timedelta(minutes=2))
    more, cursor, _ = pull(connect(), search, cursor)
    assert set(ids) | set(more) == posts
    assert len(ids) + len(more) == 430
    assert len(fake.requests) - asked == 5 - killed_after
    newest, _, _ = pull(connect(), search, cursor)
    assert newest == [late]


def test_it_goes_on_below_the_oldest_post_when_x_forgot_the_token(
    fake: FakeX, connect: Connect, search: Target
) -> None:
    posts = fill(fake, 150)
    first = next(connect().poll(search, None))
    fake.tokens.clear()
    ids, cursor, _ = pull(connect(), search, stored(first.cursor))
    assert {record.external_id for record in first.records} | set(ids) == posts
    assert len(ids) == 50
    assert "walk" not in cursor


def test_it_moves_no_cursor_when_a_page_fails(fake: FakeX, connect: Connect, search: Target) -> None:
    posts = fill(fake, 20)
    fake.refusals.append((503, {"title": "Service Unavailable"}, {}))
    with pytest.raises(SourceError) as caught:
        list(connect().poll(search, None))
    assert caught.value.code == "server"
    assert set(pull(connect(), search)[0]) == posts


def test_it_says_what_lies_further_back_than_seven_days(fake: FakeX, connect: Connect, search: Target) -> None:
    fill(fake, 3)
    _, cursor, _ = pull(connect(), search)
    left_off = fake.now
    fake.now += timedelta(days=10)
    posts = fill(fake, 3, timedelta(days=1))
    ids, _, pages = pull(connect(), search, cursor)
    (hole,) = pages[0].holes
    assert "7 days" in hole.reason
    assert abs(hole.start - left_off) < timedelta(minutes=1)
    assert abs(hole.end - (fake.now - timedelta(days=7))) < timedelta(hours=1)
    assert set(ids) == posts


def test_it_sees_no_hole_where_nobody_spoke_for_ten_days(fake: FakeX, connect: Connect, search: Target) -> None:
    fill(fake, 3)
    _, cursor, _ = pull(connect(), search)
    for _ in range(10):
        fake.now += timedelta(days=1)
        _, cursor, pages = pull(connect(), search, cursor)
        assert [page.holes for page in pages] == [[]]


def test_it_says_which_part_of_a_broken_walk_grew_out_of_reach(fake: FakeX, connect: Connect, search: Target) -> None:
    _, cursor, _ = pull(connect(), search)
    fake.now += timedelta(days=5)
    fill(fake, 150, timedelta(days=5))
    first = next(connect().poll(search, cursor))
    fake.now += timedelta(days=3)
    ids, _, pages = pull(connect(), search, stored(first.cursor))
    within = {one for one in fake.posts if one not in {r.external_id for r in first.records}}
    assert len(pages[0].holes) == 1
    assert set(ids) < within
    assert len(ids) > 10


def test_it_reads_mentions_by_the_id_of_the_account(fake: FakeX, connect: Connect, mentions: Target) -> None:
    posts = fill(fake, 120)
    ids, cursor, pages = pull(connect(), mentions)
    assert set(ids) == posts
    assert [path for path, _, _ in fake.requests] == ["/2/users/by", *["/2/users/42/mentions"] * 2]
    assert sum(page.spent for page in pages) == 122
    fake.requests.clear()
    pull(connect(), mentions, cursor)
    assert [path for path, _, _ in fake.requests] == ["/2/users/42/mentions"]


def test_it_tells_who_is_not_found(fake: FakeX, connect: Connect) -> None:
    with pytest.raises(SourceError) as caught:
        list(connect().poll(Target("m", "m", params={"handle": "nobody"}), None))
    assert caught.value.code == "not_found"
    assert "@nobody" in caught.value.sentence


def test_it_stops_between_pages_when_its_time_is_up(fake: FakeX, connect: Connect, search: Target) -> None:
    fill(fake, 250)
    source = connect()
    answers = iter([False, True])
    object.__setattr__(source.config, "out_of_time", lambda: next(answers))
    pages = list(source.poll(search, None))
    assert [page.done for page in pages] == [False]


def test_it_waits_where_the_window_allows_no_further_page(fake: FakeX, connect: Connect, search: Target) -> None:
    fill(fake, 250)
    reset = int((fake.now + timedelta(minutes=7)).timestamp())
    fake.headers = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(reset)}
    pages = list(connect().poll(search, None))
    assert len(pages) == 1
    assert pages[0].retry_at == fake.now + timedelta(minutes=7, seconds=1)
    assert not pages[0].done
