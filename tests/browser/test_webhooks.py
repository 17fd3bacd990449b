"""Webhooks in a real browser: the secret is copied, a test is followed until it arrived, and the pages fit a phone."""

from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ingest.announcing import drain, due
from listening.models import Delivery, User, Webhook
from tests.builders import a_brand, a_case, a_member, a_mention, a_webhook
from tests.sources.loopback import Loopback, reply

Enter = Callable[[BrowserContext, User], None]


@pytest.fixture
def receiver() -> Iterator[Loopback]:
    with Loopback() as receiver:
        receiver.script("POST", "/hook", reply(204))
        yield receiver


def test_a_webhook_is_made_its_secret_copied_and_a_test_followed(
    site: str, page: Page, browser_context: BrowserContext, enter: Enter, refused: list[str], receiver: Loopback
) -> None:
    brand = a_brand(slug="acme")
    enter(browser_context, a_member(brand, "admin"))
    browser_context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site}/b/acme/settings/webhooks/")
    page.get_by_role("link", name="New webhook").click()
    page.fill("#id_name", "Help desk")
    page.fill("#id_url", f"{receiver.url}/hook")
    page.check("input[value='case.opened']")
    page.get_by_role("button", name="Make it").click()
    secret = page.locator("#secret").inner_text()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == secret and secret.startswith("whsec_")
    page.get_by_role("button", name="Send a test").click()
    expect(page.locator(".delivery")).to_contain_text("Not tried yet")
    assert page.locator("#secret").count() == 0
    for webhook_id in due(timezone.now()):
        drain(webhook_id)
    expect(page.locator(".delivery")).to_contain_text("answered 204", timeout=10_000)
    page.get_by_text("What it says").click()
    expect(page.locator(".delivery pre")).to_contain_text("webhook.test")
    assert refused == []


@pytest.mark.parametrize("width", [390, 320])
def test_its_pages_fit_a_phone(site: str, browser: Browser, enter: Enter, width: int) -> None:
    brand = a_brand(slug="acme")
    webhook = a_webhook(brand, f"https://{'host' * 15}.example.org/{'path' * 90}", name="N" * 80)
    a_case(a_mention(brand))
    Delivery.objects.update(state="failed", attempts=10, tried_at=timezone.now(), sentence="https://" + "long" * 60)
    Webhook.objects.update(active=False, off_reason="It answered " + "long" * 60)
    context = browser.new_context(viewport={"width": width, "height": 800})
    enter(context, a_member(brand, "admin"))
    page = context.new_page()
    for path in ("webhooks/", "webhooks/new/", f"webhooks/{webhook.pk}/", "sources/"):
        page.goto(f"{site}/b/acme/settings/{path}")
        for details in page.locator("#content details").all():
            details.evaluate("one => one.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()
