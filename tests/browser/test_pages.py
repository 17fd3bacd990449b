"""The reading pages in a real browser: no complaint from the policy, one-click corrections, live news, phones."""

import json
from collections.abc import Callable
from datetime import timedelta
from time import monotonic

import pytest
import redis
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from listening.models import Brand, User
from tests.builders import a_brand, a_complaint, a_gap, a_member, a_mention, a_query, a_source, an_administrator

Enter = Callable[[BrowserContext, User], None]
PAGES = ["", "?days=7", "?days=90&network=x", "mentions/", "mentions/?q=acme", "complaints/", "mentions/?q=((("]


def a_market() -> Brand:
    """A brand with something of everything, and a rival."""
    brand, rival = a_brand("Acme", slug="acme", time_zone="Europe/Berlin"), a_brand("Rival")
    brand.rivals.add(rival)
    now, query = timezone.now(), a_query(brand, "acme")
    source = a_source(brand, rival)
    a_gap(source, now - timedelta(days=4), now - timedelta(days=2), "<b>No</b> quota & nothing to do.")
    a_mention(rival)
    for i in range(40):
        kind = {
            "sentiment": ["positive", "negative", "neutral", "unscored"][i % 4],
            "network": ["x", "mastodon"][i % 2],
        }
        a_mention(
            brand, f"acme {i}", published_at=now - timedelta(hours=9 * i), spans={str(query.pk): [[0, 4]]}, **kind
        )
    a_complaint(brand, "acme broke https://example.org/" + "long" * 60, addressed="mentioned")
    return brand


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_makes_the_browser_complain(site: str, browser: Browser, enter: Enter, scheme: str) -> None:
    mention = a_mention(a_market())
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page, said = context.new_page(), list[str]()
    page.on("console", lambda message: said.append(f"{page.url} {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url} {error}"))
    enter(context, an_administrator())
    for address in ["", *(f"b/acme/{rest}" for rest in [*PAGES, f"mentions/{mention.pk}/"])]:
        page.goto(f"{site}/{address}")
        if page.locator("[data-chart]").count():
            expect(page.locator("[data-chart]")).to_have_attribute("data-drawn", "yes")
    context.close()
    assert said == []


def test_the_chart_opens_the_mentions_of_a_bar_and_follows_the_theme(
    site: str, page: Page, browser_context: BrowserContext, enter: Enter, refused: list[str]
) -> None:
    a_market()
    enter(browser_context, an_administrator())
    page.goto(f"{site}/b/acme/")
    chart = page.locator("#trend")
    expect(chart).to_have_attribute("data-drawn", "yes")
    expect(chart.locator(".bars .point path").first).to_be_attached()
    ink = "document.querySelector('#trend .xtick text').style.fill"
    before = page.evaluate(ink)
    page.get_by_role("button", name="Switch theme").first.click()
    page.wait_for_function(f"{ink} !== {before!r}")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    expect(chart).to_have_attribute("data-drawn", "yes")
    with page.expect_navigation():
        page.evaluate("document.getElementById('trend').emit('plotly_click', {points: [{x: 29}]})")
    assert "/b/acme/mentions/?from=" in page.url
    assert refused == []


def test_one_click_corrects_a_mention_and_another_takes_it_back(
    site: str, page: Page, browser_context: BrowserContext, enter: Enter, refused: list[str]
) -> None:
    brand = a_brand(slug="acme")
    mention = a_mention(brand, sentiment="positive")
    enter(browser_context, a_member(brand, "marketer"))
    page.goto(f"{site}/b/acme/mentions/")
    row = page.locator(f"#mention-{mention.pk}")
    row.get_by_text("Mark as complaint").click()
    expect(row.get_by_role("button", name="Complaint by hand")).to_be_visible()
    row.locator("summary", has_text="Positive").click()
    row.get_by_role("button", name="Negative").click()
    expect(row.locator("summary", has_text="Negative by hand")).to_be_visible()
    mention.refresh_from_db()
    assert (mention.mood, mention.is_complaint) == ("negative", True)
    row.locator("summary", has_text="Negative").click()
    row.get_by_role("button", name="Back to the machine").click()
    expect(row.locator("summary", has_text="Positive")).to_be_visible()
    assert page.url == f"{site}/b/acme/mentions/"
    assert refused == []


def test_a_status_is_saved_when_it_is_chosen(
    site: str, page: Page, browser_context: BrowserContext, enter: Enter, refused: list[str]
) -> None:
    brand = a_brand(slug="acme")
    mention = a_complaint(brand)
    enter(browser_context, a_member(brand, "marketer"))
    page.goto(f"{site}/b/acme/complaints/")
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_hidden()
    with page.expect_response(lambda response: "/complaints/" in response.url and response.request.method == "POST"):
        page.get_by_role("combobox", name="Status").select_option("done")
    mention.refresh_from_db()
    assert mention.case.status == "done"
    assert refused == []


def publish(brand: Brand, ids: list[int]) -> None:
    news = {"new": len(ids), "changed": 0, "ids": ids, "at": timezone.now().isoformat()}
    redis.Redis.from_url(settings.REDIS_URL).publish(f"earshot:brand:{brand.pk}", json.dumps(news))


def test_a_new_mention_appears_on_an_open_list_within_two_seconds(
    site: str, page: Page, browser_context: BrowserContext, enter: Enter, refused: list[str]
) -> None:
    brand = a_brand(slug="acme")
    a_mention(brand, "an older one")
    enter(browser_context, a_member(brand, "manager"))
    page.goto(f"{site}/b/acme/mentions/")
    expect(page.locator("[data-live]")).to_have_attribute("data-open", "yes")
    new = a_mention(brand, "hot off the press")
    begun = monotonic()
    publish(brand, [new.pk])
    expect(page.locator(".mention").first).to_contain_text("hot off the press", timeout=5000)
    assert monotonic() - begun < 2
    publish(brand, [new.pk])
    page.wait_for_timeout(1000)
    assert page.locator(".mention").count() == 2
    assert refused == []


def test_new_mentions_renew_the_figures_of_an_open_overview(
    site: str, page: Page, browser_context: BrowserContext, enter: Enter, refused: list[str]
) -> None:
    brand = a_brand(slug="acme")
    a_mention(brand)
    enter(browser_context, a_member(brand, "manager"))
    page.goto(f"{site}/b/acme/")
    expect(page.locator("[data-live]")).to_have_attribute("data-open", "yes")
    publish(brand, [a_mention(brand).pk])
    expect(page.locator("#stat-mentions .value")).to_have_text("2", timeout=5000)
    expect(page.locator(".toast")).to_contain_text("1 new mention")
    expect(page.locator("#trend")).to_have_attribute("data-drawn", "yes")
    assert refused == []


def test_a_hidden_tab_asks_for_nothing(site: str, page: Page, browser_context: BrowserContext, enter: Enter) -> None:
    brand = a_brand(slug="acme")
    a_mention(brand)
    enter(browser_context, a_member(brand, "manager"))
    page.goto(f"{site}/b/acme/mentions/")
    expect(page.locator("[data-live]")).to_have_attribute("data-open", "yes")
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true});document.dispatchEvent(new Event('visibilitychange'))"
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    publish(brand, [a_mention(brand).pk])
    page.wait_for_timeout(1500)
    assert asked == []
    assert page.locator(".mention").count() == 1


@pytest.mark.parametrize("address", ["", "mentions/", "complaints/", "inbox/"])
def test_an_idle_tab_asks_at_most_twice_a_minute(
    site: str, page: Page, browser_context: BrowserContext, enter: Enter, address: str
) -> None:
    """Five minutes on the page's own clock, in which nothing happens."""
    brand = a_market()
    enter(browser_context, a_member(brand, "marketer"))
    page.clock.install()
    page.goto(f"{site}/b/acme/{address}")
    expect(page.locator("[data-live], [data-stream]").first).to_have_attribute("data-open", "yes")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(5 * 60 * 1000)
    page.wait_for_timeout(500)
    assert len(asked) <= 10, asked


def test_the_address_holds_the_filters_and_back_takes_the_last_one_away(
    site: str, page: Page, browser_context: BrowserContext, enter: Enter
) -> None:
    """State lives in the address; own posts are left out, with a chip that says so."""
    brand = a_market()
    a_mention(brand, "acme says so itself", own=True)
    enter(browser_context, a_member(brand, "manager"))
    page.goto(f"{site}/b/acme/mentions/?network=x")
    expect(page.locator("#total")).to_have_text("20")
    expect(page.locator(".chip").filter(has_text="Own posts")).to_be_visible()
    page.locator("#search").fill("acme 12")
    page.locator("#search").press("Enter")
    page.wait_for_url("**q=acme+12**")
    assert "network=x" in page.url
    page.go_back()
    expect(page.locator("#total")).to_have_text("20")
    assert "network=x" in page.url and "q=acme" not in page.url
    expect(page.locator("#search")).to_have_value("")


def test_everything_works_without_a_script(site: str, browser: Browser, enter: Enter) -> None:
    brand = a_market()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    enter(context, a_member(brand, "marketer"))
    page.goto(f"{site}/b/acme/")
    page.get_by_text("As a table").click()
    expect(page.locator(".chart-table td a").first).to_be_visible()
    page.goto(f"{site}/b/acme/mentions/")
    page.get_by_label("Search in the query language").fill('acme AND "39"')
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".mention")).to_have_count(1)
    page.locator("summary", has_text="Not scored").click()
    page.get_by_role("button", name="Negative").click()
    expect(page.get_by_text("Marked as negative.")).to_be_visible()
    assert "q=acme" in page.url
    page.goto(f"{site}/b/acme/complaints/")
    page.get_by_role("combobox", name="Status").select_option("in_progress")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_role("link", name="In progress").click()
    expect(page.locator(".mention")).to_have_count(1)
    context.close()


@pytest.mark.parametrize("width", [390, 320])
def test_no_page_scrolls_sideways_on_a_phone(site: str, browser: Browser, enter: Enter, width: int) -> None:
    brand = a_market()
    mention = a_mention(brand, "acme" * 90)
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    enter(context, an_administrator())
    for address in ["", *(f"b/acme/{rest}" for rest in [*PAGES, f"mentions/{mention.pk}/"])]:
        page.goto(f"{site}/{address}")
        if page.locator("[data-chart]").count():
            expect(page.locator("[data-chart]")).to_have_attribute("data-drawn", "yes")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    context.close()
