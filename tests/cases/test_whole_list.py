"""All cases of a list at once: the number is told before, only those change, and undo takes it back."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.cases import bulk
from dashboard.cases.changing import change
from dashboard.cases.selecting import change_selected, select
from dashboard.cases.undoing import undo
from dashboard.forms.inbox import BulkForm
from dashboard.reports.wanted_cases import Wanted
from ingest.forget import expire
from listening.models import AuditEntry, Brand, BulkChange, Case, Mention, Selection, User
from tests.builders import a_case, a_complaint, a_member
from tests.cases.conftest import SignIn

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LIST = "tab=open&tag=refund"
CHANGE = f"/b/acme/inbox/change/?{LIST}"


def many(brand: Brand, n: int, **fields: Any) -> list[Case]:
    """So many cases, quickly."""
    first = a_complaint(brand, "acme broke")
    mentions = [first, *(_like(first, f"{first.external_id}-{i}") for i in range(n - 1))]
    Mention.objects.bulk_create(mentions[1:])
    return Case.objects.bulk_create(Case(brand=brand, mention=one, **fields) for one in mentions)


def _like(first: Mention, external_id: str) -> Mention:
    values = {field.attname: getattr(first, field.attname) for field in Mention._meta.concrete_fields}
    generated = {field.attname for field in Mention._meta.concrete_fields if field.generated}
    kept = {name: value for name, value in values.items() if name not in generated | {"id"}}
    return Mention(**kept | {"external_id": external_id})


def asked(client: Client, **sent: str) -> str:
    """Ask for a change of all that fit; the address of the page that asks back."""
    answer = client.post(CHANGE, {"whole": "yes", "do": "done"} | sent)
    assert answer.status_code == 302
    return str(answer["Location"])


def done() -> set[int]:
    return set(Case.objects.filter(status="done").values_list("pk", flat=True))


def ids(cases: list[Case]) -> set[int]:
    return {case.pk for case in cases}


def test_the_page_offers_all_that_match_with_their_number(as_maria: Client, acme: Brand) -> None:
    many(acme, 30, tags=["refund"])
    many(acme, 5)
    assert "Select all 30 that match" in as_maria.get(f"/b/acme/inbox/?{LIST}").content.decode()
    assert "Select all 35 that are open" in as_maria.get("/b/acme/inbox/").content.decode()


def test_it_offers_nothing_where_the_page_holds_all(as_maria: Client, acme: Brand) -> None:
    many(acme, 3)
    assert "Select all 3 " not in as_maria.get("/b/acme/inbox/").content.decode()


def test_it_asks_with_the_number_and_the_filter_and_changes_nothing_before(as_maria: Client, acme: Brand) -> None:
    many(acme, 30, tags=["refund"])
    page = as_maria.get(asked(as_maria)).content.decode()
    assert "Change 30 cases?" in page and "30 cases of Acme will be marked as done" in page
    assert "Tag: refund" in page and "undo it for 10 seconds" in page
    assert not done()


def test_only_those_that_match_change_and_undo_takes_them_back(as_maria: Client, acme: Brand) -> None:
    fit = many(acme, 30, tags=["refund"])
    many(acme, 5)
    where = as_maria.post(asked(as_maria))["Location"]
    assert where == f"/b/acme/inbox/?{LIST}" and done() == ids(fit)
    page = as_maria.get(where).content.decode()
    made = BulkChange.objects.get()
    assert "30 cases marked as done." in page and f"/b/acme/inbox/undo/{made.pk}/" in page
    as_maria.post(f"/b/acme/inbox/undo/{made.pk}/")
    assert not done() and not Case.objects.exclude(closed_at=None).exists()


def test_without_a_filter_the_tab_is_what_they_match(as_maria: Client, acme: Brand) -> None:
    many(acme, 26)
    closed = many(acme, 2, status="ignored", closed_at=NOW)
    url = as_maria.post("/b/acme/inbox/change/?tab=open", {"whole": "yes", "do": "done"})["Location"]
    as_maria.post(url)
    assert len(done()) == 26 and not done() & ids(closed)


def test_what_begins_to_match_after_the_question_is_left_alone(as_maria: Client, acme: Brand) -> None:
    fit = many(acme, 3, tags=["refund"])
    url = asked(as_maria)
    many(acme, 2, tags=["refund"])
    as_maria.post(url)
    assert done() == ids(fit)


def test_what_a_colleague_changes_after_the_question_is_counted_and_left_alone(as_maria: Client, acme: Brand) -> None:
    fit = many(acme, 3, tags=["refund"])
    url = asked(as_maria)
    change(fit[0], 1, a_member(acme), NOW, status="waiting")
    page = as_maria.post(url, follow=True).content.decode()
    assert "A colleague changed 1 case meanwhile. It was left as it is" in page
    assert done() == ids(fit[1:])


def test_the_audit_log_says_what_happened_to_which(as_maria: Client, acme: Brand, maria: User) -> None:
    fit = many(acme, 30, tags=["refund"])
    as_maria.post(asked(as_maria))
    entry = AuditEntry.objects.get(verb="changed cases")
    assert (entry.user, entry.target) == (maria, "30 cases marked as done")
    assert set(entry.detail["mentions"]) == {case.mention_id for case in fit}
    admin = Client()
    admin.force_login(a_member(acme, "admin"))
    assert "and 10 more" in admin.get("/b/acme/settings/audit/").content.decode()


def test_a_double_click_on_yes_is_one_change(as_maria: Client, acme: Brand) -> None:
    fit = many(acme, 3, tags=["refund"])
    url = asked(as_maria)
    as_maria.post(url)
    page = as_maria.post(url, follow=True).content.decode()
    assert "A colleague" not in page and "3 cases marked as done." in page
    assert done() == ids(fit) and BulkChange.objects.count() == 1
    assert set(Case.objects.values_list("version", flat=True)) == {2}


def test_a_question_that_was_answered_is_not_asked_again(as_maria: Client, acme: Brand) -> None:
    many(acme, 3, tags=["refund"])
    url = asked(as_maria)
    as_maria.post(url)
    assert "Choose the cases again" in as_maria.get(url, follow=True).content.decode()
    assert Selection.objects.get().cases == []


def test_what_was_looked_for_and_written_is_forgotten_by_itself(as_maria: Client, acme: Brand) -> None:
    many(acme, 3, tags=["refund"])
    as_maria.post(asked(as_maria, do="snooze", until="week", reason="their holiday"))
    expire(timezone.now())
    assert (Selection.objects.count(), BulkChange.objects.count()) == (1, 1)
    expire(timezone.now() + timedelta(hours=2))
    assert (Selection.objects.count(), BulkChange.objects.count()) == (0, 0)


def test_htmx_is_led_to_the_page_that_asks(as_maria: Client, acme: Brand) -> None:
    many(acme, 3, tags=["refund"])
    answer = as_maria.post(CHANGE, {"whole": "yes", "do": "done"}, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == f"/b/acme/inbox/all/{Selection.objects.get().pk}/"


def test_every_other_change_works_for_all_too(as_maria: Client, acme: Brand, maria: User) -> None:
    many(acme, 2, tags=["refund"])
    for sent in ({"do": "tag", "tag": "shop"}, {"do": "mine"}, {"do": "snooze", "until": "week", "reason": "later"}):
        as_maria.post(asked(as_maria, **sent))
    found = list(Case.objects.values_list("tags", "assignee", "status", "snooze_reason"))
    assert found == [(["refund", "shop"], maria.pk, "snoozed", "later")] * 2


def test_a_wrong_wish_is_told_before_anything_is_asked(as_maria: Client, acme: Brand) -> None:
    many(acme, 2, tags=["refund"])
    page = as_maria.post(CHANGE, {"whole": "yes", "do": "tag", "tag": " "}, follow=True).content.decode()
    assert "Write the tag" in page and not Selection.objects.exists()


def test_where_nothing_fits_any_more_that_is_said(as_maria: Client, acme: Brand) -> None:
    assert (
        "No case fits any more" in as_maria.post(CHANGE, {"whole": "yes", "do": "done"}, follow=True).content.decode()
    )


def test_more_than_can_be_changed_at_once_is_said(
    as_maria: Client, acme: Brand, maria: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.cases.selecting.MOST_AT_ONCE", 2)
    many(acme, 3)
    with pytest.raises(ValueError, match="More than 2 cases fit"):
        select(acme, maria, Wanted(maria.pk), {"do": "done"})


@pytest.mark.parametrize(("role", "status"), [("manager", 403), ("stranger", 404), ("logged out", 302)])
def test_only_those_who_work_select_all(as_role: SignIn, acme: Brand, role: str, status: int) -> None:
    many(acme, 2, tags=["refund"])
    client = as_role(role)
    assert client.post(CHANGE, {"whole": "yes", "do": "done"}).status_code == status
    assert client.get("/b/acme/inbox/all/1/").status_code == status
    assert not Selection.objects.exists()


def test_nobody_answers_the_question_of_a_colleague(as_role: SignIn, as_maria: Client, acme: Brand) -> None:
    many(acme, 2, tags=["refund"])
    url = asked(as_maria)
    page = as_role("admin").post(url, follow=True).content.decode()
    assert "Choose the cases again" in page and not done()


def test_thousands_change_and_come_back_in_a_few_statements(acme: Brand, maria: User) -> None:
    """The number of statements follows the batches, not the cases."""
    many(acme, 2500)
    Case.objects.filter(pk__in=list(Case.objects.values_list("pk", flat=True)[:10])).update(status="in_progress")
    selection = select(acme, maria, Wanted(maria.pk), {"do": "done"})
    with CaptureQueriesContext(connection) as asked_for:
        outcome = change_selected(selection, NOW, "marked as done", status="done")
    assert outcome.changed == 2500 and outcome.bulk and len(asked_for) < 20
    with CaptureQueriesContext(connection) as asked_for:
        undo(acme, maria, outcome.bulk.pk, NOW)
    assert len(asked_for) < 10
    assert Case.objects.filter(status="new").count() == 2490


def test_a_double_click_on_a_change_of_chosen_cases_is_one_change(as_maria: Client, acme: Brand) -> None:
    cases = [a_case(a_complaint(acme, f"acme broke {i}")) for i in range(2)]
    sent = {"do": "done", "case": [f"{case.pk}:1" for case in cases], "told": "2"}
    as_maria.post("/b/acme/inbox/change/", sent)
    page = as_maria.post("/b/acme/inbox/change/", sent, follow=True).content.decode()
    assert "A colleague" not in page and "Nothing to change" not in page and "2 cases marked as done." in page
    assert BulkChange.objects.count() == 1 and len(done()) == 2


def test_the_same_click_of_a_colleague_is_no_double_click(acme: Brand, maria: User) -> None:
    case = a_case(a_complaint(acme, "acme broke"))
    bulk.change_many(acme, a_member(acme), {case.pk: 1}, NOW, "marked as done", status="done")
    outcome = bulk.change_many(acme, maria, {case.pk: 1}, NOW, "marked as done", status="done")
    assert (outcome.skipped, outcome.again) == (1, 0)


def test_another_change_from_an_old_page_is_no_double_click(acme: Brand, maria: User) -> None:
    case = a_case(a_complaint(acme, "acme broke"))
    bulk.change_many(acme, maria, {case.pk: 1}, NOW, "marked as done", status="done")
    outcome = bulk.change_many(acme, maria, {case.pk: 1}, NOW, "left alone", status="ignored")
    assert (outcome.skipped, outcome.again, outcome.changed) == (1, 0, 0)


def test_a_double_click_on_undo_says_nothing_wrong(as_maria: Client, acme: Brand, maria: User) -> None:
    case = a_case(a_complaint(acme, "acme broke"))
    made = bulk.change_many(acme, maria, {case.pk: 1}, timezone.now(), "marked as done", status="done").bulk
    assert made
    as_maria.post(f"/b/acme/inbox/undo/{made.pk}/")
    page = as_maria.post(f"/b/acme/inbox/undo/{made.pk}/", follow=True).content.decode()
    assert "can be undone" not in page and "Undone: 1 case as before." in page
    assert AuditEntry.objects.filter(verb="undid a change").count() == 1


def test_a_question_stands_for_an_hour(as_maria: Client, acme: Brand) -> None:
    many(acme, 3, tags=["refund"])
    url = asked(as_maria)
    Selection.objects.update(created_at=timezone.now() - timedelta(minutes=61))
    assert "That was asked too long ago" in as_maria.post(url, follow=True).content.decode()
    assert not done()


@pytest.mark.parametrize("number", ["0", "9" * 18, "9" * 40])
def test_an_address_with_any_number_is_answered(as_maria: Client, acme: Brand, number: str) -> None:
    assert as_maria.get(f"/b/acme/inbox/all/{number}/").status_code == 302
    assert as_maria.post(f"/b/acme/inbox/undo/{number}/").status_code == 302


@pytest.mark.parametrize(
    "sent",
    [
        {"do": "tag", "tag": "a\0b"},
        {"do": "assign", "assignee": "9" * 18},
        {"do": "assign", "assignee": "\0"},
        {"do": "snooze", "until": "date", "day": "9999-12-31", "at": "23:59"},
        {"do": "snooze", "until": "date", "day": "0001-01-01"},
        {"do": "snooze", "until": "date", "day": "tomorrow\0"},
        {"do": "done", "told": "9" * 5000, "whole": ""},
        {"do": ""},
        {},
    ],
)
def test_odd_input_is_told_and_changes_nothing(as_maria: Client, acme: Brand, sent: dict[str, str]) -> None:
    many(acme, 3, tags=["refund"])
    page = as_maria.post(CHANGE, {"whole": "yes"} | sent, follow=True)
    assert page.status_code == 200 and not Selection.objects.exists() and not done()


@pytest.mark.parametrize("query", ["tab=%00&tag=%00&q=%00", "assignee=" + "9" * 30, "q=" + "a" * 5000, "kind=x&size=x"])
def test_odd_lists_are_asked_for_all_the_same(as_maria: Client, acme: Brand, query: str) -> None:
    many(acme, 1)
    answer = as_maria.post(f"/b/acme/inbox/change/?{query}", {"whole": "yes", "do": "done"}, follow=True)
    assert answer.status_code == 200


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles"])
def test_who_answers_after_midnight_snoozes_until_the_day_that_was_asked_for(
    acme: Brand, maria: User, zone: str
) -> None:
    maria.time_zone = zone
    midnight = datetime(2026, 11, 30, tzinfo=ZoneInfo(zone))  # of a Sunday
    wish = QueryDict("whole=yes&do=snooze&until=monday&reason=later")
    before = BulkForm(wish, acme, maria, [], midnight - timedelta(minutes=5))
    assert before.is_valid()
    after = BulkForm(QueryDict(urlencode(before.asked)), acme, maria, [], midnight + timedelta(minutes=5))
    assert after.is_valid() and after.changes == before.changes
    assert after.say == before.say and after.say.startswith("snoozed until 30 Nov 2026, 09:00")
