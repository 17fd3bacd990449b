"""The inbox in a real browser: cases without a mouse, keys dead where somebody types, bulk with undo, typing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dashboard.cases.changing import change
from listening.models import AuditEntry, Brand, Case, User
from tests.builders import a_brand, a_case, a_complaint, a_member, a_user, an_administrator, an_author

Enter = Callable[[BrowserContext, User], None]


def a_team(n: int = 3) -> tuple[Brand, list[Case]]:
    """A brand with so many open cases, the first one on top."""
    brand = a_brand("Acme", slug="acme", time_zone="Europe/Berlin")
    text = "acme broke again " + "https://example.org/" + "long" * 30
    mentions = [a_complaint(brand, f"number {i} {text}", addressed="mentioned", author=an_author()) for i in range(n)]
    return brand, [a_case(one, priority=10 * (n - i)) for i, one in enumerate(mentions)]


def listening(page: Page) -> None:
    """Wait until the list's keys are heard."""
    expect(page.locator("#inbox[data-keys=on]")).to_be_attached()


def on_case(page: Page) -> None:
    expect(page.locator("[data-case-page][data-keys=on]")).to_be_attached()


def selected(page: Page, case: Case) -> None:
    expect(page.locator("[data-case][aria-current]")).to_have_attribute("id", f"case-{case.pk}")
    expect(page.locator(f"#case-{case.pk} [data-open]")).to_be_focused()


def test_fifty_cases_are_worked_without_a_mouse(
    site: str, page: Page, browser_context: BrowserContext, enter: Enter, refused: list[str]
) -> None:
    brand, cases = a_team(52)
    enter(browser_context, a_member(brand, "marketer"))
    page.goto(f"{site}/b/acme/inbox/")
    listening(page)
    page.keyboard.press("j")
    for case, after in zip(cases[:50], cases[1:], strict=False):
        selected(page, case)
        page.keyboard.press("e")
        selected(page, after)
    assert list(Case.objects.order_by("pk").values_list("status", flat=True)) == ["done"] * 50 + ["new"] * 2
    expect(page.get_by_role("link", name="Open 2", exact=True)).to_be_visible()
    assert AuditEntry.objects.filter(verb="changed cases").count() == 50
    assert refused == []


def test_keys_pressed_while_a_change_is_on_its_way_are_kept(
    site: str, page: Page, browser_context: BrowserContext, enter: Enter
) -> None:
    brand, cases = a_team(4)
    enter(browser_context, a_member(brand, "marketer"))
    page.goto(f"{site}/b/acme/inbox/")
    listening(page)
    for key in "jeee":
        page.keyboard.press(key)
    selected(page, cases[3])
    expect(page.get_by_role("link", name="Done 3", exact=True)).to_be_visible()


def test_each_key_does_what_the_list_of_keys_says(
    site: str, page: Page, browser_context: BrowserContext, enter: Enter, refused: list[str]
) -> None:
    brand, cases = a_team(3)
    maria = a_member(brand, "marketer", a_user("maria@example.org", name="Maria"))
    enter(browser_context, maria)
    page.goto(f"{site}/b/acme/inbox/")
    listening(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Next and previous case")
    page.keyboard.press("e")  # dead while the list of keys is open
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("j")
    selected(page, cases[1])
    page.keyboard.press("k")
    selected(page, cases[0])
    page.keyboard.press("a")
    expect(page.locator(f"#case-{cases[0].pk} .case-whose")).to_have_text("Maria")
    selected(page, cases[0])
    page.keyboard.press("s")
    expect(page.locator("#bulk-until")).to_be_focused()
    page.keyboard.press("t")  # the field's own: "Tomorrow, 9:00"
    page.keyboard.press("Tab")
    page.keyboard.type("their day off")
    page.keyboard.press("Enter")
    expect(page.locator(f"#case-{cases[0].pk}")).to_have_count(0)
    asleep = Case.objects.get(pk=cases[0].pk)
    assert (asleep.status, asleep.snooze_reason, asleep.assignee) == ("snoozed", "their day off", maria)
    selected(page, cases[1])
    page.keyboard.press("u")
    expect(page.locator(f"#case-{cases[0].pk}")).to_be_visible()
    listening(page)
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("n")
    on_case(page)
    expect(page.locator("#note")).to_be_focused()
    page.goto(f"{site}/b/acme/inbox/")
    listening(page)
    page.keyboard.press("j")
    selected(page, cases[0])
    page.keyboard.press("o")
    page.wait_for_url(f"**/inbox/{cases[0].pk}/**")
    on_case(page)
    page.keyboard.press("r")
    expect(page.locator("#reply-text")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.wait_for_url(f"**/inbox/{cases[1].pk}/**")
    assert refused == []


def test_one_case_after_the_other_is_done_on_their_pages(
    site: str, page: Page, browser_context: BrowserContext, enter: Enter, refused: list[str]
) -> None:
    brand, cases = a_team(3)
    enter(browser_context, a_member(brand, "marketer"))
    page.goto(f"{site}/b/acme/inbox/{cases[0].pk}/")
    on_case(page)
    page.keyboard.press("e")
    page.wait_for_url(f"**/inbox/{cases[1].pk}/**")
    on_case(page)
    expect(page.get_by_text("1 case marked as done.")).to_be_visible()
    page.keyboard.press("u")
    expect(page.get_by_text("Undone: 1 case as before.")).to_be_visible()
    assert not Case.objects.filter(status="done").exists()
    assert refused == []


def test_a_colleague_is_not_run_over_from_the_page_of_a_case(
    site: str, page: Page, browser_context: BrowserContext, enter: Enter
) -> None:
    brand, cases = a_team(2)
    enter(browser_context, a_member(brand, "marketer"))
    page.goto(f"{site}/b/acme/inbox/{cases[0].pk}/")
    on_case(page)
    change(cases[0], 1, a_member(brand), cases[0].created_at, status="waiting")
    page.keyboard.press("e")
    expect(page.get_by_text("A colleague changed 1 case meanwhile")).to_be_visible()
    assert f"/inbox/{cases[0].pk}/" in page.url
    assert Case.objects.get(pk=cases[0].pk).status == "waiting"


def test_a_change_that_does_not_arrive_is_told_and_can_be_tried_again(
    site: str, page: Page, browser_context: BrowserContext, enter: Enter
) -> None:
    brand, cases = a_team(2)
    enter(browser_context, a_member(brand, "marketer"))
    page.goto(f"{site}/b/acme/inbox/")
    listening(page)
    page.route("**/inbox/change/**", lambda route: route.abort())
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.locator("#toasts")).to_contain_text("nothing was changed")
    page.unroute("**/inbox/change/**")
    page.keyboard.press("e")
    selected(page, cases[1])
    assert Case.objects.get(pk=cases[0].pk).status == "done"


def test_keys_are_letters_where_somebody_types_and_nothing_with_modifiers(
    site: str, page: Page, browser_context: BrowserContext, enter: Enter
) -> None:
    brand, cases = a_team(2)
    enter(browser_context, a_member(brand, "marketer"))
    page.goto(f"{site}/b/acme/inbox/")
    listening(page)
    page.keyboard.press("j")
    page.locator("#search").focus()
    page.keyboard.type("jeasnx?/")
    expect(page.locator("#search")).to_have_value("jeasnx?/")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+e")
    page.keyboard.press("Alt+e")
    page.goto(f"{site}/b/acme/inbox/{cases[0].pk}/")
    on_case(page)
    page.keyboard.press("n")
    page.keyboard.type("please use e and a")
    expect(page.locator("#note")).to_have_value("please use e and a")
    page.locator("#id_status").focus()
    page.keyboard.press("e")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert not Case.objects.exclude(status="new", assignee=None).exists()


def test_keys_can_be_turned_off(
    site: str, page: Page, browser_context: BrowserContext, enter: Enter, refused: list[str]
) -> None:
    brand, _ = a_team(2)
    enter(browser_context, a_member(brand, "marketer"))
    page.goto(f"{site}/account/")
    page.get_by_role("button", name="Turn keys off").click()
    expect(page.get_by_text("Keys are off")).to_be_visible()
    page.goto(f"{site}/b/acme/inbox/")
    expect(page.locator("#inbox[data-keys=off]")).to_be_attached()
    for key in "jxe?":
        page.keyboard.press(key)
    expect(page.locator("[data-case][aria-current]")).to_have_count(0)
    expect(page.locator("kbd").first).to_be_hidden()
    assert not Case.objects.filter(status="done").exists()
    page.goto(f"{site}/account/")
    page.get_by_role("button", name="Turn keys on").click()
    page.goto(f"{site}/b/acme/inbox/")
    listening(page)
    assert refused == []


def test_the_whole_list_is_offered_once_its_page_is_chosen_and_asks_with_the_number(
    site: str, page: Page, browser_context: BrowserContext, enter: Enter, refused: list[str]
) -> None:
    brand, cases = a_team(30)
    Case.objects.filter(pk__in=[case.pk for case in cases[:28]]).update(tags=["refund"])
    enter(browser_context, a_member(brand, "marketer"))
    page.goto(f"{site}/b/acme/inbox/?tag=refund")
    listening(page)
    whole = page.get_by_label("Select all 28 that match")
    expect(whole).to_be_hidden()
    page.get_by_label("All 25 on this page").check()
    whole.check()
    expect(page.get_by_text("This asks first, and then changes all 28 cases:")).to_be_visible()
    page.locator('input[name="case"]').first.uncheck()
    expect(whole).to_be_hidden()
    expect(page.get_by_text("This changes 24 cases:")).to_be_visible()
    page.get_by_label("All 25 on this page").check()
    whole.check()
    page.get_by_role("button", name="Done", exact=True).click()
    page.get_by_role("button", name="Yes, change 28 cases").dblclick()
    expect(page.get_by_text("28 cases marked as done.")).to_be_visible()
    expect(page.get_by_text("A colleague")).to_have_count(0)
    assert Case.objects.filter(status="done").count() == 28
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: 28 cases as before.")).to_be_visible()
    assert refused == []


def test_a_filter_and_select_all_tell_the_number_change_only_those_and_are_undone(
    site: str, page: Page, browser_context: BrowserContext, enter: Enter, refused: list[str]
) -> None:
    brand, cases = a_team(5)
    fit = [case.pk for case in cases[:3]]
    Case.objects.filter(pk__in=fit).update(tags=["refund"])
    enter(browser_context, a_member(brand, "marketer"))
    page.goto(f"{site}/b/acme/inbox/?tag=refund")
    listening(page)
    expect(page.get_by_role("button", name="Done", exact=True)).to_be_hidden()
    page.get_by_label("All 3 on this page").check()
    expect(page.get_by_text("This changes 3 cases:")).to_be_visible()
    page.get_by_role("button", name="Done", exact=True).click()
    toast = page.locator("[data-undo]")
    expect(toast).to_contain_text("3 cases marked as done.")
    assert set(Case.objects.filter(status="done").values_list("pk", flat=True)) == set(fit)
    toast.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: 3 cases as before.")).to_be_visible()
    assert not Case.objects.filter(status="done").exists()
    assert list(AuditEntry.objects.order_by("id").values_list("verb", flat=True)) == ["changed cases", "undid a change"]
    assert refused == []


def test_undo_is_offered_for_ten_seconds(site: str, page: Page, browser_context: BrowserContext, enter: Enter) -> None:
    brand, _ = a_team(2)
    enter(browser_context, a_member(brand, "marketer"))
    page.clock.install()
    page.goto(f"{site}/b/acme/inbox/")
    listening(page)
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.locator("[data-undo]")).to_be_visible()
    page.clock.run_for(9500)
    expect(page.locator("[data-undo]")).to_be_visible()
    page.clock.run_for(1000)
    expect(page.locator("[data-undo]")).to_have_count(0)


def test_a_colleague_is_seen_writing(site: str, browser: Browser, enter: Enter) -> None:
    brand, cases = a_team(1)
    pages = []
    for name in ("Maria", "Tom"):
        context = browser.new_context()
        enter(context, a_member(brand, "marketer", a_user(f"{name}@example.org", name=name)))
        pages.append(context.new_page())
    maria, tom = pages
    for page in pages:
        page.goto(f"{site}/b/acme/inbox/{cases[0].pk}/")
        expect(page.locator("[data-stream]")).to_have_attribute("data-open", "yes")
    maria.locator("#note").press_sequentially("I rang")
    expect(tom.locator(".typing")).to_have_text("Maria is writing a note", timeout=5000)
    expect(maria.locator(".typing")).to_have_text("")
    expect(tom.locator(".typing")).to_have_text("", timeout=12_000)
    for page in pages:
        page.context.close()


def test_it_works_without_a_script(site: str, browser: Browser, enter: Enter) -> None:
    brand, cases = a_team(3)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    enter(context, a_member(brand, "marketer"))
    page.goto(f"{site}/b/acme/inbox/")
    page.locator(f"#case-{cases[0].pk} input").check()
    page.locator(f"#case-{cases[2].pk} input").check()
    page.get_by_role("button", name="Done", exact=True).click()
    expect(page.get_by_role("heading", name="Change 2 cases?")).to_be_visible()
    page.get_by_role("button", name="Yes, change 2 cases").click()
    assert set(Case.objects.filter(status="done").values_list("pk", flat=True)) == {cases[0].pk, cases[2].pk}
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: 2 cases as before.")).to_be_visible()
    page.locator(f"#case-{cases[0].pk} [data-open]").click()
    page.get_by_label("Status").select_option("waiting")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [390, 320])
def test_nothing_scrolls_sideways_on_a_phone(site: str, browser: Browser, enter: Enter, width: int) -> None:
    _, cases = a_team(3)
    Case.objects.update(
        tags=["a-very-long-tag-without-any-space-in-it-x"], snooze_reason="w" * 120, woke_at="2026-11-01T00:00Z"
    )
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    enter(context, an_administrator())
    for address in ("b/acme/inbox/", f"b/acme/inbox/{cases[0].pk}/", "account/"):
        page.goto(f"{site}/{address}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_makes_the_browser_complain(site: str, browser: Browser, enter: Enter, scheme: str) -> None:
    _, cases = a_team(3)
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page, said = context.new_page(), list[str]()
    page.on("console", lambda message: said.append(f"{page.url} {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url} {error}"))
    enter(context, an_administrator())
    for address in ("inbox/", "inbox/?tab=done", f"inbox/{cases[0].pk}/"):
        page.goto(f"{site}/b/acme/{address}")
    context.close()
    assert said == []
