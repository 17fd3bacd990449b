"""Bulk changes: exactly the chosen cases, as they were seen, with the number told before, and taken back in time."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.cases import undoing
from dashboard.cases.bulk import change_many
from dashboard.cases.changing import change
from dashboard.cases.undoing import undo
from dashboard.forms.inbox import SIMPLE
from listening.models import AuditEntry, Brand, BulkChange, Case, User
from tests.builders import a_brand, a_case, a_complaint, a_member
from tests.cases.conftest import SignIn

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def several(brand: Brand, n: int, **fields: object) -> list[Case]:
    return [a_case(a_complaint(brand, f"acme broke {i}"), **fields) for i in range(n)]


def seen(cases: list[Case]) -> dict[int, int]:
    return {case.pk: case.version for case in cases}


def values(cases: list[Case]) -> list[str]:
    return [f"{case.pk}:{case.version}" for case in cases]


def statuses() -> list[str]:
    return list(Case.objects.order_by("pk").values_list("status", flat=True))


def test_only_what_was_chosen_changes(acme: Brand, maria: User) -> None:
    cases = several(acme, 5)
    outcome = change_many(acme, maria, seen(cases[:3]), NOW, "marked as done", status="done")
    assert (outcome.changed, outcome.skipped, outcome.same) == (3, 0, 0)
    assert statuses() == ["done"] * 3 + ["new"] * 2
    assert Case.objects.filter(closed_at=NOW).count() == 3


def test_what_a_colleague_changed_meanwhile_is_left_alone_and_told(acme: Brand, maria: User) -> None:
    cases = several(acme, 3)
    change(cases[1], 1, a_member(acme), NOW, status="waiting")
    outcome = change_many(acme, maria, seen(cases), NOW, "marked as done", status="done")
    assert (outcome.changed, outcome.skipped) == (2, 1)
    assert statuses() == ["done", "waiting", "done"]


def test_no_case_of_another_brand_changes(acme: Brand, maria: User) -> None:
    elsewhere = several(a_brand("Other"), 1)
    assert change_many(acme, maria, seen(elsewhere), NOW, "marked as done", status="done").changed == 0
    assert statuses() == ["new"]


def test_what_is_so_already_is_no_change(acme: Brand, maria: User) -> None:
    outcome = change_many(acme, maria, seen(several(acme, 2)), NOW, "opened again", status="new")
    assert (outcome.changed, outcome.same, outcome.bulk) == (0, 2, None)
    assert not AuditEntry.objects.exists()


def test_a_tag_is_added_to_those_that_are_there(acme: Brand, maria: User) -> None:
    cases = [*several(acme, 1, tags=["shop"]), *several(acme, 1, tags=["refund"])]
    outcome = change_many(acme, maria, seen(cases), NOW, "tagged “refund”", tag="refund")
    assert (outcome.changed, outcome.same) == (1, 1)
    assert [case.tags for case in Case.objects.order_by("pk")] == [["shop", "refund"], ["refund"]]


def test_the_audit_log_says_who_changed_which_and_that_it_was_undone(acme: Brand, maria: User) -> None:
    cases = several(acme, 2)
    outcome = change_many(acme, maria, seen(cases), NOW, "marked as done", status="done")
    assert outcome.bulk
    undo(acme, maria, outcome.bulk.pk, NOW)
    done, undone = AuditEntry.objects.order_by("id")
    assert (done.user, done.verb, done.target) == (maria, "changed cases", "2 cases marked as done")
    assert done.detail == {"status": "done", "mentions": [case.mention_id for case in cases]}
    assert (undone.verb, undone.detail) == ("undid a change", {"back": 2, "kept": 0})


def test_undo_puts_everything_back_as_it_was(acme: Brand, maria: User) -> None:
    until = NOW + timedelta(days=2)
    several(acme, 1, status="snoozed", snoozed_until=until, snooze_reason="holiday", assignee=maria, tags=["a"])
    several(acme, 1, status="in_progress", woke_at=NOW, snooze_reason="back")
    cases = list(Case.objects.order_by("pk"))
    kept = ("status", "snoozed_until", "snooze_reason", "assignee", "tags", "woke_at", "closed_at")
    before = list(Case.objects.order_by("pk").values_list(*kept))
    outcome = change_many(acme, maria, seen(cases), NOW, "done", status="done", assignee=None, tag="b")
    assert outcome.bulk and list(Case.objects.order_by("pk").values_list(*kept)) != before
    assert undo(acme, maria, outcome.bulk.pk, NOW) == undoing.Undone(2, 0)
    assert list(Case.objects.order_by("pk").values_list(*kept)) == before


def test_undo_leaves_alone_what_somebody_changed_since(acme: Brand, maria: User) -> None:
    cases = several(acme, 2)
    outcome = change_many(acme, maria, seen(cases), NOW, "marked as done", status="done")
    change(Case.objects.get(pk=cases[0].pk), 2, a_member(acme), NOW, tags=["mine"])
    assert outcome.bulk and undo(acme, maria, outcome.bulk.pk, NOW) == undoing.Undone(1, 1)
    assert statuses() == ["done", "new"]


def test_undo_is_offered_for_ten_seconds_and_taken_a_little_longer(acme: Brand, maria: User) -> None:
    made = change_many(acme, maria, seen(several(acme, 1)), NOW, "marked as done", status="done").bulk
    assert made
    at = made.created_at
    assert undoing.undoable(acme, maria, at + timedelta(seconds=9)) == made
    assert undoing.undoable(acme, maria, at + timedelta(seconds=10)) is None
    with pytest.raises(undoing.TooLate, match="10 seconds"):
        undo(acme, maria, made.pk, at + timedelta(seconds=16))
    assert undo(acme, maria, made.pk, at + timedelta(seconds=14)) == undoing.Undone(1, 0)


def test_undo_works_once_and_for_nobody_else(acme: Brand, maria: User) -> None:
    made = change_many(acme, maria, seen(several(acme, 1)), NOW, "marked as done", status="done").bulk
    assert made
    with pytest.raises(undoing.TooLate):
        undo(acme, a_member(acme), made.pk, NOW)
    undo(acme, maria, made.pk, NOW)
    assert undo(acme, maria, made.pk, NOW) is None  # the second half of a double click
    with pytest.raises(undoing.TooLate):
        undo(acme, maria, made.pk, NOW + timedelta(seconds=6))
    assert undoing.undoable(acme, maria, NOW) is None


def test_what_can_not_be_undone_any_more_is_forgotten(acme: Brand, maria: User) -> None:
    BulkChange.objects.create(brand=acme, user=maria, what="old", before=[])
    BulkChange.objects.update(created_at=NOW - timedelta(hours=2))
    change_many(acme, maria, seen(several(acme, 1)), NOW, "marked as done", status="done")
    assert BulkChange.objects.get().what == "1 case marked as done"


def test_the_page_asks_with_the_number_unless_it_was_told(as_maria: Client, acme: Brand) -> None:
    cases = several(acme, 3)
    told = {"do": "done", "case": values(cases[:2]), "told": "3"}
    page = as_maria.post("/b/acme/inbox/change/", told).content.decode()
    assert "Change 2 cases?" in page and "2 cases of Acme will be marked as done" in page
    assert statuses() == ["new"] * 3
    as_maria.post("/b/acme/inbox/change/", told | {"told": "2"})
    assert statuses() == ["done", "done", "new"]


def test_a_filtered_list_changes_only_its_own_and_offers_undo(as_maria: Client, acme: Brand) -> None:
    fit, others = several(acme, 2, tags=["refund"]), several(acme, 3)
    page = as_maria.get("/b/acme/inbox/?tag=refund").content.decode()
    offered = [value for value in values([*fit, *others]) if f'value="{value}"' in page]
    assert offered == values(fit)
    where = "/b/acme/inbox/?tag=refund"
    sent = {"do": "mine", "case": offered, "told": "2", "next": where}
    assert as_maria.post("/b/acme/inbox/change/", sent)["Location"] == where
    assert Case.objects.filter(assignee__email="maria@example.org").count() == 2
    page = as_maria.get(where).content.decode()
    made = BulkChange.objects.get()
    assert "2 cases assigned to Maria." in page and f"/b/acme/inbox/undo/{made.pk}/" in page
    as_maria.post(f"/b/acme/inbox/undo/{made.pk}/")
    assert not Case.objects.exclude(assignee=None).exists()


@pytest.mark.parametrize(
    "sent",
    [{"do": name} for name in SIMPLE if name != "open"]
    + [
        {"do": "mine"},
        {"do": "assign", "assignee": "maria"},
        {"do": "snooze", "until": "week"},
        {"do": "tag", "tag": "a"},
    ],
    ids=lambda sent: sent["do"],
)
def test_each_change_says_what_it_did_is_undone_and_noted(
    as_maria: Client, acme: Brand, maria: User, sent: dict[str, str]
) -> None:
    """The words of the question are those of what happened, with ten seconds to take it back."""
    cases = several(acme, 2)
    if "assignee" in sent:
        sent = sent | {"assignee": str(maria.pk)}
    asked = as_maria.post("/b/acme/inbox/change/", sent | {"case": values(cases)}).content.decode()
    as_maria.post("/b/acme/inbox/change/", sent | {"case": values(cases), "told": "2"})
    entry, made = AuditEntry.objects.get(), BulkChange.objects.get()
    say = entry.target.removeprefix("2 cases ")
    page = as_maria.get("/b/acme/inbox/").content.decode()
    assert f"2 cases of Acme will be {say}." in asked
    assert f"2 cases {say}." in page and 'data-undo="10"' in page
    as_maria.post(f"/b/acme/inbox/undo/{made.pk}/")
    as_before = Case.objects.filter(status="new", assignee=None, snoozed_until=None, closed_at=None)
    assert as_before.count() == 2 and not Case.objects.exclude(tags=[]).exists()
    assert AuditEntry.objects.filter(verb="undid a change").count() == 1


def test_htmx_gets_the_list_alone_with_what_was_left_out(as_maria: Client, acme: Brand) -> None:
    cases = several(acme, 2)
    change(cases[0], 1, a_member(acme), NOW, tags=["x"])
    sent = {"do": "done", "case": values(cases), "told": "2"}
    page = as_maria.post("/b/acme/inbox/change/?tab=open", sent, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page and 'id="inbox"' in page
    assert "A colleague changed 1 case meanwhile" in page and "1 case marked as done." in page


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"do": "done"}, "Choose at least one case"),
        ({"do": "done", "case": [f"{n}:1" for n in range(1, 203)]}, "at most 200 cases"),
        ({"do": "explode", "case": "1:1"}, "Nothing of that kind"),
        ({"do": "snooze", "case": "1:1"}, "Choose until when"),
        ({"do": "snooze", "case": "1:1", "until": "date", "day": "2020-01-01"}, "That is over"),
        ({"do": "tag", "case": "1:1", "tag": " "}, "Write the tag"),
        ({"do": "tag", "case": "1:1", "tag": "a, b"}, "one without a comma"),
        ({"do": "tag", "case": "1:1", "tag": "Catholics"}, "what a person is"),
        ({"do": "assign", "case": "1:1", "assignee": "999"}, "Choose somebody who works"),
    ],
)
def test_what_makes_no_sense_is_answered_in_a_sentence(
    as_maria: Client, acme: Brand, sent: dict[str, object], sentence: str
) -> None:
    page = as_maria.post("/b/acme/inbox/change/", sent, follow=True).content.decode()
    assert sentence in page


@pytest.mark.parametrize(
    ("role", "status"), [("manager", 403), ("stranger", 404), ("logged out", 302), ("marketer", 302), ("admin", 302)]
)
def test_only_those_who_work_change_and_undo(as_role: SignIn, acme: Brand, role: str, status: int) -> None:
    case = several(acme, 1)[0]
    sent = {"do": "done", "case": values([case]), "told": "1"}
    client = as_role(role)
    assert client.post("/b/acme/inbox/change/", sent).status_code == status
    assert client.post("/b/acme/inbox/undo/999999999/").status_code == status
    assert statuses() == ["done" if role in {"marketer", "admin"} else "new"]
