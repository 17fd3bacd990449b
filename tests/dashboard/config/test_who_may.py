"""Every page that sets things up, and every kind of person: who gets in, who is refused, who learns nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dashboard.urls import set_up
from listening.models import (
    Brand,
    CaseRule,
    Invitation,
    Issue,
    Membership,
    Quarantine,
    Query,
    Source,
    Subscription,
    Upload,
    User,
    Webhook,
)
from tests.builders import a_brand, a_member, a_query, a_source, a_user, a_webhook, an_administrator

pytestmark = pytest.mark.django_db

BRAND_PAGES = ("brand_settings", "queries", "query_new", "query", "sources", "source_new", "source", "members",
               "uploads", "upload", "audit", "engine", "audit_export", "notice_settings", "complaint_settings",
               "complaint_progress", "case_settings", "case_rule_new", "case_rule", "interest", "handles",
               "saved_replies", "webhooks", "webhook_new", "webhook")  # fmt: skip
BRAND_ACTIONS = ("brand_pause", "brand_delete", "query_preview", "query_restore", "query_delete", "source_test",
                 "source_pull", "source_pause", "source_delete", "quarantine_retry", "member", "invited",
                 "issue_again", "rescore", "kind_phrases", "case_rules_apply", "case_rule_preview",
                 "case_rule_delete", "webhook_switch", "webhook_test", "webhook_again", "webhook_rotate",
                 "webhook_delete")  # fmt: skip
INSTALLATION_PAGES = ("start", "brand_new")
INSTALLATION_ACTIONS = ("sample_remove", "start_query")


@dataclass
class House:
    """A brand with one of everything."""

    brand: Brand
    query: Query
    source: Source
    aside: Quarantine
    member: Membership
    invitation: Invitation
    upload: Upload
    issue: Issue
    rule: CaseRule
    webhook: Webhook

    def url(self, name: str) -> str:
        extra: dict[str, list[object]] = {
            "query": [self.query.pk],
            "query_restore": [self.query.pk],
            "query_delete": [self.query.pk],
            "source_new": ["hackernews"],
            "quarantine_retry": [self.source.pk, self.aside.pk],
            "member": [self.member.pk],
            "invited": [self.invitation.pk],
            "issue_again": [self.issue.pk],
            "upload": [self.upload.pk],
            "case_rule": [self.rule.pk],
            "case_rule_delete": [self.rule.pk],
            "upload_errors": [self.upload.pk],
        }
        extra |= {one: [self.webhook.pk] for one in WEBHOOK_NAMES}
        more: list[object] = extra.get(name, [self.source.pk] if name in SOURCE_NAMES else [])
        return reverse(name, args=[] if name in INSTALLATION_PAGES + INSTALLATION_ACTIONS else [self.brand.slug, *more])


SOURCE_NAMES = ("source", "source_test", "source_pull", "source_pause", "source_delete")
WEBHOOK_NAMES = ("webhook", "webhook_switch", "webhook_test", "webhook_again", "webhook_rotate", "webhook_delete")


@pytest.fixture
def house() -> House:
    brand = a_brand()
    someone = a_member(brand, Membership.Role.MANAGER)
    source = a_source(brand, kind="hackernews")
    soon = timezone.now() + timedelta(days=1)
    return House(
        brand=brand,
        query=a_query(brand),
        source=source,
        aside=Quarantine.objects.create(source=source, key="0" * 64, raw={}, reason="It had no date."),
        member=Membership.objects.get(user=someone),
        invitation=Invitation.objects.create(
            brand=brand, email="new@example.org", role="manager", key="k", expires_at=soon
        ),
        issue=Issue.objects.create(
            subscription=Subscription.objects.create(user=someone, brand=brand),
            period_start=soon - timedelta(days=7),
            period_end=soon,
            next_attempt_at=soon,
            state=Issue.State.FAILED,
        ),
        upload=Upload.objects.create(brand=brand, name="posts.csv", path="none", plan={"names": ["text"]}),
        rule=CaseRule.objects.create(brand=brand, name="Refunds", query="refund"),
        webhook=a_webhook(brand),
    )


def admin(house: House) -> User:
    return a_member(house.brand, Membership.Role.ADMIN)


def marketer(house: House) -> User:
    return a_member(house.brand, Membership.Role.MARKETER)


def manager(house: House) -> User:
    return a_member(house.brand, Membership.Role.MANAGER)


def stranger(house: House) -> User:
    return a_member(a_brand("Elsewhere"), Membership.Role.ADMIN)


def administrator(house: House) -> User:
    return an_administrator()


Who = Callable[[House], User]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("name", BRAND_PAGES)
@pytest.mark.parametrize(
    ("who", "status"), [(admin, 200), (administrator, 200), (marketer, 403), (manager, 403), (stranger, 404)]
)
def test_it_shows_settings_to_admins_alone(house: House, name: str, who: Who, status: int) -> None:
    assert signed_in(who(house)).get(house.url(name)).status_code == status


@pytest.mark.parametrize("name", BRAND_ACTIONS + ("upload_errors",))
@pytest.mark.parametrize(("who", "status"), [(marketer, 403), (manager, 403), (stranger, 404)])
def test_it_lets_nobody_else_change_anything(house: House, name: str, who: Who, status: int) -> None:
    send = signed_in(who(house)).get if name == "upload_errors" else signed_in(who(house)).post
    assert send(house.url(name), {"paused": "yes", "name": house.brand.name, "remove": "yes"}).status_code == status
    assert Brand.objects.get(pk=house.brand.pk).paused is False
    assert house.brand.sources.exists() and house.brand.queries.exists() and house.brand.memberships.exists()
    assert house.brand.case_rule_set.exists() and not house.brand.cases.exists()
    assert Webhook.objects.get() == house.webhook and house.webhook.secret == Webhook.objects.get().secret
    assert Webhook.objects.get().active and not house.webhook.deliveries.exists()


@pytest.mark.parametrize("name", BRAND_ACTIONS)
def test_it_changes_nothing_on_a_mere_visit(house: House, name: str) -> None:
    assert signed_in(admin(house)).get(house.url(name)).status_code == 405


@pytest.mark.parametrize("name", INSTALLATION_PAGES + INSTALLATION_ACTIONS)
@pytest.mark.parametrize("who", [admin, marketer, manager, stranger])
def test_it_hides_the_installation_from_all_but_its_administrators(house: House, name: str, who: Who) -> None:
    client = signed_in(who(house))
    send = client.get if name in INSTALLATION_PAGES else client.post
    assert send(house.url(name)).status_code == 404


@pytest.mark.parametrize("name", INSTALLATION_PAGES)
def test_it_shows_the_set_up_page_to_an_administrator(house: House, name: str) -> None:
    assert signed_in(an_administrator()).get(house.url(name)).status_code == 200


@pytest.mark.parametrize("name", BRAND_PAGES + BRAND_ACTIONS + INSTALLATION_PAGES + INSTALLATION_ACTIONS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_it_sends_everybody_else_to_the_sign_in(house: House, name: str, method: str) -> None:
    answer = getattr(Client(), method)(house.url(name))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_it_shows_the_account_to_anybody_who_is_signed_in() -> None:
    assert signed_in(a_user()).get(reverse("account")).status_code == 200


@pytest.mark.parametrize("name", ["query", "source", "upload", "member", "invited", "source_pull", "case_rule",
                                  *WEBHOOK_NAMES])  # fmt: skip
def test_it_finds_nothing_of_another_brand_under_its_own_address(house: House, name: str) -> None:
    """An admin of one brand must not reach another's rows by guessing their numbers."""
    mine = a_brand("Mine")
    url = house.url(name).replace(f"/{house.brand.slug}/", f"/{mine.slug}/")
    client = signed_in(a_member(mine, Membership.Role.ADMIN))
    answer = client.get(url) if name in BRAND_PAGES else client.post(url, {"remove": "yes"})
    assert answer.status_code == 404


def test_it_knows_every_address_of_the_settings() -> None:
    """A new page has to say here who may see it."""
    named = {one.name for one in set_up}
    known = {*BRAND_PAGES, *BRAND_ACTIONS, *INSTALLATION_PAGES, *INSTALLATION_ACTIONS, "upload_errors"}
    assert named == known | {"account", "account_keys", "subscription", "invitation"}
