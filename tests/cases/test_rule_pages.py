"""The pages of an admin who decides what becomes a case by itself."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from listening.models import AuditEntry, Brand, Case, CaseRule, CaseRules, Membership, Mention, User
from tests.builders import a_brand, a_complaint, a_member, an_author

pytestmark = pytest.mark.django_db
WHOLE: dict[str, Any] = {
    "from_priority": "50", "only_answerable": "on", "assign": "in_turn", "reply_hours": "4", "start": "8", "end": "18",
    "days": ["0", "1"], "voice": "Say du.",
}  # fmt: skip


@pytest.fixture
def brand() -> Brand:
    return a_brand()


@pytest.fixture
def admin(brand: Brand) -> User:
    return a_member(brand, Membership.Role.ADMIN)


@pytest.fixture
def client(admin: User) -> Client:
    client = Client()
    client.force_login(admin, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def heard(brand: Brand, text: str = "acme: refund, please", **fields: Any) -> Mention:
    then = timezone.now() - timedelta(days=1)
    return a_complaint(brand, text, **{"author": an_author(), "addressed": "mentioned", "published_at": then} | fields)


def url(brand: Brand, name: str = "case_settings", *args: object) -> str:
    return reverse(name, args=[brand.slug, *args])


def test_saving_the_rules_begins_from_now_and_is_in_the_audit_log(brand: Brand, admin: User, client: Client) -> None:
    before = timezone.now()
    assert client.post(url(brand), WHOLE).status_code == 302
    rules = CaseRules.objects.get()
    assert (rules.from_priority, rules.assign, rules.days, rules.start, rules.end) == (50, "in_turn", [0, 1], 8, 18)
    assert rules.seen_until is not None and rules.seen_until >= before and rules.set_by == admin
    entry = AuditEntry.objects.get()
    assert entry.detail["voice"] == "changed" and entry.detail["reply_hours"] == 4
    client.post(url(brand), WHOLE)
    assert AuditEntry.objects.count() == 1  # the same again is no change


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("end", "8", "choose a later hour"),
        ("reply_hours", "0", "greater than or equal to 1"),
        ("reply_hours", "", "required"),
        ("from_priority", "-1", "greater than or equal to 0"),
        ("assign", "dice", "not one of the available choices"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    brand: Brand, client: Client, field: str, value: str, says: str
) -> None:
    answer = client.post(url(brand), WHOLE | {field: value})
    assert answer.status_code == 422 and says in answer.content.decode()
    assert not CaseRules.objects.exists()


def test_a_rule_is_made_changed_and_deleted(brand: Brand, admin: User, client: Client) -> None:
    told = {"name": "Refunds", "query": "refund", "kinds": ["complaint"], "addressed_only": "on", "active": "on",
            "assignee": str(admin.pk), "tags": "money,  for  boss, money,"}  # fmt: skip
    assert client.post(url(brand, "case_rule_new"), told).status_code == 302
    rule = CaseRule.objects.get()
    assert (rule.query, rule.kinds, rule.assignee, rule.tags) == ("refund", ["complaint"], admin, ["money", "for boss"])
    assert CaseRules.objects.get().seen_until is not None
    assert client.post(url(brand, "case_rule_new"), told | {"name": "refunds"}).status_code == 422
    assert client.post(url(brand, "case_rule", rule.pk), told | {"active": ""}).status_code == 302
    rule.refresh_from_db()
    assert rule.active is False
    assert "Refunds" in client.get(url(brand)).content.decode()
    client.post(url(brand, "case_rule_delete", rule.pk))
    assert not CaseRule.objects.exists()
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["made rule for cases", "changed rule for cases", "deleted rule for cases"]


def test_a_query_that_cannot_be_read_is_shown_with_its_place(brand: Brand, client: Client) -> None:
    told = {"name": "Refunds", "query": "(refund"}
    for name in ("case_rule_new", "case_rule_preview"):
        page = client.post(url(brand, name), told).content.decode()
        assert "not closed" in page and "^" in page
    assert not CaseRule.objects.exists()


def test_a_rule_for_a_network_that_has_gone_quiet_still_has_its_preview(brand: Brand, client: Client) -> None:
    CaseRule.objects.create(brand=brand, name="From X", networks=["x"])
    told = {"name": "From X", "query": "", "networks": ["x"]}
    assert "opened no case" in client.post(url(brand, "case_rule_preview"), told).content.decode()


def test_nobody_of_another_brand_can_be_given_cases(brand: Brand, client: Client) -> None:
    other = a_member(a_brand())
    answer = client.post(url(brand, "case_rule_new"), {"name": "Refunds", "assignee": str(other.pk)})
    assert answer.status_code == 422 and not CaseRule.objects.exists()


@pytest.mark.parametrize("name", ["case_rule_preview", "case_rule_new"])
def test_the_preview_counts_and_shows_without_saving(brand: Brand, client: Client, name: str) -> None:
    heard(brand)
    heard(brand, "acme: refund soon?")
    heard(brand, "acme broke")
    told = {"name": "", "query": "refund", "addressed_only": "on", "preview": "yes"}
    page = client.post(url(brand, name), told).content.decode()
    assert "<strong>2 cases</strong>" in page and "acme: refund soon?" in page and "acme broke" not in page
    assert not CaseRule.objects.exists() and not Case.objects.exists()


def test_the_last_days_are_counted_before_they_are_opened(brand: Brand, client: Client) -> None:
    heard(brand, back_fill=True)
    heard(brand, published_at=timezone.now() - timedelta(days=8))
    client.post(url(brand), WHOLE | {"from_priority": "0"})
    assert "Open this 1 case" not in client.get(url(brand)).content.decode()
    assert "Open this 1 case" in client.get(url(brand), {"count": "yes"}).content.decode()
    assert not Case.objects.exists()
    page = client.post(url(brand, "case_rules_apply"), follow=True).content.decode()
    assert "1 case opened." in page and Case.objects.count() == 1
    assert AuditEntry.objects.latest("pk").detail == {"cases": 1}
    assert "would be opened now: what fits is a case already" in client.get(url(brand), {"count": "1"}).content.decode()
