"""Labelling by keyboard alone, without a script, and on a phone; the Quality page in both schemes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from listening.models import Brand, Label, Sitting, User
from tests.builders import a_brand, a_member, a_mention, an_administrator

Enter = Callable[[BrowserContext, User], None]
MACHINE = {"sentiment": "neutral", "p_negative": 0.1, "p_neutral": 0.8, "p_positive": 0.1, "complaint_p": 0.2}
ENGINES = {"sentiment_engine": "vader-1", "complaint_engine": "complaint-1"}


def a_market(n: int = 4) -> Brand:
    brand = a_brand("Acme", slug="acme")
    for i in range(n):
        a_mention(brand, f"acme {i} " + "https://example.org/" + "long" * 40, **(MACHINE | ENGINES))
    return brand


def label_all(brand: Brand, person: User) -> None:
    for mention in brand.mentions.all():
        told = MACHINE | ENGINES | {"machine_sentiment": "neutral", "machine_complaint": False}
        told.pop("sentiment")
        more = {"sentiment": "negative", "complaint": "yes", "why": "random"}
        Label.objects.create(mention=mention, brand=brand, person=person, **told, **more)


def at(page: Page, place: str) -> None:
    """Wait until the sitting is at this place and its keys are heard."""
    expect(page.locator(".labelling-progress")).to_contain_text(place)
    expect(page.locator("[data-labelling][data-keys=on]")).to_be_attached()


def test_a_sitting_can_be_done_by_keyboard_alone(
    site: str, page: Page, browser_context: BrowserContext, enter: Enter, refused: list[str]
) -> None:
    brand = a_market()
    enter(browser_context, a_member(brand, "marketer"))
    page.goto(f"{site}/b/acme/quality/")
    page.get_by_role("button", name="Label 50 mentions").click()
    at(page, "1 of 4")
    page.keyboard.press("1")
    page.keyboard.press("c")
    page.keyboard.press("Enter")
    at(page, "2 of 4")
    expect(page.get_by_text("you said negative, complaint. The machine had neutral")).to_be_visible()
    page.keyboard.press("u")
    at(page, "1 of 4")
    assert not Label.objects.exists()
    page.keyboard.press("3")
    page.keyboard.press("t")
    page.keyboard.press(" ")
    at(page, "2 of 4")
    page.keyboard.press("s")
    at(page, "3 of 4")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    at(page, "4 of 4")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The sitting is finished")).to_be_visible()
    found = Label.objects.order_by("pk").values_list("sentiment", "complaint")
    assert list(found) == [("positive", "unclear"), ("neutral", "no"), ("neutral", "no")]
    assert refused == []


def test_keys_are_dead_without_a_choice_with_a_modifier_and_on_a_button(
    site: str, page: Page, browser_context: BrowserContext, enter: Enter
) -> None:
    brand = a_market(2)
    enter(browser_context, a_member(brand, "marketer"))
    page.goto(f"{site}/b/acme/quality/")
    page.get_by_role("button", name="Label 50 mentions").click()
    at(page, "1 of 2")
    page.keyboard.press("Enter")  # nothing is chosen yet
    page.keyboard.press("Control+1")
    page.evaluate("document.body.append(document.createElement('input'))")
    page.locator("body > input").focus()
    page.keyboard.type("1c")
    assert page.locator(":checked[name=sentiment]").count() == 0
    expect(page.locator(":checked[name=complaint]")).to_have_value("no")
    page.get_by_role("button", name="Skip").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".labelling-progress")).to_contain_text("2 of 2")
    assert not Label.objects.exists()
    assert len(Sitting.objects.get().skipped) == 1


def test_it_works_without_a_script(site: str, browser: Browser, enter: Enter) -> None:
    brand = a_market(2)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    enter(context, a_member(brand, "marketer"))
    page.goto(f"{site}/b/acme/quality/")
    page.get_by_role("button", name="Label 50 mentions").click()
    page.get_by_label("Negative").check()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_label("Positive").check()
    page.get_by_label("Complaint", exact=False).first.check()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("you said positive")).to_be_visible()
    assert Label.objects.get().sentiment == "positive"
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_pages_fit_and_the_browser_does_not_complain(
    site: str, browser: Browser, enter: Enter, scheme: str, width: int
) -> None:
    brand, person = a_market(25), an_administrator()
    label_all(brand, a_member(brand))
    size = {"width": width, "height": 800}
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light", viewport=size)  # type: ignore[arg-type]
    page, said = context.new_page(), list[str]()
    page.on("console", lambda message: said.append(f"{page.url} {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url} {error}"))
    enter(context, person)
    page.goto(f"{site}/b/acme/quality/")
    for chart in page.locator("[data-chart]").all():
        expect(chart).to_have_attribute("data-drawn", "yes")
    page.locator("#sentiment-calibration").click(position={"x": 100, "y": 100})
    page.get_by_text("Where it was wrong").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Label 50 mentions").click()
    expect(page.locator(".labelling-progress")).to_contain_text("1 of")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
    assert said == []
