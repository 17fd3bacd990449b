"""Answering in a real browser: verdict and length follow the words, two clicks are one, phones show all of it."""

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from listening.models import Case, CaseRules, Reply, SavedReply, User
from listening.secrets import seal
from tests.builders import a_brand, a_case, a_member, a_mention, a_source, an_author

Enter = Callable[[BrowserContext, User], None]


def a_case_to_answer() -> Case:
    brand = a_brand(slug="acme")
    settings = {"replies": True, "identifier": "acme.example"}
    a_source(brand, kind="bluesky", settings=settings, credentials=seal({"app_password": "x"}))
    CaseRules.objects.create(
        brand=brand, voice="Warm and short, and never a wordthatistoolongforaphonetoshowinoneline."
    )
    SavedReply.objects.create(brand=brand, name="Sorry", text="Dear {name}, {brand} is sorry.")
    author = an_author(network="bluesky", name="Rosa")
    return a_case(a_mention(brand, "dear acme", author=author, addressed="mentioned", network="bluesky"))


def test_what_the_line_says_follows_the_words_and_two_clicks_are_one_answer(
    site: str, page: Page, browser_context: BrowserContext, enter: Enter, refused: list[str]
) -> None:
    case = a_case_to_answer()
    enter(browser_context, a_member(case.brand, "marketer"))
    page.goto(f"{site}/b/acme/inbox/{case.pk}/reply/")
    words, look = page.get_by_label("Your words"), page.locator("#reply-look")
    words.fill("Thank you")
    expect(look).to_contain_text("does not say for whom it speaks", timeout=10_000)
    page.get_by_role("button", name="Insert").click()
    expect(words).to_have_value("Thank you\nDear Rosa, Acme is sorry.")
    expect(look).to_contain_text("May be answered")
    page.get_by_role("button", name="Send", exact=True).dblclick()
    expect(page.locator("#reply")).to_contain_text("It is on its way")
    assert [reply.state for reply in Reply.objects.all()] == ["approved"]
    assert refused == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_phones_show_all_of_it_even_without_a_script(
    site: str, browser: Browser, enter: Enter, scheme: Literal["light", "dark"]
) -> None:
    case = a_case_to_answer()
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        color_scheme="light" if scheme == "light" else "dark",
        java_script_enabled=scheme == "light",
    )
    enter(context, a_member(case.brand, "admin"))
    page = context.new_page()
    for address in (f"inbox/{case.pk}/reply/", "settings/replies/"):
        page.goto(f"{site}/b/acme/{address}")
        wide = page.locator("body").evaluate("body => document.documentElement.scrollWidth")
        assert wide <= 390, address
    page.goto(f"{site}/b/acme/inbox/{case.pk}/reply/")
    page.get_by_label("Your words").fill("Acme says hello")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#reply")).to_contain_text("Draft")
    context.close()
