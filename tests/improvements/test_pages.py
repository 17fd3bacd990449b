"""The pages of improvements: who may what, and "improve, don't reply" in one click."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from dashboard.improving import improvements_of, make
from listening.models import AuditEntry, Brand, Case, Improvement
from tests.builders import a_brand, a_case, a_complaint, a_member, an_author
from tests.improvements.conftest import BOARD, PUBLIC, SignIn, page_of, values
from tests.improvements.made import DONE, a_theme, an_improvement
from tests.improvements.test_improving import sorted_into

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["administrator", "admin", "marketer", "manager"])
def test_members_read_the_board_and_its_items(signed_in: SignIn, measured: Improvement, role: str) -> None:
    client = signed_in(role)
    assert "Shorten the refund form" in page_of(client)
    page = page_of(client, f"{BOARD}{measured.pk}/")
    assert "Complaints about it fell by " in page
    assert "No measurable change in mentions of it" not in page and "Mentions of it fell by " in page
    assert "This compares, it does not prove" in page
    assert 'id="rate-data"' in page


@pytest.mark.parametrize(("role", "status"), [("manager", 403), ("stranger", 404), ("logged out", 302)])
def test_only_those_who_work_the_inbox_change_them(signed_in: SignIn, brand: Brand, role: str, status: int) -> None:
    row, case = an_improvement(brand), a_case(a_complaint(brand))
    row.cases.add(case)
    client = signed_in(role)
    for address in ("new/", f"{row.pk}/", f"{row.pk}/public/", f"{row.pk}/cases/{case.pk}/"):
        assert client.post(f"{BOARD}{address}", {"title": "x", "version": 1, **PUBLIC}).status_code == status
    assert client.get(f"{BOARD}new/").status_code == status
    assert AuditEntry.objects.count() == 0
    assert Improvement.objects.get().version == 1


def test_managers_see_no_buttons_that_they_may_not_press(signed_in: SignIn, measured: Improvement) -> None:
    client = signed_in("manager")
    assert f"{BOARD}new/" not in page_of(client)
    page = page_of(client, f"{BOARD}{measured.pk}/")
    assert "<form" not in page.split('id="content"')[1]
    assert "Ask Mara about the fields" in page


def test_nothing_of_another_brand_can_be_reached(marketer: Client) -> None:
    other = a_brand("Other", slug="other")
    row, case = an_improvement(other), a_case(a_complaint(other))
    assert marketer.get(f"{BOARD}{row.pk}/").status_code == 404
    assert marketer.post(f"{BOARD}{row.pk}/", values(row)).status_code == 404
    assert marketer.get(f"{BOARD}new/?case={case.pk}").status_code == 404
    made = marketer.post(f"{BOARD}new/", {"title": "x", "theme": a_theme(other).pk})
    assert made.status_code == 422
    assert Improvement.objects.count() == 1


@pytest.mark.parametrize("query", ["?theme=%00", "?theme=99999999999999999999", "?theme=-1", "?case="])
def test_an_address_never_breaks_the_page(marketer: Client, query: str) -> None:
    assert marketer.get(f"{BOARD}new/{query}").status_code == 200


@pytest.mark.parametrize("number", ["%00", "-1", "99999999999999999999", "7"])
def test_a_case_that_is_not_there_is_not_found(marketer: Client, number: str) -> None:
    assert marketer.get(f"{BOARD}new/?case={number}").status_code == 404


def test_the_empty_board_says_where_to_begin(signed_in: SignIn, brand: Brand) -> None:
    assert "Look at the themes" in page_of(signed_in("marketer"))
    assert "Look at the themes" not in page_of(signed_in("manager"))


def test_a_theme_becomes_an_improvement(marketer: Client, brand: Brand) -> None:
    theme = a_theme(brand)
    assert f"{BOARD}new/?theme={theme.pk}" in page_of(marketer, "/b/acme/themes/")
    assert 'value="Refund form"' in page_of(marketer, f"{BOARD}new/?theme={theme.pk}")
    marketer.post(f"{BOARD}new/", {"title": "Shorten it", "theme": theme.pk})
    made = Improvement.objects.get()
    assert (made.title, made.theme, made.status) == ("Shorten it", theme, "idea")


def case_form(case: Case) -> str:
    """The component on a case's page."""
    offered = improvements_of(case)
    told = {"brand": case.brand, "case": case, "can_work": True, "improve": offered}
    return render_to_string("components/case_improve.html", told)


def test_improve_dont_reply_makes_the_item_and_leaves_the_case_alone_in_one_click(
    marketer: Client,
    brand: Brand,
) -> None:
    case, theme = a_case(a_complaint(brand)), a_theme(brand)
    sorted_into(case, theme)
    form = case_form(case)
    assert f'name="case" value="{case.pk}"' in form
    assert 'name="leave" checked' in form
    sent = {"case": case.pk, "seen": case.version, "title": "Shorten it", "theme": theme.pk, "leave": "on"}
    marketer.post(f"{BOARD}new/", sent)
    made = Improvement.objects.get()
    assert (made.theme, list(made.cases.all())) == (theme, [case])
    case.refresh_from_db()
    assert case.status == "ignored"
    assert case.closed_at is not None
    assert "Shorten it" in case_form(case)


def test_a_case_can_join_an_open_improvement_and_stay_open(marketer: Client, brand: Brand) -> None:
    case, row = a_case(a_complaint(brand)), an_improvement(brand, done=None)
    assert "Shorten the refund form" in case_form(case)
    marketer.post(f"{BOARD}new/", {"case": case.pk, "seen": 1, "into": row.pk, "title": "ignored"})
    assert list(row.cases.all()) == [case]
    assert (Improvement.objects.count(), Case.objects.get().status) == (1, "new")


def test_a_case_that_a_colleague_took_meanwhile_is_not_left_alone(marketer: Client, brand: Brand) -> None:
    case = a_case(a_complaint(brand))
    Case.objects.change(case.pk, 1, status="in_progress")
    sent = {"case": case.pk, "seen": 1, "title": "Shorten it", "leave": "on"}
    response = marketer.post(f"{BOARD}new/", sent)
    assert response.status_code == 422
    assert "Somebody else changed this case meanwhile" in response.content.decode()
    assert not Improvement.objects.exists()


def test_a_case_needs_a_title_or_an_improvement_to_join(marketer: Client, brand: Brand) -> None:
    case = a_case(a_complaint(brand))
    response = marketer.post(f"{BOARD}new/", {"case": case.pk, "title": " "})
    assert "Say in a few words what should get better." in response.content.decode()


def test_the_cases_behind_it_stand_without_names(marketer: Client, measured: Improvement) -> None:
    author = an_author(handle="jane.roe", name="Jane Roe")
    mention = a_complaint(measured.brand, "acme lost my parcel", author=author)
    hidden = a_complaint(measured.brand, "hidden words", hidden="person")
    measured.cases.add(a_case(mention), a_case(hidden))
    page = page_of(marketer, f"{BOARD}{measured.pk}/")
    assert "acme lost my parcel" in page
    assert "jane" not in page.lower()
    assert "hidden words" not in page
    assert f'{BOARD}{measured.pk}/#cases">1 case</a>' in page_of(marketer)
    assert 'id="cases"' in page


def test_it_says_where_more_cases_stand_behind_it_than_are_shown(
    marketer: Client, measured: Improvement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.reports.improvements.SHOWN", 2)
    measured.cases.add(*(a_case(a_complaint(measured.brand, f"acme lost parcel {i}")) for i in range(2)))
    assert "These are the latest" not in page_of(marketer, f"{BOARD}{measured.pk}/")
    measured.cases.add(a_case(a_complaint(measured.brand, "acme lost parcel 3")))
    page = page_of(marketer, f"{BOARD}{measured.pk}/")
    assert "These are the latest 2 of 3." in page and page.count("acme lost parcel") == 2


def test_the_complaints_that_were_compared_can_be_opened(marketer: Client, measured: Improvement) -> None:
    page = page_of(marketer, f"{BOARD}{measured.pk}/?days=14")
    about = f"/b/acme/mentions/?complaint=yes&amp;theme={measured.theme_id}"
    before, after = DONE - timedelta(days=14), DONE + timedelta(days=14)
    day = timedelta(days=1)
    assert f'<a href="{about}&amp;from={before}&amp;to={DONE - day}">' in page
    assert f'<a href="{about}&amp;from={DONE + day}&amp;to={after}">' in page


def test_its_day_is_kept_and_a_later_one_refused(marketer: Client, brand: Brand) -> None:
    row = an_improvement(brand, done=None)
    tomorrow = (timezone.now() + timedelta(days=2)).date()
    refused = marketer.post(f"{BOARD}{row.pk}/", values(row, status="done", done_on=tomorrow.isoformat()))
    assert "That day is yet to come" in refused.content.decode()
    unfinished = marketer.post(f"{BOARD}{row.pk}/", values(row, status="doing", done_on="2026-09-15"))
    assert "Choose “Done” as well" in unfinished.content.decode()
    assert marketer.post(f"{BOARD}{row.pk}/", values(row, status="done", done_on="2026-09-15")).status_code == 302
    row.refresh_from_db()
    assert row.done_at is not None and row.done_at.date() == DONE
    marketer.post(f"{BOARD}{row.pk}/", values(row, title="Another", done_on="2026-09-15"))
    assert Improvement.objects.get().done_at == row.done_at


def test_of_two_who_save_the_second_is_told(marketer: Client, brand: Brand) -> None:
    row = an_improvement(brand, done=None)
    marketer.post(f"{BOARD}{row.pk}/", values(row, title="First"))
    second = marketer.post(f"{BOARD}{row.pk}/", values(row, title="Second"))
    assert second.status_code == 422
    assert "Somebody else changed this improvement meanwhile" in second.content.decode()
    assert Improvement.objects.get().title == "First"


def test_an_owner_who_left_the_brand_stays_until_changed(marketer: Client, brand: Brand) -> None:
    owner = a_member(a_brand("Elsewhere"))
    row = an_improvement(brand, done=None, owner=owner)
    marketer.post(f"{BOARD}{row.pk}/", values(row, owner=owner.pk, title="Still theirs"))
    assert Improvement.objects.get().owner == owner
    stranger = a_member(a_brand("Third"))
    row.refresh_from_db()
    assert marketer.post(f"{BOARD}{row.pk}/", values(row, owner=stranger.pk)).status_code == 422


def test_the_board_counts_the_cases_and_mentions_behind_each(marketer: Client, brand: Brand) -> None:
    theme = a_theme(brand)
    row = make(brand, a_member(brand), "Shorten it", theme=theme)
    for _ in range(2):
        case = a_case(a_complaint(brand))
        sorted_into(case, theme)
        row.cases.add(case)
    sorted_into(a_case(a_complaint(brand)), theme)
    page = page_of(marketer)
    assert "2 cases" in page
    assert "3 mentions" in page
