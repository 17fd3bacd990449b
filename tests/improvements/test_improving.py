"""Making and changing improvements: versions, what follows from a status, and an audit log without people's words."""

from datetime import timedelta

import pytest
from django.db import connection

from dashboard import improving
from dashboard.cases.changing import Stale as CaseStale
from dashboard.improving import Stale, change, improvements_of, leave_alone, make
from dashboard.removal import remove_brand
from listening.models import AuditEntry, Brand, Case, Improvement, Theme, ThemeMember, User
from tests.builders import a_case, a_complaint, a_member
from tests.improvements.made import DONE, a_listened_brand, a_theme, an_improvement, halved, noon, steady, talk

pytestmark = pytest.mark.django_db
NOW = noon(DONE)


@pytest.fixture
def brand() -> Brand:
    return a_listened_brand()


@pytest.fixture
def user(brand: Brand) -> User:
    return a_member(brand, "marketer")


def sorted_into(case: Case, theme: Theme) -> None:
    mention = case.mention
    copied = ("network", "language", "mood", "is_complaint", "is_addressed", "is_unsure", "published_at")
    fields = {name: getattr(mention, name) for name in copied}
    ThemeMember.objects.create(mention=mention, brand=mention.brand, theme=theme, counted=True, **fields)


def test_one_that_becomes_done_is_so_from_now_on(brand: Brand, user: User) -> None:
    made = make(brand, user, "Shorten the form")
    assert (made.status, made.done_at) == ("idea", None)
    done = change(made, 1, user, NOW, status="done")
    assert (done.status, done.done_at, done.version) == ("done", NOW, 2)
    again = change(done, 2, user, NOW + timedelta(days=1), status="doing")
    assert (again.done_at, again.effect) == (None, {})


def test_a_colleagues_change_is_never_lost(brand: Brand, user: User) -> None:
    made = make(brand, user, "Shorten the form")
    change(made, 1, user, NOW, title="Shorten the refund form")
    with pytest.raises(Stale, match="Somebody else changed this improvement"):
        change(made, 1, user, NOW, title="Something else")
    assert Improvement.objects.get().title == "Shorten the refund form"


def test_saving_what_is_there_already_changes_nothing(brand: Brand, user: User) -> None:
    made = make(brand, user, "Shorten the form")
    entries = AuditEntry.objects.count()
    assert change(made, 1, user, NOW, title="Shorten the form", status="idea").version == 1
    assert AuditEntry.objects.count() == entries


def test_one_that_is_closed_after_the_fact_is_measured_at_once(brand: Brand, user: User) -> None:
    theme = a_theme(brand)
    talk(brand, theme, halved(12), complaint=True)
    talk(brand, None, steady(40), complaint=False)
    made = make(brand, user, "Shorten the form", theme=theme)
    done = change(made, 1, user, NOW + timedelta(days=30), status="done", done_at=NOW)
    assert sorted(done.effect) == ["14", "28"]
    assert Improvement.objects.get().effect == done.effect


def test_another_day_or_theme_is_measured_anew(brand: Brand, user: User) -> None:
    theme, other = a_theme(brand), a_theme(brand, "Water tank")
    talk(brand, theme, halved(12), complaint=True)
    talk(brand, other, steady(12), complaint=True)
    now = NOW + timedelta(days=40)
    row = change(an_improvement(brand, theme), 1, user, now, title="The form")
    first = row.effect["28"]["complaints"]["ratio"]
    row = change(row, row.version, user, now, theme=other)
    assert row.effect["28"]["complaints"]["ratio"] > first
    row = change(row, row.version, user, now, done_at=NOW + timedelta(days=20))
    assert sorted(row.effect) == ["14"]


def test_the_audit_log_keeps_no_words_and_no_names(brand: Brand, user: User) -> None:
    case = a_case(a_complaint(brand, "acme lost the parcel of Jane Roe"))
    made = make(brand, user, "Jane Roe's parcel", what="Ask Jane Roe", owner=user)
    improving.add_case(made, case, user)
    change(made, 1, user, NOW, title="Parcels of Jane Roe", said="Jane Roe said", did="We found it", public=True)
    improving.take_case(made, case, user)
    entries = list(AuditEntry.objects.all())
    assert {entry.verb for entry in entries} == {
        "made improvement",
        "changed improvement",
        "added case to improvement",
        "took case from improvement",
    }
    assert all("Jane" not in f"{entry.target} {entry.detail}" for entry in entries)
    changed = next(entry for entry in entries if entry.verb == "changed improvement")
    assert changed.detail == {"title": "changed", "said": "changed", "did": "changed", "public": True}


def test_adding_a_case_twice_is_once(brand: Brand, user: User) -> None:
    made, case = make(brand, user, "Parcels"), a_case(a_complaint(brand))
    improving.add_case(made, case, user)
    improving.add_case(made, case, user)
    assert made.cases.count() == 1
    assert AuditEntry.objects.filter(verb="added case to improvement").count() == 1


def test_leaving_a_case_alone_does_not_undo_what_a_colleague_began(brand: Brand, user: User) -> None:
    case = a_case(a_complaint(brand))
    Case.objects.change(case.pk, 1, status="in_progress")
    with pytest.raises(CaseStale):
        leave_alone(case, 1, user, NOW)
    assert Case.objects.get().status == "in_progress"


def test_a_case_offers_its_theme_and_the_open_improvements(brand: Brand, user: User) -> None:
    case, theme = a_case(a_complaint(brand)), a_theme(brand)
    sorted_into(case, theme)
    mine, other = make(brand, user, "Mine"), make(brand, user, "Other")
    an_improvement(brand)
    improving.add_case(mine, case, user)
    found = improvements_of(case)
    assert (found.theme, found.items, found.open, found.title) == (theme, [mine], [other], "Refund form")


def test_it_goes_with_its_brand(brand: Brand, user: User) -> None:
    made = make(brand, user, "Parcels", theme=a_theme(brand))
    improving.add_case(made, a_case(a_complaint(brand)), user)
    remove_brand(brand)
    connection.check_constraints()
    assert not Improvement.objects.exists()


def test_a_case_whose_post_was_deleted_leaves_it(brand: Brand, user: User) -> None:
    made, case = make(brand, user, "Parcels"), a_case(a_complaint(brand))
    improving.add_case(made, case, user)
    case.mention.delete()
    connection.check_constraints()
    assert made.cases.count() == 0


def test_what_does_not_exist_cannot_be_changed(brand: Brand, user: User) -> None:
    with pytest.raises(TypeError, match="no effect to change"):
        change(make(brand, user, "Mine"), 1, user, NOW, effect={})
