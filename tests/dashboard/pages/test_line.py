"""The page of the line: all members read it, admins move it, and each row says what it means for it."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from dashboard.forms.line import initial
from listening.line import Policy
from listening.models import AuditEntry, Brand, Line
from tests.builders import a_complaint, a_mention, an_author

SignIn = Callable[[str], Client]


def filled(policy: Policy, name: str = "Ours", version: int = 1) -> dict[str, Any]:
    values = initial(policy, name) | {"version": version}
    return {key: ("on" if value is True else value) for key, value in values.items() if value is not False}


def test_every_member_sees_the_line_and_only_admins_can_move_it(signed_in: SignIn, brand: Brand) -> None:
    for role in ("marketer", "manager"):
        page = signed_in(role).get("/b/acme/line/")
        assert "Only when spoken to" in page.content.decode()
        assert "Move the line" not in page.content.decode()
        assert signed_in(role).post("/b/acme/line/", filled(Policy(who="nobody"))).status_code == 403
        assert signed_in(role).post("/b/acme/line/preview/", filled(Policy())).status_code == 403
    assert "Move the line" in signed_in("admin").get("/b/acme/line/").content.decode()
    assert signed_in("stranger").get("/b/acme/line/").status_code == 404
    assert signed_in("logged out").get("/b/acme/line/").status_code == 302
    assert Line.objects.of(brand).version == 1


def test_moving_the_line_makes_a_version_with_its_author_and_an_audit_entry(signed_in: SignIn, brand: Brand) -> None:
    client = signed_in("admin")
    page = client.post("/b/acme/line/", filled(Policy(who="complaints", repeat_days=14), "Braver"), follow=True)
    assert "Version 2 of the line holds now." in page.content.decode()
    assert "“Only when spoken to” became “Answer complaints”" in page.content.decode()
    line = Line.objects.of(brand)
    assert (line.version, line.name, line.read().who, line.read().repeat_days) == (2, "Braver", "complaints", 14)
    assert line.author is not None
    entry = AuditEntry.objects.get(verb="moved the line")
    assert entry.detail["version"] == 2 and len(entry.detail["changed"]) == 2


def test_the_default_line_goes_through_the_form_unchanged(signed_in: SignIn, brand: Brand) -> None:
    page = signed_in("admin").post("/b/acme/line/", filled(Policy(), "Only when spoken to"), follow=True)
    assert "Nothing changed." in page.content.decode()


def test_two_admins_cannot_overwrite_each_other(signed_in: SignIn, brand: Brand) -> None:
    signed_in("admin").post("/b/acme/line/", filled(Policy(who="nobody"), "Quiet"))
    page = signed_in("admin").post("/b/acme/line/", filled(Policy(who="complaints"), "Loud"))
    assert page.status_code == 422 and "Somebody else moved the line" in page.content.decode()
    assert Line.objects.of(brand).name == "Quiet"


def test_a_line_that_cannot_be_is_refused_with_a_sentence(signed_in: SignIn, brand: Brand) -> None:
    wrong = filled(Policy()) | {"topics": "Death: funeral AND (", "languages": "english"}
    page = signed_in("admin").post("/b/acme/line/", wrong)
    assert page.status_code == 422
    assert "The quiet topic “Death”" in page.content.decode()
    assert "is no code of a language" in page.content.decode()


def test_the_preview_shows_whom_a_line_would_let_through_before_it_is_saved(signed_in: SignIn, brand: Brand) -> None:
    a_complaint(brand, "acme broke my mug", author=an_author(handle="rosa"))
    a_mention(brand, "dear acme", author=an_author(), addressed="mentioned")
    page = signed_in("admin").post("/b/acme/line/preview/", filled(Policy(who="complaints")))
    text = page.content.decode()
    assert "acme broke my mug" in text and "rosa" not in text
    assert "Changed" in text
    assert Line.objects.of(brand).version == 1


def test_the_page_does_not_wait_for_the_count_and_every_member_gets_it(signed_in: SignIn, brand: Brand) -> None:
    a_mention(brand, "dear acme", author=an_author(), addressed="mentioned")
    for role in ("admin", "marketer", "manager"):
        client = signed_in(role)
        page = client.get("/b/acme/line/").content.decode()
        assert 'hx-get="/b/acme/line/preview/"' in page and "dear acme" not in page
        for where in ("/b/acme/line/preview/", "/b/acme/line/?effect=yes"):
            assert "dear acme" in client.get(where).content.decode()
    assert signed_in("stranger").get("/b/acme/line/preview/").status_code == 404


def test_a_row_says_whether_it_may_be_answered(signed_in: SignIn, brand: Brand) -> None:
    a_mention(brand, "dear acme", author=an_author(), addressed="mentioned")
    a_complaint(brand, author=an_author())
    for role in ("marketer", "manager"):
        page = signed_in(role).get("/b/acme/mentions/").content.decode()
        assert "May be answered: mentions your account" in page
        assert "Left alone: only talked about you" in page
    assert "Left alone: only talked about you" in signed_in("marketer").get("/b/acme/complaints/").content.decode()


def test_the_page_says_what_people_said_when_they_were_asked(signed_in: SignIn, brand: Brand) -> None:
    page = signed_in("admin").get("/b/acme/line/").content.decode()
    assert "J.D. Power for NetBase, December 2012, 1,062 US adults" in page
    for figure in ("64 %", "58 %", "48 %"):
        assert figure in page
