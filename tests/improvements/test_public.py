"""You said, we did: an admin decides, and the public page shows nothing private."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from dashboard.measuring import settle_all
from listening.models import Brand, Improvement, Theme
from tests.builders import a_brand, a_case, a_complaint, an_author
from tests.improvements.conftest import ABOUT, BOARD, PUBLIC, SignIn, page_of, values
from tests.improvements.made import DONE, an_improvement, noon

pytestmark = pytest.mark.django_db


def test_an_admin_alone_decides_what_is_public(signed_in: SignIn, measured: Improvement) -> None:
    address = f"{BOARD}{measured.pk}/public/"
    assert signed_in("marketer").post(address, {**PUBLIC, "version": 1}).status_code == 403
    admin = signed_in("admin")
    refused = admin.post(address, {"public": "on", "version": 1, "said": "x"})
    assert "Write what you did before everybody sees it." in refused.content.decode()
    assert admin.post(address, {**PUBLIC, "version": 1}).status_code == 302
    assert Improvement.objects.get().public


def test_a_marketer_cannot_slip_in_what_is_public(marketer: Client, measured: Improvement) -> None:
    marketer.post(f"{BOARD}{measured.pk}/", values(measured, **PUBLIC))
    row = Improvement.objects.get()
    assert (row.public, row.said, row.did) == (False, "", "")


def test_the_public_page_shows_what_is_done_and_public_and_nothing_private(
    signed_in: SignIn,
    measured: Improvement,
) -> None:
    author = an_author(handle="jane.roe", name="Jane Roe")
    measured.cases.add(a_case(a_complaint(measured.brand, "acme lost my parcel", author=author)))
    an_improvement(measured.brand, title="Secret", said="Secret said", did="Secret did")
    an_improvement(measured.brand, done=None, public=True, said="Not yet said", did="Not yet did")
    other = an_improvement(a_brand("Other"), public=True, said="Another brand", did="Another did")
    Improvement.objects.filter(pk=measured.pk).update(public=True, said=PUBLIC["said"], did=PUBLIC["did"])
    assert "Complaints about it" not in page_of(Client(), ABOUT)  # it was not measured yet
    settle_all(noon(DONE) + timedelta(days=30))
    page = page_of(Client(), ABOUT)
    assert "The form is too long." in page
    assert "It has five fields now." in page
    assert "September 2026" in page
    assert "Complaints about it fell by " in page
    for private in ("Secret", "Not yet", "parcel", "jane", "Mara", "refund · form", measured.title, str(other.said)):
        assert private.lower() not in page.lower(), private


def test_the_public_page_is_off_when_there_is_nothing(signed_in: SignIn, measured: Improvement) -> None:
    page_of(Client(), ABOUT, 404)
    page_of(Client(), "/about/nowhere/improvements/", 404)
    admin = signed_in("admin")
    admin.post("/b/acme/settings/notice/", {"public": "on", "purpose": "To make better mugs."})
    assert ABOUT not in page_of(Client(), "/about/acme/")
    admin.post(f"{BOARD}{measured.pk}/public/", {**PUBLIC, "version": 1})
    assert ABOUT in page_of(Client(), "/about/acme/")
    row = Improvement.objects.get()
    admin.post(f"{BOARD}{measured.pk}/", values(row, status="dropped", theme=row.theme_id))
    page_of(Client(), ABOUT, 404)


def test_words_of_people_are_never_markup(signed_in: SignIn, measured: Improvement) -> None:
    Theme.objects.update(name="<b>theme</b>")
    bad = {"title": "<b>x</b>", "said": "<b>x</b>", "did": "<b>x</b>", "public": True}
    Improvement.objects.update(**bad)
    for address in (BOARD, f"{BOARD}{measured.pk}/", ABOUT):
        assert "<b>" not in page_of(signed_in("admin"), address)


def test_the_month_is_that_of_the_brand(measured: Improvement) -> None:
    """Half past one at night on 1 October in Auckland is still September in UTC."""
    Brand.objects.update(time_zone="Pacific/Auckland")
    done = datetime(2026, 9, 30, 12, 30, tzinfo=UTC)
    Improvement.objects.update(public=True, said=PUBLIC["said"], did=PUBLIC["did"], done_at=done)
    assert "<h2>October 2026</h2>" in page_of(Client(), ABOUT)
