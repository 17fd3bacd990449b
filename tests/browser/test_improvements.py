"""An improvement in a real browser: its chart is drawn, a day of it opens its complaints, and it fits on a phone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from listening.models import User
from tests.builders import a_brand, a_case, a_complaint, a_source, an_administrator
from tests.improvements.made import DONE, a_theme, an_improvement, halved, noon, steady, talk

Enter = Callable[[BrowserContext, User], None]


@pytest.mark.parametrize("width", [1440, 390])
def test_the_chart_shows_the_day_on_which_it_was_done(
    site: str, page: Page, browser_context: BrowserContext, enter: Enter, refused: list[str], width: int
) -> None:
    brand = a_brand("Acme", slug="acme")
    a_source(brand, collecting_since=noon(DONE) - timedelta(days=300))
    theme = a_theme(brand)
    talk(brand, theme, halved(6), complaint=True)
    talk(brand, None, steady(20), complaint=False)
    row = an_improvement(brand, theme)
    enter(browser_context, an_administrator())
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site}/b/acme/improvements/{row.pk}/")
    chart = page.locator("#rate")
    expect(chart).to_have_attribute("data-drawn", "yes")
    expect(chart.locator(".annotation-text")).to_have_text("Done")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    with page.expect_navigation():
        page.evaluate("document.getElementById('rate').emit('plotly_click', {points: [{x: 50}]})")
    assert f"theme={theme.pk}" in page.url and "complaint=yes" in page.url and "from=2026-09-09" in page.url
    assert refused == []


@pytest.mark.parametrize("width", [1440, 390])
def test_a_case_becomes_one_on_a_page_whose_fields_have_room(
    site: str, page: Page, browser_context: BrowserContext, enter: Enter, width: int
) -> None:
    case = a_case(a_complaint(a_brand("Acme", slug="acme"), "the grinder broke"))
    enter(browser_context, an_administrator())
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site}/b/acme/improvements/new/?case={case.pk}")
    said, title = page.locator("blockquote").bounding_box(), page.get_by_label("What should get better").bounding_box()
    assert said and title
    assert title["width"] > 300 and title["x"] == said["x"] and title["y"] > said["y"]
