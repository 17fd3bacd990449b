"""Groups and priority in lists: one row for posts that say the same, figures that count all, pages that join."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dashboard.reports import complaints, groups, mentions
from dashboard.reports.complaints import PRIORITY, Spot, Work
from dashboard.reports.mentions import Place
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import last_days
from listening.models import Brand, Case, Mention
from tests.builders import a_brand, a_case, a_complaint, a_mention, at

NOW = at("2026-11-23 12:30")
MONTH = last_days(30, ZoneInfo("UTC"), NOW)
COMPLAINTS = Narrow(complaint=True)

pytestmark = pytest.mark.django_db


def mention_pages(brand: Brand, size: int, narrow: Narrow = Narrow()) -> list[mentions.Row]:  # noqa: B008 (frozen)
    found: list[mentions.Row] = []
    after: Place | None = None
    while True:
        page = mentions.listing(brand, MONTH, narrow, after, size)
        found += page.rows
        if page.next is None:
            return found
        after = Place.read(str(page.next))


def complaint_pages(brand: Brand, size: int, work: Work) -> list[complaints.CaseRow]:
    found: list[complaints.CaseRow] = []
    after: Spot | None = None
    for _ in range(200):
        page = complaints.listing(brand, MONTH, COMPLAINTS, work, after, size)
        found += page.rows
        if page.next is None:
            return found
        after = Spot.read(str(page.next))
    raise AssertionError("the pages go in a circle")


def many(brand: Brand, n: int, key: int | None, make: Any = a_mention, **fields: Any) -> list[Mention]:
    return [make(brand, published_at=NOW - timedelta(minutes=i), group_key=key, **fields) for i in range(n)]


@pytest.mark.parametrize("size", [2, 5, 30])
def test_a_group_is_one_row_over_all_pages_the_newest_of_it_and_knows_how_many_more(size: int) -> None:
    brand = a_brand()
    burst = many(brand, 23, 5)
    single = [a_mention(brand, published_at=NOW - timedelta(hours=i), group_key=100 + i) for i in range(1, 6)]
    other = many(brand, 2, None)
    rows = mention_pages(brand, size)
    shown = {row.mention.pk: row.same for row in rows}
    assert len(rows) == len(shown)
    assert shown == {burst[0].pk: 22} | {one.pk: 0 for one in [*single, *other]}


def test_the_total_stays_the_number_of_mentions_and_the_group_opens_exactly_as_many_as_its_row_says() -> None:
    brand = a_brand()
    many(brand, 9, 5)
    a_mention(brand, published_at=NOW - timedelta(days=40), group_key=5)  # not in the period
    a_mention(brand, published_at=NOW, group_key=5, hidden="withheld")
    page = mentions.listing(brand, MONTH, Narrow())
    assert (page.total, [row.same for row in page.rows]) == (9, [8])
    opened = mentions.listing(brand, MONTH, Narrow(group=5))
    assert (opened.total, len(opened.rows)) == (9, 9)
    assert len(mention_pages(brand, 4, Narrow(group=5))) == 9


def test_a_group_counts_only_what_the_filters_let_through() -> None:
    brand = a_brand()
    many(brand, 3, 5, network="x")
    many(brand, 4, 5)
    assert [row.same for row in mention_pages(brand, 5, Narrow(network=("x",)))] == [2]


def test_a_page_ends_where_only_copies_were_met_for_long_and_the_next_one_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(groups, "MOST_ROUNDS", 1)
    brand = a_brand()
    burst = many(brand, 12, 5)
    last = a_mention(brand, published_at=NOW - timedelta(days=3))
    assert [row.mention.pk for row in mention_pages(brand, 3)] == [burst[0].pk, last.pk]


@pytest.mark.parametrize("order", ["newest", PRIORITY])
@pytest.mark.parametrize("size", [1, 3, 50])
def test_complaints_of_a_group_are_one_row_the_addressed_one_first(order: str, size: int) -> None:
    brand = a_brand()
    copies = many(brand, 6, 5, a_complaint)
    original = a_complaint(brand, published_at=NOW - timedelta(days=2), group_key=5, addressed="mentioned")
    alone = a_complaint(brand, published_at=NOW - timedelta(days=3))
    rows = complaint_pages(brand, size, Work(order=order))
    assert [(one.row.mention.pk, one.row.same) for one in rows] == [(original.pk, len(copies)), (alone.pk, 0)]


def test_by_priority_the_highest_comes_first_then_the_longest_unanswered_each_once_over_all_pages() -> None:
    brand = a_brand()
    for i in range(24):
        a_complaint(
            brand,
            published_at=NOW - timedelta(hours=5 * (i % 7)),
            complaint_strength=i % 4 or None,
            asks="request" if i % 3 else "",
            addressed="replied" if i % 5 == 0 else "talked_about",
        )
    rows = complaint_pages(brand, 5, Work(order=PRIORITY))
    assert len({one.row.mention.pk for one in rows}) == 24
    order = [(not m.is_addressed, -m.priority, m.published_at, m.pk) for m in (one.row.mention for one in rows)]
    assert order == sorted(order)
    totals = [one.judgement.priority.total for one in rows if not one.row.mention.is_addressed]
    assert totals == sorted(totals, reverse=True)


def test_by_priority_the_done_ones_are_left_out_of_the_new() -> None:
    brand = a_brand()
    done = a_complaint(brand, published_at=NOW, complaint_strength=3)
    a_case(done, status=Case.Status.DONE)
    open_ = a_complaint(brand, published_at=NOW, complaint_strength=1)
    assert [one.row.mention.pk for one in complaint_pages(brand, 5, Work(order=PRIORITY))] == [open_.pk]
    assert [one.row.mention.pk for one in complaint_pages(brand, 5, Work(status="done", order=PRIORITY))] == [done.pk]


def test_a_kind_narrows_the_list_and_the_counts_alike() -> None:
    brand = a_brand()
    price = a_complaint(brand, published_at=NOW, complaint_kind="price")
    a_complaint(brand, published_at=NOW, complaint_kind="staff")
    narrow = Narrow(complaint=True, kind=("price",))
    assert [one.row.mention.pk for one in complaints.listing(brand, MONTH, narrow, Work(), None).rows] == [price.pk]
    assert [tab.count for tab in complaints.counts(brand, MONTH, narrow)][0] == 1


@pytest.mark.parametrize("text", ["", "a", "x3_", "a-3_", "a3", "o99999999999_junk", "aé_"])
def test_a_strange_place_in_an_address_is_harmless(text: str) -> None:
    brand = a_brand()
    a_complaint(brand, published_at=NOW)
    spot = Spot.read(text)
    assert len(complaints.listing(brand, MONTH, COMPLAINTS, Work(order=PRIORITY), spot).rows) == 1
