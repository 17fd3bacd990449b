"""The pages of people's rights in a real browser: they fit a phone, and the name is shown without a script."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dashboard.rights import settling
from listening.models import Interest, User
from tests.builders import a_brand, a_case, a_complaint, a_member, a_source, an_administrator, an_author

pytestmark = pytest.mark.django_db(transaction=True)
Enter = Callable[[BrowserContext, User], None]


def test_a_first_brand_is_set_up_with_one_click_on_the_draft(
    site: str, page: Page, browser_context: BrowserContext, enter: Enter, refused: list[str]
) -> None:
    enter(browser_context, an_administrator())
    page.goto(f"{site}/start/")
    page.get_by_label("Brand name").fill("Acme")
    expect(page.get_by_label("Balancing")).to_contain_text("People who write in public")
    page.get_by_label("I have read it").check()
    page.get_by_role("button", name="Start listening").click()
    expect(page.get_by_text("Listening for Acme.")).to_be_visible()
    assert Interest.objects.get().adopted
    assert refused == []


def test_the_name_is_shown_without_a_script(site: str, browser: Browser, enter: Enter) -> None:
    brand = a_brand(slug="acme")
    case = a_case(a_complaint(brand, addressed="mentioned", author=an_author(handle="rosa_k")))
    context = browser.new_context(java_script_enabled=False)
    enter(context, a_member(brand, "marketer"))
    page = context.new_page()
    page.goto(f"{site}/b/acme/mentions/{case.mention_id}/")
    expect(page.get_by_text("rosa_k")).to_have_count(0)
    page.get_by_role("button", name="Show the name").click()
    expect(page.locator(".reveal")).to_contain_text("@rosa_k")
    context.close()


@pytest.mark.parametrize("width", [390, 320])
def test_its_pages_fit_a_phone(site: str, browser: Browser, enter: Enter, width: int) -> None:
    brand = a_brand(slug="acme", interest=False)
    a_source(brand)
    mention = a_complaint(brand, "acme" * 60, author=an_author(handle="rosa" * 20), addressed="mentioned")
    a_case(mention)
    admin = an_administrator()
    request = settling.enter("mastodon", {"handle": "rosa" * 20}, "access", timezone.localdate(), admin)
    settling.check_identity(request, "code", admin, timezone.now())
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    enter(context, admin)
    inside = ("", "settings/", "settings/interest/", "settings/audit/", f"mentions/{mention.pk}/")
    outside = ("people/requests/", f"people/requests/{request.pk}/", f"people/requests/{request.pk}/export.html")
    for address in (*(f"b/acme/{one}" for one in inside), *outside, "brands/new/"):
        assert (answer := page.goto(f"{site}/{address}")) and answer.ok, address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    context.close()
