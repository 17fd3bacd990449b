"""Rules for cases in a real browser: the preview follows a rule that has no name yet, and the pages fit a phone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from listening.models import CaseRule, CaseRules, User
from tests.builders import a_brand, a_case, a_complaint, a_member, an_author

Enter = Callable[[BrowserContext, User], None]


def test_the_preview_follows_the_rule_while_it_is_written(
    site: str, page: Page, browser_context: BrowserContext, enter: Enter, refused: list[str]
) -> None:
    brand = a_brand(slug="acme")
    then = timezone.now() - timedelta(hours=1)
    a_complaint(brand, "acme: refund", author=an_author(), addressed="mentioned", published_at=then)
    enter(browser_context, a_member(brand, "admin"))
    page.goto(f"{site}/b/acme/settings/cases/new/")
    page.fill("#id_query", "refund")
    expect(page.locator("#preview")).to_contain_text("1 case", timeout=10_000)
    page.check("input[value=praise]")
    expect(page.locator("#preview")).to_contain_text("no case", timeout=10_000)
    page.fill("#id_query", "(refund")
    expect(page.locator("#preview .pointer")).to_be_visible(timeout=10_000)
    page.fill("#id_query", "refund")
    expect(page.locator("#preview")).to_contain_text("no case", timeout=10_000)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This field is required.")).to_be_visible()
    page.fill("#id_name", "Refunds")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("“Refunds” is saved.")).to_be_visible()
    assert CaseRule.objects.get().kinds == ["praise"]
    assert [one for one in refused if "422" not in one] == []


@pytest.mark.parametrize("width", [390, 320])
def test_its_pages_fit_a_phone(site: str, browser: Browser, enter: Enter, width: int) -> None:
    brand = a_brand(slug="acme")
    CaseRules.objects.create(brand=brand, from_priority=0)
    rule = CaseRule.objects.create(brand=brand, name="R" * 80, query="acme" * 60, tags=["t" * 40, "u" * 40])
    a_case(a_complaint(brand, "acme" * 60, author=an_author()), replied_at=timezone.now())
    context = browser.new_context(viewport={"width": width, "height": 800})
    enter(context, a_member(brand, "admin"))
    page = context.new_page()
    paths = ("settings/cases/?count=yes", f"settings/cases/{rule.pk}/", "inbox/figures/?show=opened")
    for path in paths:
        page.goto(f"{site}/b/acme/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()
