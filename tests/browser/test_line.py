"""The line in a real browser: the preview follows the choice, the policy refuses nothing, phones show all of it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from listening.models import Line, Notice, OptOutRequest, User
from tests.builders import a_brand, a_complaint, a_member, a_mention, an_administrator, an_author

Enter = Callable[[BrowserContext, User], None]


def test_the_preview_follows_the_line_while_it_moves(
    site: str, page: Page, browser_context: BrowserContext, enter: Enter, refused: list[str]
) -> None:
    brand = a_brand(slug="acme")
    a_complaint(brand, "acme broke my mug", author=an_author())
    a_mention(brand, "dear acme", author=an_author(), addressed="mentioned")
    enter(browser_context, a_member(brand, "admin"))
    page.goto(f"{site}/b/acme/line/")
    expect(page.locator(".reach .ask dd").first).to_have_text("0")
    page.get_by_text("Answer complaints").click()
    expect(page.locator(".reach .ask dd").first).to_have_text("1", timeout=10_000)
    expect(page.locator(".example", has_text="acme broke my mug")).to_contain_text("Changed")
    assert Line.objects.of(brand).version == 1
    page.get_by_role("button", name="Move the line").click()
    expect(page.get_by_text("Version 2 of the line holds now.")).to_be_visible()
    assert refused == []


@pytest.mark.parametrize("width", [390, 320])
def test_its_pages_fit_a_phone(site: str, browser: Browser, enter: Enter, width: int) -> None:
    brand = a_brand(slug="acme")
    mention = a_mention(brand, "acme" * 60, author=an_author(), addressed="mentioned")
    Notice.objects.create(brand=brand, public=True)
    request = OptOutRequest.objects.create(network="bluesky", scope="listen", origin="the public page")
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    for address in ("opt-out/", f"opt-out/{request.token}/", "about/acme/"):
        page.goto(f"{site}/{address}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    request.delete()
    enter(context, an_administrator())
    inside = ("b/acme/line/", f"b/acme/mentions/{mention.pk}/line/", "people/opt-outs/", "b/acme/settings/notice/")
    for address in inside:
        assert (answer := page.goto(f"{site}/{address}")) and answer.ok, address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    context.close()
