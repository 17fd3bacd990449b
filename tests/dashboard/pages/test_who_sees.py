"""Each page: admin, marketer and manager see it, a stranger gets 404, who is not signed in goes to the sign-in."""

from collections.abc import Callable

import pytest
from django.test import Client

from listening.models import AuditEntry, Brand, Case
from tests.builders import a_complaint, a_mention

PAGES = ["", "mentions/", "complaints/", "spikes/"]
HOSTILE = [
    "q=%00",
    "q=%F0%9F%98%80",
    "q=((((",
    "q=" + "a+AND+" * 900 + "b",
    "q=*",
    "days=x&from=%00&to=%ff",
    "after=%00",
    "after=20261123T120000.000000-99999999999999999999999",
    "after=a99999999999999999-1",
    "network=%00&language='%3B--&sentiment=x",
    "sentiment=-unscored&network=-x",
    "complaint=%00&addressed=maybe&own=%00&status=%00",
    "fresh=1,%00,2,x,99999999999999999999999999",
    "fresh=" + "9" * 5000,
    "fresh=",
    "from=2026-10-25&to=2026-10-25",
    "from=0001-01-01",
    "part=all",
]

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["administrator", "admin", "marketer", "manager"])
def test_it_shows_the_page_to_members_with_mentions_and_without(
    signed_in: SignIn, brand: Brand, role: str, page: str
) -> None:
    client = signed_in(role)
    assert client.get(f"/b/acme/{page}").status_code == 200
    a_mention(brand)
    a_complaint(brand)
    assert client.get(f"/b/acme/{page}").status_code == 200


@pytest.mark.parametrize("page", [*PAGES, "mentions/1/", "live/"])
def test_it_does_not_tell_strangers_that_the_brand_exists(signed_in: SignIn, page: str) -> None:
    assert signed_in("stranger").get(f"/b/acme/{page}").status_code == 404
    assert signed_in("stranger").get(f"/b/nowhere/{page}").status_code == 404


@pytest.mark.parametrize("page", [*PAGES, "mentions/1/", "live/"])
def test_it_sends_who_is_not_signed_in_to_the_sign_in(signed_in: SignIn, page: str) -> None:
    response = signed_in("logged out").get(f"/b/acme/{page}")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("query", HOSTILE)
def test_it_never_breaks_on_what_an_address_holds(marketer: Client, brand: Brand, page: str, query: str) -> None:
    a_complaint(brand)
    assert marketer.get(f"/b/acme/{page}?{query}").status_code == 200


@pytest.mark.parametrize("action", ["mentions/{}/correct/", "complaints/{}/"])
@pytest.mark.parametrize(
    ("role", "status"), [("manager", 403), ("stranger", 404), ("logged out", 302), ("marketer", 302)]
)
def test_it_lets_only_those_who_work_the_inbox_change_anything(
    signed_in: SignIn, brand: Brand, action: str, role: str, status: int
) -> None:
    mention = a_complaint(brand)
    response = signed_in(role).post(f"/b/acme/{action.format(mention.pk)}", {"complaint": "no", "status": "done"})
    assert response.status_code == status
    changed = AuditEntry.objects.count() + Case.objects.count()
    assert bool(changed) == (role == "marketer")


def test_it_changes_no_mention_of_another_brand(marketer: Client) -> None:
    from_elsewhere = a_complaint(Brand.objects.create(name="Other", slug="other"))
    assert marketer.post(f"/b/acme/mentions/{from_elsewhere.pk}/correct/", {"complaint": "no"}).status_code == 404
    assert marketer.get(f"/b/acme/mentions/{from_elsewhere.pk}/").status_code == 404
    assert marketer.post(f"/b/acme/complaints/{from_elsewhere.pk}/", {"status": "done"}).status_code == 404


def test_it_shows_managers_no_buttons_that_they_may_not_press(signed_in: SignIn, brand: Brand) -> None:
    a_complaint(brand)
    assert "/correct/" in signed_in("marketer").get("/b/acme/mentions/").content.decode()
    assert "/correct/" not in signed_in("manager").get("/b/acme/mentions/").content.decode()
    assert "<select" not in signed_in("manager").get("/b/acme/complaints/").content.decode().split('id="mentions"')[1]


def test_it_takes_people_with_one_brand_straight_to_it(marketer: Client) -> None:
    assert marketer.get("/")["Location"] == "/b/acme/"


def test_it_shows_people_with_several_brands_a_card_each(signed_in: SignIn, brand: Brand) -> None:
    Brand.objects.create(name="Other", slug="other")
    a_mention(brand)
    page = signed_in("administrator").get("/").content.decode()
    assert "/b/acme/" in page
    assert "/b/other/" in page


def test_it_tells_people_without_a_brand_what_to_do(db: None, client: Client) -> None:
    from tests.builders import a_user

    client.force_login(a_user())
    assert b"You see no brand yet" in client.get("/").content


def test_it_tells_admins_of_a_silent_brand_where_to_go_on(signed_in: SignIn, brand: Brand) -> None:
    page = signed_in("admin").get("/b/acme/").content.decode()
    assert "Nothing heard yet" in page
    assert "/b/acme/settings/sources/" in page.split('id="figures"')[1]
    assert "/settings/" not in signed_in("manager").get("/b/acme/").content.decode()


def test_the_error_pages_say_what_to_do(signed_in: SignIn, brand: Brand) -> None:
    assert b"not a member of the brand" in signed_in("stranger").get("/b/acme/").content
    forbidden = signed_in("manager").post(f"/b/acme/mentions/{a_mention(brand).pk}/correct/")
    assert b"Your role does not include this" in forbidden.content
    assert b"no such page" in Client().get("/no/such/page/").content


def test_sample_data_is_labelled_on_every_page(signed_in: SignIn, brand: Brand) -> None:
    Brand.objects.update(is_sample=True)
    client = signed_in("marketer")
    for page in PAGES:
        assert b"Sample data" in client.get(f"/b/acme/{page}").content
