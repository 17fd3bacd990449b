"""The page of a case: the work on it, what a colleague did meanwhile, and what belongs around its post."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.cases.changing import change
from dashboard.cases.working import save
from dashboard.reports import around
from listening.asking import look
from listening.models import AuditEntry, Author, Brand, Case, Line, Mention, OptOut, Reply, Theme, ThemeMember, User
from tests.builders import a_brand, a_case, a_complaint, a_member, a_mention, an_author
from tests.cases.conftest import SignIn

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY = timedelta(days=1)


def sent(case: Case, **changed: str) -> dict[str, str]:
    """What the form sends when somebody changed these fields."""
    shown = {
        "status": case.status,
        "assignee": str(case.assignee_id or "nobody"),
        "kind": case.kind,
        "tags": ", ".join(case.tags),
        "solved": case.solved,
    }
    was = {f"was_{name}": value for name, value in shown.items()}
    return shown | was | {"version": str(case.version)} | changed


def test_work_is_saved_and_in_the_audit_log(as_maria: Client, acme: Brand, maria: User) -> None:
    case = a_case(a_complaint(acme))
    wishes = {"status": "in_progress", "assignee": str(maria.pk), "tags": " refund, shop 12,refund", "solved": "no"}
    answer = as_maria.post(f"/b/acme/inbox/{case.pk}/?tab=mine", sent(case, **wishes, note="rang them"))
    assert answer["Location"] == f"/b/acme/inbox/{case.pk}/?tab=mine"
    case.refresh_from_db()
    assert (case.status, case.assignee, case.tags, case.solved) == ("in_progress", maria, ["refund", "shop 12"], "no")
    assert case.notes.get().text == "rang them"
    told = dict(AuditEntry.objects.values_list("verb", "detail"))
    assert told["changed case"]["tags"] == ["refund", "shop 12"]
    assert "rang" not in str(told)


def test_only_what_somebody_touched_is_changed(as_maria: Client, acme: Brand) -> None:
    case = a_case(a_complaint(acme), tags=["shop"], status="waiting")
    as_maria.post(f"/b/acme/inbox/{case.pk}/", sent(case, solved="yes"))
    assert AuditEntry.objects.get().detail == {"solved": "yes"}


def test_what_it_is_can_be_put_right_and_a_colleague_sees_it(as_maria: Client, acme: Brand) -> None:
    case = a_case(a_complaint(acme), kind="complaint")
    assert 'name="kind"' in as_maria.get(f"/b/acme/inbox/{case.pk}/").content.decode()
    late = sent(case, kind="praise")
    as_maria.post(f"/b/acme/inbox/{case.pk}/", sent(case, kind="question"))
    case.refresh_from_db()
    assert case.kind == "question"
    assert AuditEntry.objects.get().detail == {"kind": "question"}
    assert "Kind is now</dt><dd>Question" in as_maria.post(f"/b/acme/inbox/{case.pk}/", late).content.decode()
    assert case.pk in {one.pk for one in Case.objects.filter(kind="question")}
    answer = as_maria.post(f"/b/acme/inbox/{case.pk}/", sent(case, kind="rant"))
    assert answer.status_code == 422


def test_a_page_that_does_not_offer_what_it_is_leaves_it(as_maria: Client, acme: Brand) -> None:
    case = a_case(a_complaint(acme), kind="complaint")
    told = {name: value for name, value in sent(case, solved="yes").items() if not name.endswith("kind")}
    assert as_maria.post(f"/b/acme/inbox/{case.pk}/", told).status_code == 302
    case.refresh_from_db()
    assert (case.kind, case.solved) == ("complaint", "yes")


def test_a_snooze_needs_no_other_status(as_maria: Client, acme: Brand) -> None:
    case = a_case(a_complaint(acme))
    both = sent(case, status="done", until="tomorrow")
    assert b"not both" in as_maria.post(f"/b/acme/inbox/{case.pk}/", both).content
    as_maria.post(f"/b/acme/inbox/{case.pk}/", sent(case, until="week", reason="their holiday"))
    case.refresh_from_db()
    assert (case.status, case.snooze_reason) == ("snoozed", "their holiday")


def test_a_snoozed_case_can_be_changed_without_waking_it(as_maria: Client, acme: Brand) -> None:
    case = a_case(a_complaint(acme), status="snoozed", snoozed_until=NOW + DAY, snooze_reason="holiday")
    as_maria.post(f"/b/acme/inbox/{case.pk}/", sent(case, tags="refund"))
    case.refresh_from_db()
    assert (case.status, case.tags, case.snooze_reason) == ("snoozed", ["refund"], "holiday")


def test_who_was_slower_sees_what_the_colleague_set_and_keeps_what_they_wrote(
    as_maria: Client, acme: Brand, maria: User
) -> None:
    case, tom = a_case(a_complaint(acme)), a_member(acme, "marketer")
    mine = sent(case, tags="refund", note="rang them")
    change(case, 1, tom, timezone.now(), status="waiting", assignee=tom)
    answer = as_maria.post(f"/b/acme/inbox/{case.pk}/", mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"{tom} changed this case while you looked at it" in page
    assert "Status is now</dt><dd>Waiting for them" in page and f"Assignee is now</dt><dd>{tom}" in page
    assert "rang them</textarea>" in page and 'value="refund"' in page
    assert not case.notes.exists() and Case.objects.get().tags == []
    again = sent(Case.objects.get(), tags="refund", note="rang them")
    as_maria.post(f"/b/acme/inbox/{case.pk}/", again)
    stored = Case.objects.get()
    assert (stored.status, stored.assignee, stored.tags) == ("waiting", tom, ["refund"])
    assert stored.notes.count() == 1


def test_a_double_click_on_save_is_one_change_and_one_note(as_maria: Client, acme: Brand) -> None:
    case = a_case(a_complaint(acme))
    wishes = sent(case, status="waiting", tags="refund", until="", note="rang them")
    assert [as_maria.post(f"/b/acme/inbox/{case.pk}/", wishes).status_code for _ in range(2)] == [302, 302]
    stored = Case.objects.get()
    assert (stored.status, stored.version, stored.notes.count()) == ("waiting", 2, 1)
    assert AuditEntry.objects.count() == 2  # the change and the note
    as_maria.post(f"/b/acme/inbox/{case.pk}/", sent(stored, note="rang them again"))
    assert stored.notes.count() == 2


def test_nobody_is_told_of_a_colleague_who_is_their_own_double_click(acme: Brand, maria: User) -> None:
    """Both halves read the case before either wrote."""
    case = a_case(a_complaint(acme))
    for seen in [Case.objects.select_related("brand").get(pk=case.pk) for _ in range(2)]:
        save(seen, 1, maria, timezone.now(), "rang them", status="snoozed", snoozed_until=NOW + DAY)
    stored = Case.objects.get()
    assert (stored.status, stored.version, stored.notes.count()) == ("snoozed", 2, 1)


def test_a_note_alone_never_waits_for_a_colleague(as_maria: Client, acme: Brand) -> None:
    case = a_case(a_complaint(acme))
    mine = sent(case, note="rang them")
    change(case, 1, a_member(acme), NOW, status="waiting")
    assert as_maria.post(f"/b/acme/inbox/{case.pk}/", mine).status_code == 302
    assert Case.objects.get().notes.count() == 1


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"assignee": "999"}, "does not work on this brand"),
        ({"tags": "x" * 41}, "at most 40 characters"),
        ({"tags": ",".join(str(n) for n in range(21))}, "at most 20 tags"),
        ({"until": "date", "day": "2020-01-01"}, "That is over"),
        ({"until": "date", "day": "soon"}, "Enter a valid date"),
    ],
)
def test_what_makes_no_sense_is_answered_in_a_sentence(
    as_maria: Client, acme: Brand, wish: dict[str, str], sentence: str
) -> None:
    case = a_case(a_complaint(acme))
    answer = as_maria.post(f"/b/acme/inbox/{case.pk}/", sent(case, **wish))
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert Case.objects.get().version == 1


@pytest.mark.parametrize("role", ["administrator", "admin", "marketer", "manager"])
def test_members_see_inbox_and_case(as_role: SignIn, acme: Brand, role: str) -> None:
    case, client = a_case(a_complaint(acme)), as_role(role)
    assert b"acme broke again" in client.get("/b/acme/inbox/").content
    page = client.get(f"/b/acme/inbox/{case.pk}/").content.decode()
    assert 'class="mention-text"' in page and ">Answer</h2>" in page
    works = role != "manager"
    assert ('id="work"' in page) == works and ("data-quick" in page) == works


@pytest.mark.parametrize(("role", "status"), [("stranger", 404), ("logged out", 302)])
def test_nobody_else_sees_anything(as_role: SignIn, acme: Brand, role: str, status: int) -> None:
    case, client = a_case(a_complaint(acme)), as_role(role)
    for address in ("inbox/", f"inbox/{case.pk}/"):
        assert client.get(f"/b/acme/{address}").status_code == status


@pytest.mark.parametrize(
    ("role", "status"), [("manager", 403), ("stranger", 404), ("logged out", 302), ("marketer", 302), ("admin", 302)]
)
def test_only_those_who_work_save_and_take_on(as_role: SignIn, acme: Brand, role: str, status: int) -> None:
    case, mention, client = a_case(a_complaint(acme)), a_complaint(acme), as_role(role)
    assert client.post(f"/b/acme/inbox/{case.pk}/", sent(case, status="done")).status_code == status
    assert client.post(f"/b/acme/mentions/{mention.pk}/take/").status_code == status
    worked = role in {"marketer", "admin"}
    assert Case.objects.count() == (2 if worked else 1)
    assert Case.objects.get(pk=case.pk).status == ("done" if worked else "new")


def test_a_case_of_another_brand_is_not_here(as_maria: Client, acme: Brand) -> None:
    case = a_case(a_complaint(a_brand("Other")))
    assert as_maria.get(f"/b/acme/inbox/{case.pk}/").status_code == 404
    assert as_maria.post(f"/b/acme/inbox/{case.pk}/", sent(case, status="done")).status_code == 404


def test_taking_on_a_mention_opens_one_case_and_leads_there(as_maria: Client, acme: Brand, maria: User) -> None:
    mention = a_complaint(acme)
    assert "Take it on" in as_maria.get("/b/acme/complaints/").content.decode()
    answer = as_maria.post(f"/b/acme/mentions/{mention.pk}/take/")
    case = Case.objects.get()
    assert answer["Location"] == f"/b/acme/inbox/{case.pk}/"
    assert (case.assignee, case.status, case.mention) == (maria, "new", mention)
    assert set(AuditEntry.objects.values_list("verb", flat=True)) == {"changed case", "opened a case"}
    for page in ("mentions", "complaints"):
        assert f'href="/b/acme/inbox/{case.pk}/"' in as_maria.get(f"/b/acme/{page}/").content.decode()
    as_maria.post(f"/b/acme/mentions/{mention.pk}/take/")
    assert Case.objects.count() == 1 and AuditEntry.objects.count() == 2


def test_the_page_asks_for_role_line_and_history_of_a_person_once(as_maria: Client, acme: Brand, maria: User) -> None:
    author = an_author()
    case = a_case(a_complaint(acme, author=author, addressed="mentioned"))
    a_mention(acme, "acme, hello", author=author, addressed="mentioned", published_at=NOW - DAY)
    Reply.objects.create(case=case, text="Acme here: sorry.", author=maria)
    with CaptureQueriesContext(connection) as asked:
        page = as_maria.get(f"/b/acme/inbox/{case.pk}/").content.decode()
    assert "acme, hello" in page and "Acme here: sorry." in page
    of = [re.findall(r'FROM "listening_(\w+)"', one["sql"])[:1] for one in asked.captured_queries]
    assert {name: of.count([name]) for name in ("line", "optout", "contact")} == {"line": 1, "optout": 1, "contact": 1}
    roles = [one["sql"] for one in asked.captured_queries if 'SELECT "listening_membership"."role"' in one["sql"]]
    assert len(roles) == 1


def test_taking_on_does_not_take_it_from_a_colleague(as_maria: Client, acme: Brand) -> None:
    tom = a_member(acme)
    case = a_case(a_complaint(acme), assignee=tom)
    as_maria.post(f"/b/acme/mentions/{case.mention_id}/take/")
    assert Case.objects.get().assignee == tom


def past_of(mention: Mention) -> around.Past:
    brand = mention.brand
    return around.past(brand, mention, look(mention, Line.objects.of(brand).read(), NOW))


def said(acme: Brand, author: Author, text: str, days: int, **fields: Any) -> Mention:
    return a_mention(acme, text, author=author, published_at=NOW - days * DAY, **fields)


def test_the_past_of_a_person_is_what_they_said_to_the_brand_and_is_still_there(acme: Brand) -> None:
    author, told = an_author(), {"addressed": "mentioned"}
    now = said(acme, author, "acme, where is it", 0, **told)
    first, second = said(acme, author, "acme, hello", 9, **told), said(acme, author, "acme, thanks", 5, **told)
    said(acme, author, "", 7, text_gone_at=NOW, **told)
    said(acme, author, "acme, withheld", 7, hidden="withheld", **told)
    said(acme, author, "acme is awful, between us", 7)
    said(a_brand("Other"), author, "other, hello", 7, **told)
    said(acme, an_author(), "acme, somebody else", 7, **told)
    said(acme, author, "acme, later", -1, **told)
    assert [row.mention for row in past_of(now).posts] == [second, first]


def test_nothing_is_gathered_about_who_was_only_overheard(as_maria: Client, acme: Brand) -> None:
    author = an_author()
    now = said(acme, author, "acme is so so", 0)
    said(acme, author, "acme before", 5)
    assert past_of(now).posts == [] and "did not speak to you" in past_of(now).why_not
    case = a_case(now)
    page = as_maria.get(f"/b/acme/inbox/{case.pk}/").content.decode()
    assert "acme before" not in page and "did not speak to you" in page and author.handle not in page


def test_a_line_that_lets_complaints_be_answered_shows_what_was_overheard_before(acme: Brand) -> None:
    Line.objects.create(brand=acme, version=2, policy={"who": "complaints"})
    author = an_author()
    now = a_complaint(acme, "acme broke", author=author, network="bluesky")
    before = said(acme, author, "acme is slow", 5)
    said(acme, author, "acme, hello", 5, addressed="mentioned")
    found = past_of(now)
    assert [row.mention for row in found.posts] == [before], found.why_not


def test_who_asked_to_be_left_alone_has_no_past_here(acme: Brand) -> None:
    author, told = an_author(), {"addressed": "mentioned"}
    now = said(acme, author, "acme, where is it", 0, **told)
    said(acme, author, "acme, hello", 9, **told)
    OptOut.objects.create(network=author.network, key=author.key, scope="contact")
    assert past_of(now).posts == [] and "left alone" in past_of(now).why_not


def test_the_conversation_is_what_is_stored_around_the_post(acme: Brand) -> None:
    now = a_mention(acme, "acme, hello?", thread_root="root", reply_to="parent", published_at=NOW)
    root = a_mention(acme, "acme news", external_id="root", own=True, published_at=NOW - 3 * DAY)
    parent = a_mention(acme, "me too", external_id="parent", thread_root="root", published_at=NOW - DAY)
    child = a_mention(acme, "and me", reply_to=now.external_id, published_at=NOW + DAY)
    sibling = a_mention(acme, "no", reply_to="parent", published_at=NOW + 2 * DAY)
    a_mention(acme, "acme, elsewhere", thread_root="other root")
    a_mention(acme, "another network", reply_to="parent", network="x")
    a_mention(a_brand("Other"), "another brand", reply_to="parent")
    a_mention(acme, "withheld", reply_to="parent", hidden="withheld")
    assert [row.mention for row in around.thread(acme, now)] == [root, parent, now, child, sibling]
    assert around.thread(acme, a_mention(acme, "alone")) == []


def test_others_of_the_same_theme_are_counted_and_three_are_shown(as_maria: Client, acme: Brand) -> None:
    theme = Theme.objects.create(brand=acme, name="late parcel")
    mentions = [a_mention(acme, f"acme parcel {n} late", published_at=NOW - n * DAY / 9) for n in range(6)]
    for one in mentions:
        columns = ("network", "language", "mood", "is_complaint", "is_addressed", "is_unsure", "published_at")
        told = {name: getattr(one, name) for name in columns}
        ThemeMember.objects.create(mention=one, brand=acme, theme=theme, counted=True, **told)
    found = around.same_theme(acme, mentions[0], timezone.now())
    assert found and found.totals.mentions == 6
    assert [row.mention for row in found.posts] == mentions[1:4]
    page = as_maria.get(f"/b/acme/inbox/{a_case(mentions[0]).pk}/").content.decode()
    assert "6 mentions" in page and "late parcel" in page
    assert around.same_theme(acme, a_mention(acme), NOW) is None


@pytest.mark.parametrize("was", ["x" * 50, "x", "\0", ""])
def test_a_page_that_says_oddly_what_a_case_was_leaves_what_it_is(as_maria: Client, acme: Brand, was: str) -> None:
    case = a_case(a_complaint(acme), kind="complaint")
    answer = as_maria.post(f"/b/acme/inbox/{case.pk}/", sent(case, kind="", was_kind=was, solved="yes"))
    case.refresh_from_db()
    assert (answer.status_code, case.kind, case.solved) == (302, "complaint", "yes")
