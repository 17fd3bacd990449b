"""The inbox: what stands in which tab, in which order, page by page, and what narrows it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.reports.cases import counts, listing, neighbours
from dashboard.reports.spot import Spot
from dashboard.reports.wanted_cases import MINE, MOST_LOOKED_UP, OPEN_TAB, UNASSIGNED, Wanted, looked_up
from listening.models import Brand, Case, User
from tests.builders import a_brand, a_case, a_complaint, a_mention

pytestmark = pytest.mark.django_db
NOW = timezone.now()
HOUR = timedelta(hours=1)


def opened(brand: Brand, text: str = "acme broke again", at: datetime | None = None, **fields: Any) -> Case:
    case = a_case(a_complaint(brand, text), **fields)
    if at:
        Case.objects.filter(pk=case.pk).update(created_at=at)
    return case


def shown(brand: Brand, wanted: Wanted, size: int = 25) -> list[int]:
    return [line.case.pk for line in listing(brand, wanted, None, NOW, size).lines]


def test_each_case_counts_in_the_tabs_where_it_stands(acme: Brand, maria: User) -> None:
    opened(acme, assignee=maria)
    opened(acme, status="in_progress", assignee=maria)
    opened(acme)
    opened(acme, status="snoozed", snoozed_until=NOW + HOUR)
    opened(acme, status="waiting", assignee=maria)
    opened(acme, status="done", closed_at=NOW)
    opened(acme, status="ignored", closed_at=NOW)
    opened(a_brand("Other"))
    found = {tab.name: tab.count for tab in counts(acme, Wanted(maria.pk))}
    assert found == {"mine": 2, "unassigned": 1, "open": 3, "snoozed": 1, "waiting": 1, "done": 1, "ignored": 1}
    for name, n in found.items():
        assert len(shown(acme, Wanted(maria.pk, name))) == n, name


def test_nobody_counts_further_than_needed(acme: Brand, maria: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.reports.cases.MOST_COUNTED", 2)
    for _ in range(3):
        opened(acme)
    tab = next(tab for tab in counts(acme, Wanted(maria.pk)) if tab.name == OPEN_TAB)
    assert (tab.count, tab.more) == (2, True)


def test_woken_stand_on_top_then_overdue_then_priority_then_the_oldest(acme: Brand, maria: User) -> None:
    old = opened(acme, priority=10, at=NOW - 9 * HOUR)
    young = opened(acme, priority=10, at=NOW - 2 * HOUR, status="in_progress")
    high = opened(acme, priority=80)
    late = opened(acme, priority=0, due_at=NOW - HOUR)
    answered = opened(acme, priority=5, due_at=NOW - HOUR, replied_at=NOW)
    due_later = opened(acme, priority=7, due_at=NOW + HOUR)
    woken = opened(acme, priority=0, woke_at=NOW, snooze_reason="they are back on Monday")
    order = [woken, late, high, old, young, due_later, answered]
    assert shown(acme, Wanted(maria.pk)) == [case.pk for case in order]


def test_pages_follow_each_other_without_a_gap_or_a_repetition(acme: Brand, maria: User) -> None:
    for i in range(24):
        extra: dict[str, Any] = {"woke_at": NOW} if i % 8 == 0 else {"due_at": NOW - HOUR} if i % 5 == 0 else {}
        status = "in_progress" if i % 3 else "new"
        opened(acme, priority=10 * (i % 3), at=NOW - (i % 4) * HOUR, status=status, **extra)
    wanted, found = Wanted(maria.pk), list[int]()
    after: Spot | None = None
    while True:
        page = listing(acme, wanted, after, NOW, 5)
        found += [line.case.pk for line in page.lines]
        if page.next is None:
            break
        after = Spot.read(str(page.next), wanted.order)
    assert found == shown(acme, wanted, 100)
    assert len(found) == len(set(found)) == 24


def test_each_case_knows_the_one_before_and_after_it(acme: Brand, maria: User) -> None:
    for i in range(7):
        extra: dict[str, Any] = {"woke_at": NOW} if i == 2 else {"due_at": NOW - HOUR} if i in {3, 5} else {}
        opened(acme, priority=10 * (i % 3), **extra)
    wanted = Wanted(maria.pk)
    order = shown(acme, wanted)
    for place, pk in enumerate(order):
        before, after = neighbours(acme, wanted, Case.objects.get(pk=pk), NOW)
        assert (before.pk if before else None) == (order[place - 1] if place else None)
        assert (after.pk if after else None) == (order[place + 1] if place < 6 else None)


def test_snoozed_come_by_when_they_wake_and_closed_ones_the_latest_first(acme: Brand, maria: User) -> None:
    late, soon = (opened(acme, status="snoozed", snoozed_until=NOW + n * HOUR) for n in (9, 1))
    assert shown(acme, Wanted(maria.pk, "snoozed")) == [soon.pk, late.pk]
    before, last = (opened(acme, status="done", closed_at=NOW - n * HOUR) for n in (9, 1))
    assert shown(acme, Wanted(maria.pk, "done")) == [last.pk, before.pk]


@pytest.mark.parametrize(
    "narrow",
    [{"kind": "question"}, {"network": "x"}, {"tag": "refund"}, {"text": "Zébra  late"}, {"assignee": "nobody"}],
)
def test_a_filter_leaves_what_fits_and_counts_the_same(acme: Brand, maria: User, narrow: dict[str, Any]) -> None:
    mention = a_mention(acme, "a zebra came late from acme", network="x")
    fits = a_case(mention, kind="question", tags=["refund"])
    opened(acme, "another zebra", assignee=maria, tags=["shop"])
    wanted = Wanted(maria.pk, **narrow)
    assert shown(acme, wanted) == [fits.pk]
    assert {tab.name: tab.count for tab in counts(acme, wanted)}[UNASSIGNED] == 1


@pytest.mark.parametrize("text", ["zebra", "zebra late", "Zébra", "ze", "nobody says this"])
def test_a_rare_word_is_looked_up_at_once_and_finds_the_same(acme: Brand, maria: User, text: str) -> None:
    opened(acme, "a zebra came late")
    opened(acme, "another zebra", assignee=maria)
    opened(acme, "no such animal")
    a_case(a_complaint(acme, "a secret zebra", hidden="withheld"))
    a_complaint(acme, "a zebra that is nobody's case")
    wanted = Wanted(maria.pk, text=text)
    quick = looked_up(acme, wanted)
    assert (quick.among is not None) == (len(text) > 2)
    assert shown(acme, quick) == shown(acme, wanted)
    assert counts(acme, quick) == counts(acme, wanted)
    assert quick.params == wanted.params


def test_a_frequent_word_is_looked_for_case_by_case(acme: Brand, maria: User) -> None:
    for number in range(MOST_LOOKED_UP + 1):
        a_mention(acme, f"zebra {number}")
    assert looked_up(acme, Wanted(maria.pk, text="zebra")).among is None


def test_what_the_network_hides_is_neither_shown_nor_found(as_maria: Client, acme: Brand, maria: User) -> None:
    case = a_case(a_complaint(acme, "a secret zebra", hidden="withheld"))
    assert "zebra" not in as_maria.get("/b/acme/inbox/").content.decode()
    assert "zebra" not in as_maria.get(f"/b/acme/inbox/{case.pk}/").content.decode()
    assert shown(acme, Wanted(maria.pk, text="zebra")) == []


def test_a_row_tells_status_due_time_assignee_tags_and_notes(as_maria: Client, acme: Brand, maria: User) -> None:
    case = opened(acme, assignee=maria, tags=["refund"], due_at=NOW - HOUR, woke_at=NOW, snooze_reason="on holiday")
    case.notes.create(author=maria, text="rang them")
    page = as_maria.get("/b/acme/inbox/?tab=mine").content.decode()
    for told in ("Was due", "Maria", "refund", "1 note", "Back from a snooze", "on holiday", "Priority"):
        assert told in page, told


def test_an_inbox_of_fifty_asks_no_more_than_one_of_five(as_maria: Client, acme: Brand) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as questions:
            assert as_maria.get("/b/acme/inbox/?size=100").status_code == 200
        return len(questions)

    for _ in range(5):
        opened(acme)
    asked()
    few = asked()
    for _ in range(45):
        opened(acme)
    assert asked() == few


@pytest.mark.parametrize("tab", [MINE, UNASSIGNED, OPEN_TAB, "snoozed", "waiting", "done", "ignored", "nonsense"])
def test_an_empty_tab_says_what_will_stand_there(as_maria: Client, acme: Brand, tab: str) -> None:
    page = as_maria.get("/b/acme/inbox/", {"tab": tab}).content.decode()
    assert 'class="empty"' in page


HOSTILE = [
    "tab=%00&kind=%00&network=%00&tag=%00&assignee=%00&q=%00&size=%00&after=%00",
    "after=0.99999999999999999999.99999999999999999999999.9999999999999999999999",
    "after=9.1.999999999999999999.1",
    "after=2.-1.0.x",
    "after=2.5.1764000000000000.7&assignee=99999999999999999999",
    "tab=done&after=0.999999999999999999.1",
    "tab=snoozed&after=0.1.1",
    "q=" + "%25" * 60,
    "assignee=12345678901234567",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_it_never_breaks_on_what_an_address_holds(as_maria: Client, acme: Brand, query: str) -> None:
    case = opened(acme)
    assert as_maria.get(f"/b/acme/inbox/?{query}").status_code == 200
    assert as_maria.get(f"/b/acme/inbox/{case.pk}/?{query}").status_code == 200
