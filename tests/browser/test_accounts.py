"""Many accounts at once in a real browser: what became of each line is seen, however long a line is."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from listening.models import User
from tests.builders import a_brand, a_member

Enter = Callable[[BrowserContext, User], None]


@pytest.mark.parametrize("width", [390, 1440])
def test_a_long_line_hides_no_answer(site: str, browser: Browser, enter: Enter, width: int) -> None:
    brand = a_brand(slug="acme", is_sample=True)  # whose accounts are not looked up
    context = browser.new_context(viewport={"width": width, "height": 900})
    enter(context, a_member(brand, "admin"))
    page = context.new_page()
    page.goto(f"{site}/b/acme/settings/accounts/")
    page.select_option("[name=network]", "mastodon")
    page.fill("[name=handles]", "x" * 300)
    page.get_by_role("button", name="Look them up and add them").click()
    answer = page.locator("tbody td:last-child")
    expect(answer).to_be_visible()
    box = answer.bounding_box()
    assert box and box["x"] + box["width"] <= width
    context.close()
