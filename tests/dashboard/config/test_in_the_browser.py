"""The editors in a real browser: the preview follows the typing, under the strict content security policy."""

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from listening.models import Query, User
from tests.builders import a_brand, a_mention, a_query, an_administrator
from tests.dashboard.config.people import signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def refused(page: Page) -> list[str]:
    """What the browser complained about: scripts and styles that the policy forbids, requests that failed."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def enter(context: BrowserContext, live_server: LiveServer, user: User) -> None:
    """Bring a session along instead of typing a password."""
    cookie = signed_in(user).cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])


def test_the_preview_follows_what_is_typed(
    live_server: LiveServer, page: Page, browser_context: BrowserContext, refused: list[str]
) -> None:
    brand = a_brand()
    query = a_query(brand, "acme")
    a_mention(brand, "acme and beta", spans={str(query.pk): [[0, 4]]})
    a_mention(brand, "acme alone", spans={str(query.pk): [[0, 4]]})
    enter(browser_context, live_server, an_administrator())
    page.goto(live_server.url + reverse("query", args=[brand.slug, query.pk]))
    editor, preview = page.get_by_label("Query", exact=True), page.locator("#preview")
    editor.fill("acme NOT alone")
    expect(preview).to_contain_text("Would be lost")
    expect(preview.locator(".example-text").first).to_be_visible()
    editor.fill("(acme OR")
    expect(preview.locator("pre.pointer")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".errors")).to_be_visible()
    assert Query.objects.get().text == "acme"
    editor.fill("acme OR beta")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved as version 2")).to_be_visible()
    assert [text for text in refused if "422" not in text] == []


def test_the_first_start_suggests_a_query_for_the_name(
    live_server: LiveServer, page: Page, browser_context: BrowserContext, refused: list[str]
) -> None:
    enter(browser_context, live_server, an_administrator())
    page.goto(live_server.url + reverse("home"))
    expect(page).to_have_url(live_server.url + reverse("start"))
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    page.get_by_label("Brand name").fill("BT")
    query = page.locator("#id_text")
    expect(query).to_have_attribute("placeholder", "{BT}")
    expect(page.locator("#start-query")).to_contain_text("In words")
    query.fill("{BT} AND broadband")
    page.get_by_label("Brand name").fill("BT Group")
    expect(query).to_have_attribute("placeholder", '"BT Group"')
    expect(query).to_have_value("{BT} AND broadband")
    assert refused == []
