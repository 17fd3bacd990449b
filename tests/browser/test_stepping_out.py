"""A member of the public steps out on a phone: one field, three taps, and the minute is theirs, not the server's."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, Response, expect

from ingest import stepping_out
from listening.models import Mention, Notice, OptOut, OptOutRequest
from listening.secrets import person_key
from tests.builders import a_brand, a_mention, a_source, an_author
from tests.sources.loopback import Loopback, reply

pytestmark = pytest.mark.django_db(transaction=True)
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ROSA = "did:plc:rosa"
SECONDS = 20.0
"""Of the minute; measured were 0.5 to 3 on two busy cores."""


class Person:
    """Somebody with a phone who counts what they have to do, and how long they wait for the server."""

    def __init__(self, page: Page) -> None:
        self.page, self.fields, self.taps, self.waited = page, 0, 0, 0.0
        page.on("response", self._wait)

    def type(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)
        self.fields += 1

    def tap(self, role: Any, name: str) -> None:
        self.page.get_by_role(role, name=name).tap()
        self.taps += 1

    def sees_without_scrolling(self, role: Any, name: str) -> bool:
        box = self.page.get_by_role(role, name=name).bounding_box()
        return box is not None and box["y"] + box["height"] <= PHONE["viewport"]["height"]

    def _wait(self, answer: Response) -> None:
        if answer.request.resource_type == "document":
            answer.finished()
            timing = answer.request.timing
            self.waited += max(0.0, timing["responseEnd"] - timing["requestStart"]) / 1000


@pytest.fixture
def profile() -> Iterator[dict[str, str]]:
    """What stands in Rosa's profile; an AppView on loopback tells it."""
    cache.clear()
    told = {"did": ROSA, "handle": "rosa.example", "description": "I mend bicycles."}
    with Loopback() as net:
        net.handle("GET", "/xrpc/app.bsky.actor.getProfile", lambda request: reply(200, told))
        a_source(kind="bluesky", settings={"appview_url": net.url})
        yield told


@pytest.fixture
def phone(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    monkeypatch.setattr("dashboard.bells.check_opt_out", lambda pk: stepping_out.check(pk, datetime.now(UTC)))
    context = browser.new_context(**PHONE)
    yield Person(context.new_page())
    context.close()


def known(words: str, network: str, who: str) -> None:
    version, key = person_key(network, who)
    a_mention(a_brand(), words, network=network, author=an_author(network=network, key_version=version, key=key))


@pytest.mark.parametrize("written", ["https://bsky.app/profile/rosa.example", "@rosa.example"])
def test_whoever_can_show_a_code_is_out_after_one_field_and_three_taps(
    site: str, phone: Person, profile: dict[str, str], written: str
) -> None:
    known("acme lost my parcel", "bluesky", ROSA)
    phone.page.goto(f"{site}/opt-out/")
    phone.type("Your account", written)
    assert phone.sees_without_scrolling("button", "Go on")
    phone.tap("button", "Go on")
    assert phone.sees_without_scrolling("button", "It is there: check")
    opens = phone.page.get_by_role("link", name="Open my profile")
    assert opens.get_attribute("href") == "https://bsky.app/profile/rosa.example"
    phone.taps += 1  # that link; what is done there is the network's
    profile["description"] += " " + phone.page.locator("#code").inner_text()
    phone.tap("button", "It is there: check")
    expect(phone.page.get_by_role("heading", name="Done")).to_be_visible()
    expect(phone.page.get_by_text("Erased: 1 post.")).to_be_visible()
    assert not Mention.objects.exists() and OptOut.objects.filter(scope="listen").exists()
    assert (phone.fields, phone.taps) == (1, 3)
    assert 0 < phone.waited < SECONDS, f"{phone.waited:.2f} s"


def test_whoever_is_too_early_is_told_and_tries_again(site: str, phone: Person, profile: dict[str, str]) -> None:
    phone.page.goto(f"{site}/opt-out/")
    phone.type("Your account", "rosa.example")
    phone.tap("button", "Go on")
    phone.tap("button", "It is there: check")
    expect(phone.page.get_by_role("alert")).to_contain_text("not in the profile yet")
    profile["description"] = OptOutRequest.objects.get().code
    phone.tap("button", "It is there: check")
    expect(phone.page.get_by_role("heading", name="Done")).to_be_visible()


def test_where_no_profile_can_be_read_an_administrator_is_asked_with_one_field_and_one_tap(
    site: str, phone: Person, profile: dict[str, str]
) -> None:
    phone.page.goto(f"{site}/opt-out/")
    phone.type("Your account", "https://x.com/rosa")
    phone.tap("button", "Go on")
    expect(phone.page.get_by_role("heading", name="Your request is here")).to_be_visible()
    asked = OptOutRequest.objects.get()
    assert (asked.network, asked.state) == ("x", "asked")
    assert (phone.fields, phone.taps) == (1, 1)
    assert 0 < phone.waited < SECONDS, f"{phone.waited:.2f} s"


def test_a_name_that_could_be_anywhere_needs_the_network_and_nothing_is_typed_twice(
    site: str, phone: Person, profile: dict[str, str]
) -> None:
    phone.page.goto(f"{site}/opt-out/")
    phone.type("Your account", "rosa")
    phone.tap("button", "Go on")
    expect(phone.page.get_by_text("this name could be on several")).to_be_visible()
    expect(phone.page.get_by_label("Your account", exact=True)).to_have_value("rosa")
    phone.page.get_by_label("Network").select_option("x")
    phone.tap("button", "Go on")
    expect(phone.page.get_by_role("heading", name="Your request is here")).to_be_visible()


def test_the_code_is_copied_with_a_tap(site: str, browser: Browser, profile: dict[str, str]) -> None:
    context = browser.new_context(**PHONE, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{site}/opt-out/")
    page.get_by_label("Your account", exact=True).fill("rosa.example")
    page.get_by_role("button", name="Go on").tap()
    page.get_by_role("button", name="Copy the code").tap()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == OptOutRequest.objects.get().code
    context.close()


def test_the_way_out_stands_on_top_of_a_brands_public_page(site: str, phone: Person) -> None:
    Notice.objects.create(brand=a_brand(slug="acme"), public=True, purpose="To mend what is broken. " * 8)
    phone.page.goto(f"{site}/about/acme/")
    first = phone.page.get_by_role("link", name="Step out").first
    assert (box := first.bounding_box()) and box["y"] + box["height"] <= PHONE["viewport"]["height"]
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
