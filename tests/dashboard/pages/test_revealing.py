"""Whoever works on a case may ask for the name: it is noted, shown to them alone, and gone after a day."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from dashboard.revealing import Hidden, names_shown, reveal, revealing
from listening.models import AuditEntry, Author, Brand, Case, OptOut, Reveal
from tests.builders import a_brand, a_case, a_complaint, a_member, an_author

NOW = timezone.now()
pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.fixture
def case(brand: Brand) -> Case:
    author = an_author(handle="rosa_k", name="Rosa Kowalski", url="https://mas.to/@rosa_k")
    return a_case(a_complaint(brand, addressed="mentioned", author=author))


def test_the_name_is_shown_after_asking_and_only_to_who_asked(brand: Brand, case: Case, client: Client) -> None:
    me, colleague = a_member(brand, "marketer"), a_member(brand, "marketer")
    client.force_login(me)
    mention = f"/b/acme/mentions/{case.mention_id}/"
    before = client.get(mention).content.decode()
    assert "Show the name" in before
    assert "rosa_k" not in before
    after = client.post(f"/b/acme/inbox/{case.pk}/reveal/", {"next": mention}, follow=True).content.decode()
    assert "@rosa_k" in after
    assert 'href="https://mas.to/@rosa_k"' in after
    assert "@rosa_k" in client.get("/b/acme/complaints/").content.decode()
    assert "rosa_k" not in client.get("/b/acme/mentions/").content.decode()
    client.force_login(colleague)
    assert "rosa_k" not in client.get(mention).content.decode() + client.get("/b/acme/complaints/").content.decode()


def test_asking_is_noted_without_the_name_and_twice_is_once(brand: Brand, case: Case) -> None:
    me = a_member(brand, "marketer")
    first = reveal(case, me, NOW)
    assert reveal(case, me, NOW + timedelta(hours=1)).until == first.until == NOW + timedelta(hours=24)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.user, entry.brand) == ("saw a name", me, brand)
    assert "rosa" not in f"{entry.target} {entry.detail}".lower()


def test_it_expires_after_a_day_and_may_be_asked_for_again(brand: Brand, case: Case) -> None:
    me = a_member(brand, "marketer")
    reveal(case, me, NOW)
    assert revealing(case, me, NOW + timedelta(hours=23, minutes=59)).shown
    later = NOW + timedelta(hours=24)
    assert revealing(case, me, later).shown is None
    assert names_shown(me, brand, later) == {}
    assert reveal(case, me, later).handle == "rosa_k"
    assert AuditEntry.objects.filter(verb="saw a name").count() == 2


@pytest.mark.parametrize(
    ("role", "status"), [("manager", 403), ("stranger", 404), ("logged out", 302), ("administrator", 302)]
)
def test_only_who_works_on_cases_may_ask(signed_in: SignIn, case: Case, role: str, status: int) -> None:
    assert signed_in(role).post(f"/b/acme/inbox/{case.pk}/reveal/").status_code == status
    assert Reveal.objects.exists() == (role == "administrator")
    page = signed_in("manager").get(f"/b/acme/mentions/{case.mention_id}/").content.decode()
    assert "Show the name" not in page
    assert "rosa_k" not in page


def test_the_line_keeps_the_name_of_who_is_left_alone(brand: Brand) -> None:
    overheard = a_case(a_complaint(brand, author=an_author()))
    me = a_member(brand, "marketer")
    assert not revealing(overheard, me, NOW).may
    with pytest.raises(Hidden, match="leaves this person alone"):
        reveal(overheard, me, NOW)
    assert not AuditEntry.objects.exists()


def test_who_opts_out_of_contact_has_no_name_any_more(brand: Brand, case: Case, client: Client) -> None:
    me = a_member(brand, "marketer")
    reveal(case, me, timezone.now())
    author = Author.objects.get()
    OptOut.objects.create(network=author.network, key=author.key, scope="contact")
    assert revealing(case, me, timezone.now()).shown is None
    client.force_login(me)
    for address in ("complaints/", f"mentions/{case.mention_id}/"):
        assert "rosa_k" not in client.get(f"/b/acme/{address}").content.decode()


@pytest.mark.parametrize("status", ["done", "ignored"])
def test_a_closed_case_shows_no_name(brand: Brand, case: Case, status: str) -> None:
    me = a_member(brand, "marketer")
    reveal(case, me, NOW)
    Case.objects.update(status=status)
    case.refresh_from_db()
    assert revealing(case, me, NOW).shown is None
    assert names_shown(me, brand, NOW) == {}


def test_who_left_the_team_sees_no_name(brand: Brand, case: Case) -> None:
    me = a_member(brand, "marketer")
    reveal(case, me, NOW)
    me.memberships.all().delete()
    assert revealing(case, me, NOW).shown is None
    assert names_shown(me, brand, NOW) == {}


def test_a_name_that_expired_in_the_tables_cannot_be_shown(brand: Brand, case: Case) -> None:
    me = a_member(brand, "marketer")
    reveal(case, me, NOW)
    Author.objects.update(handle="", name="", url="")
    case = Case.objects.get(pk=case.pk)
    assert revealing(case, me, NOW).shown is None
    assert names_shown(me, brand, NOW) == {}


def test_a_case_of_another_brand_is_not_found(signed_in: SignIn, case: Case) -> None:
    elsewhere = a_case(a_complaint(a_brand("Bolt", slug="bolt"), addressed="mentioned", author=an_author()))
    assert signed_in("admin").post(f"/b/acme/inbox/{elsewhere.pk}/reveal/").status_code == 404


def test_what_is_shown_ends_after_it_began(brand: Brand, case: Case) -> None:
    with pytest.raises(IntegrityError, match="reveal_ends_after_it_began"), transaction.atomic():
        Reveal.objects.create(case=case, user=a_member(brand), author=Author.objects.get(), at=NOW, until=NOW)
