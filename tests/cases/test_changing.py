"""Changing cases: nothing of a colleague is lost, and what goes with a status follows."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from dashboard.cases.changing import Stale, change
from dashboard.cases.opening import case_of
from listening.models import AuditEntry, Brand, Case
from tests.builders import a_brand, a_complaint, a_member, a_mention

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def brand() -> Brand:
    return a_brand()


def test_a_mention_becomes_one_case_however_often_it_is_opened(brand: Brand) -> None:
    mention = a_complaint(brand)
    assert case_of(mention) == case_of(mention)
    case = Case.objects.get()
    assert (case.brand, case.kind, case.status, case.priority) == (brand, "complaint", "new", mention.priority)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"complaint": True, "asks": "question"}, "complaint"),
        ({"asks": "question", "sentiment": "positive"}, "question"),
        ({"sentiment": "positive"}, "praise"),
        ({}, "other"),
    ],
)
def test_its_kind_is_the_most_pressing(brand: Brand, fields: dict[str, Any], kind: str) -> None:
    assert case_of(a_mention(brand, **fields)).kind == kind


def test_who_saw_an_older_version_changes_nothing(brand: Brand) -> None:
    user, case = a_member(brand), case_of(a_complaint(brand))
    change(case, case.version, user, NOW, assignee=user)
    with pytest.raises(Stale):
        change(case, case.version, user, NOW, status="done")
    stored = Case.objects.get()
    assert (stored.status, stored.assignee, stored.version) == ("new", user, 2)


def test_the_same_again_is_no_change(brand: Brand) -> None:
    user, case = a_member(brand), case_of(a_complaint(brand))
    assert change(case, case.version, user, NOW, status="new").version == 1
    assert not AuditEntry.objects.exists()


def test_closing_and_opening_again_keeps_when(brand: Brand) -> None:
    user, case = a_member(brand), case_of(a_complaint(brand))
    until = NOW + timedelta(days=1)
    case = change(case, 1, user, NOW, status="snoozed", snoozed_until=until, snooze_reason="their day off")
    case = change(case, 2, user, NOW, status="ignored")
    assert (case.closed_at, case.snoozed_until, case.snooze_reason) == (NOW, None, "")
    assert change(case, 3, user, NOW, status="in_progress").closed_at is None
    told = AuditEntry.objects.order_by("id").values_list("detail", flat=True)[0]
    assert told == {"status": "snoozed", "snoozed_until": until.isoformat()}  # and not why, in somebody's words


def test_nothing_sleeps_without_an_end(brand: Brand) -> None:
    case = case_of(a_complaint(brand))
    with pytest.raises(IntegrityError, match="case_snoozed_until_a_time"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(status="snoozed")
