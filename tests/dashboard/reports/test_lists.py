"""Lists: pages that join to the whole, and searches that the matcher judges."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dashboard.reports import complaints, search
from dashboard.reports.complaints import Spot, Work
from dashboard.reports.mentions import Place, wanted, windows
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import HOUR, last_days
from listening.models import Brand, Case
from tests.builders import a_brand, a_case, a_complaint, a_mention, a_query, an_author, at

UTC_ = ZoneInfo("UTC")
NOW = at("2026-11-23 12:30")
MONTH = last_days(30, UTC_, NOW)

pytestmark = pytest.mark.django_db


def all_pages(brand: Brand, narrow: Narrow, size: int) -> list[int]:
    found: list[int] = []
    after: Place | None = None
    while True:
        page = search.listing(brand, MONTH, narrow, after, size)
        found += [row.mention.pk for row in page.rows]
        if page.next is None:
            return found
        assert len(found) < 1000, "the pages go in a circle"
        after = Place.read(str(page.next))


def some(brand: Brand, n: int, **fields: Any) -> list[int]:
    """Several share a second, so that only the id tells their order."""
    times = [NOW - timedelta(hours=7 * (i // 3)) for i in range(n)]
    return [a_mention(brand, f"acme {i}", published_at=time, **fields).pk for i, time in enumerate(times)]


@pytest.mark.parametrize("narrow", [Narrow(), Narrow(own=True), Narrow(text="acme"), Narrow(network=("x",))])
def test_it_shows_every_mention_once_over_all_pages_the_newest_first(narrow: Narrow) -> None:
    brand = a_brand()
    pks = some(brand, 11, network="x")
    if not narrow.network:
        pks += some(brand, 3)
    found = all_pages(brand, narrow, 4)
    assert sorted(found) == sorted(pks)
    assert len(set(found)) == len(found)


def test_it_finds_rare_mentions_between_frequent_ones() -> None:
    brand = a_brand()
    some(brand, 30)
    rare = some(brand, 7, language="cy")
    assert sorted(all_pages(brand, Narrow(language=("cy",)), 3)) == sorted(rare)


def test_it_knows_the_total_from_the_tally() -> None:
    brand = a_brand()
    some(brand, 9)
    a_mention(brand, published_at=NOW, own=True)
    assert search.listing(brand, MONTH, Narrow(), size=4).total == 9
    assert search.listing(brand, MONTH, Narrow(text="acme"), size=4).total is None


def test_it_judges_with_the_matcher_and_not_with_sql() -> None:
    brand = a_brand()
    wanted = a_mention(brand, "the AI of acme", published_at=NOW).pk
    a_mention(brand, "training at acme", published_at=NOW)
    assert all_pages(brand, Narrow(text="ai"), 10) == [wanted]


def test_it_searches_by_field_without_any_word() -> None:
    brand = a_brand()
    wanted = a_mention(brand, "acme", network="x", published_at=NOW).pk
    a_mention(brand, "acme", published_at=NOW)
    assert all_pages(brand, Narrow(text="source:x"), 10) == [wanted]


def test_it_says_how_far_it_looked_when_the_budget_is_spent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "FIRST_BATCH", 5)
    monkeypatch.setattr(search, "MOST_ROWS", 5)
    monkeypatch.setattr(search, "RARE", -1)
    brand = a_brand()
    some(brand, 9)
    wanted = a_mention(brand, "acme needle", published_at=NOW - timedelta(days=20)).pk
    monkeypatch.setattr(search, "coarse", lambda query: None)  # as for a query without a word
    first = search.listing(brand, MONTH, Narrow(text="needle"))
    assert (first.rows, first.next is not None, first.looked_back_to is not None) == ([], True, True)
    assert all_pages(brand, Narrow(text="needle"), 5) == [wanted]


def test_it_marks_what_matched_and_says_which_query() -> None:
    brand = a_brand()
    query = a_query(brand, "acme", name="Main")
    a_mention(
        brand, "I like acme", published_at=NOW, spans={str(query.pk): [[7, 11]]}, query_versions={str(query.pk): 3}
    )
    (row,) = search.listing(brand, MONTH, Narrow()).rows
    assert [(piece.text, piece.kinds) for piece in row.text] == [("I like ", ()), ("acme", ("match",))]
    assert [(one.query, one.version, one.words) for one in row.matched] == [("Main", 3, ("acme",))]


def test_it_names_nobody_who_was_only_overheard() -> None:
    brand = a_brand()
    a_mention(brand, published_at=NOW, author=an_author(handle="jane", key="7f3a" + "0" * 60))
    (row,) = search.listing(brand, MONTH, Narrow()).rows
    assert row.who == "person 7f3a"


def test_it_gives_a_name_to_nobody_not_even_to_those_who_spoke_to_the_brand() -> None:
    brand = a_brand()
    author = an_author(handle="jane")
    a_mention(brand, "@jane here", published_at=NOW, addressed="mentioned", author=author)
    (row,) = search.listing(brand, MONTH, Narrow()).rows
    assert row.who == author.pseudonym == f"person {author.key[:4]}"
    assert row.plain == "@•••• here"


def test_it_reads_no_more_hours_than_a_page_needs() -> None:
    hours = [(at("2026-11-23 12:00") - i * HOUR, 10) for i in (0, 1, 5, 9)]
    assert list(windows(hours, None, 25)) == [
        (at("2026-11-23 11:00"), at("2026-11-23 13:00")),
        (at("2026-11-23 07:00"), at("2026-11-23 08:00")),
    ]


def test_it_does_not_count_on_the_hour_that_an_earlier_page_has_begun() -> None:
    hours = [(at("2026-11-23 12:00") - i * HOUR, 10) for i in range(4)]
    assert list(windows(hours, at("2026-11-23 11:30"), 10)) == [(at("2026-11-23 10:00"), at("2026-11-23 12:00"))]


@pytest.mark.parametrize("text", ["", "x", "20261123T120000.000000-", "20261123T120000.000000-x", "-1", "\x00-1"])
def test_it_takes_no_strange_place_from_an_address(text: str) -> None:
    assert Place.read(text) is None


def complaint_pages(brand: Brand, work: Work, size: int) -> list[int]:
    found: list[int] = []
    after: Spot | None = None
    while True:
        page = complaints.listing(brand, MONTH, Narrow(complaint=True), work, after, size)
        found += [one.row.mention.pk for one in page.rows]
        if page.next is None:
            return found
        assert len(found) < 1000, "the pages go in a circle"
        after = Spot.read(str(page.next))


def test_it_lists_addressed_complaints_before_overheard_ones_over_all_pages() -> None:
    brand = a_brand()
    hours = [NOW - timedelta(hours=i) for i in range(8)]
    overheard = [a_complaint(brand, published_at=hour).pk for hour in hours[:4]]
    addressed = [a_complaint(brand, published_at=hour, addressed="replied").pk for hour in hours[4:]]
    assert complaint_pages(brand, Work(), 3) == [*addressed, *overheard]


@pytest.mark.parametrize(
    "narrow", [Narrow(), Narrow(network=("x",)), Narrow(language=("-de",)), Narrow(addressed=True)]
)
def test_it_finds_the_same_complaints_by_the_index_alone_and_by_the_hours_of_the_tally(narrow: Narrow) -> None:
    brand = a_brand()
    for i in range(18):
        where = {"network": ["x", "web"][i % 2], "language": ["en", "de", "fr"][i % 3]}
        addressed = ["replied", "talked_about"][i % 4 == 0]
        said = a_complaint(brand, published_at=NOW - timedelta(hours=5 * i), addressed=addressed, **where)
        if i % 5 == 1:
            a_case(said, status=Case.Status.DONE)
    narrow = narrow.but(complaint=True)
    shown = complaints.listing(brand, MONTH, narrow, Work(), None, 18).rows
    open_ = wanted(brand, MONTH, narrow).exclude(case__status=Case.Status.DONE)
    newest = open_.order_by("-is_addressed", "-published_at", "-pk")
    assert [one.row.mention.pk for one in shown] == list(newest.values_list("pk", flat=True)) != []


def test_it_finds_open_complaints_behind_many_handled_ones() -> None:
    brand = a_brand()
    for i in range(12):
        a_case(a_complaint(brand, published_at=NOW - timedelta(hours=i)), status=Case.Status.DONE)
    open_ = [a_complaint(brand, published_at=NOW - timedelta(days=2, hours=i)).pk for i in range(4)]
    assert complaint_pages(brand, Work(), 3) == open_
    assert len(complaint_pages(brand, Work(status="done"), 5)) == 12


def test_it_counts_every_status_as_its_list_shows_it() -> None:
    brand = a_brand()
    for status in ("new", "in_progress", "done", "done"):
        a_case(a_complaint(brand, published_at=NOW), status=status)
    a_complaint(brand, published_at=NOW)
    a_case(a_complaint(brand, published_at=NOW, complaint_by_person=False))
    for tab in complaints.counts(brand, MONTH, Narrow(complaint=True)):
        assert len(complaint_pages(brand, Work(status=tab.status), 2)) == tab.count, tab.label
    assert [tab.count for tab in complaints.counts(brand, MONTH, Narrow(complaint=True))] == [2, 1, 0, 0, 2, 0]


TEXTS = [
    "My #AcmeFail and the C++ of Café Acme",
    "acme customer\nservice, customer's service",
    "ＡＣＭＥ trainİng don’t complain",
    "BT bt Bt 50% off_now \\ back",
    "アクメの新製品 acme",
    "nothing of it",
]
QUERIES = [
    "acme",
    "AcmeFail OR fail",
    '"customer service"',
    'raw:"C++" OR raw:"50%" OR raw:"off_now"',
    "{BT}",
    "café",
    "cafe",
    "complain* OR train?ng",
    "acme AND NOT service",
    "NOT acme AND lang:en AND service",
    "customer NEAR/3 service",
    "アクメ",
    "don't",
    "source:x",
    "(acme my)~5 OR is:addressed",
]


@pytest.mark.parametrize("text", QUERIES)
def test_the_text_index_never_hides_what_the_matcher_finds(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    brand = a_brand()
    for one in TEXTS:
        a_mention(brand, one, published_at=NOW)
    with_index = all_pages(brand, Narrow(text=text), 10)
    monkeypatch.setattr(search, "RARE", -1)
    walked = all_pages(brand, Narrow(text=text), 10)
    monkeypatch.setattr(search, "coarse", lambda query: None)
    assert all_pages(brand, Narrow(text=text), 10) == with_index == walked
