"""Invited people get in, nobody else does, and no brand loses its last admin."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks as Commits

from dashboard.forms.members import words
from dashboard.members import LastAdmin, change_role, remove
from listening.models import AuditEntry, Brand, Invitation, Issue, Membership, Subscription, User
from tests.builders import PASSWORD, a_brand, a_member, a_user
from tests.dashboard.config.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def brand() -> Brand:
    return a_brand()


@pytest.fixture
def admin(brand: Brand) -> Client:
    return signed_in(a_member(brand, Membership.Role.ADMIN))


def invite(
    admin: Client,
    brand: Brand,
    emails: str,
    role: str,
    django_capture_on_commit_callbacks: Commits,
) -> str:
    """Invite over the page; the path in the last mail."""
    with django_capture_on_commit_callbacks(execute=True):
        answer = admin.post(reverse("members", args=[brand.slug]), {"emails": emails, "role": role})
    assert answer.status_code == 200
    found = re.search(r"https?://[^/\s]+(/\S+)", str(mail.outbox[-1].body)) if mail.outbox else None
    return found[1] if found else ""


def test_it_takes_addresses_as_people_paste_them() -> None:
    pasted = 'Ann Lee <Ann@example.org>; bob@example.org,\n"Lee, Eve" <eve@example.org>\nbob@example.org nonsense'
    assert words(pasted) == ["ann@example.org", "bob@example.org", '"lee', "eve@example.org", "nonsense"]


def test_it_answers_address_by_address(
    admin: Client,
    brand: Brand,
    django_capture_on_commit_callbacks: Commits,
) -> None:
    a_member(brand, Membership.Role.MANAGER, a_user("here@example.org"))
    invite(admin, brand, "again@example.org", "manager", django_capture_on_commit_callbacks)
    with django_capture_on_commit_callbacks(execute=True):
        answer = admin.post(
            reverse("members", args=[brand.slug]),
            {"emails": "new@example.org, again@example.org, here@example.org, nonsense", "role": "marketer"},
        )
    states = {one.email: one.state for one in answer.context["outcomes"]}
    assert states == {
        "new@example.org": "invited",
        "again@example.org": "renewed",
        "here@example.org": "member",
        "nonsense": "refused",
    }
    assert sorted(to for one in mail.outbox[1:] for to in one.to) == ["again@example.org", "new@example.org"]


def test_a_newcomer_joins_by_the_link_once(
    admin: Client,
    brand: Brand,
    django_capture_on_commit_callbacks: Commits,
) -> None:
    link = invite(admin, brand, "New@Example.org", "manager", django_capture_on_commit_callbacks)
    visitor = Client()
    assert visitor.get(link).status_code == 200
    assert not User.objects.filter(email="new@example.org").exists(), "a mail scanner opens links too"
    answer = visitor.post(link, {"name": "New", "password1": PASSWORD, "password2": PASSWORD})
    assert answer["Location"] == reverse("overview", args=[brand.slug])
    user = User.objects.get(email="new@example.org")
    assert Membership.objects.get(user=user, brand=brand).role == "manager"
    assert Subscription.objects.filter(user=user, brand=brand, active=True).exists()
    assert visitor.get(reverse("account")).status_code == 200
    assert Client().get(link).status_code == 410
    assert AuditEntry.objects.filter(brand=brand, verb="accepted invitation", user=user).exists()
    assert (
        Client().post(reverse("account_login"), {"login": "new@example.org", "password": PASSWORD}).status_code == 302
    )


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        ("short", "short", "at least 10"),
        (PASSWORD, "another one", "differ"),
        ("new@example.org", "new@example.org", "similar"),
    ],
)
def test_it_refuses_weak_passwords(
    admin: Client, brand: Brand, first: str, second: str, says: str, django_capture_on_commit_callbacks: Commits
) -> None:
    link = invite(admin, brand, "new@example.org", "manager", django_capture_on_commit_callbacks)
    answer = Client().post(link, {"password1": first, "password2": second})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not User.objects.filter(email="new@example.org").exists()


def test_the_key_itself_is_not_in_the_database(
    admin: Client,
    brand: Brand,
    django_capture_on_commit_callbacks: Commits,
) -> None:
    link = invite(admin, brand, "new@example.org", "manager", django_capture_on_commit_callbacks)
    assert Invitation.objects.get().key not in link


def test_a_link_ends_after_fourteen_days_and_with_the_next_one(
    admin: Client,
    brand: Brand,
    django_capture_on_commit_callbacks: Commits,
) -> None:
    first = invite(admin, brand, "new@example.org", "manager", django_capture_on_commit_callbacks)
    row = Invitation.objects.get()
    assert timedelta(days=13, hours=23) < row.expires_at - timezone.now() <= timedelta(days=14)
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(reverse("invited", args=[brand.slug, row.pk]))
    assert Client().get(first).status_code == 410
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    second = re.search(r"https?://[^/\s]+(/\S+)", str(mail.outbox[-1].body))
    assert second and Client().get(second[1]).status_code == 410


def test_a_revoked_link_opens_nothing(
    admin: Client,
    brand: Brand,
    django_capture_on_commit_callbacks: Commits,
) -> None:
    link = invite(admin, brand, "new@example.org", "manager", django_capture_on_commit_callbacks)
    admin.post(reverse("invited", args=[brand.slug, Invitation.objects.get().pk]), {"revoke": "yes"})
    assert Client().get(link).status_code == 410
    assert not Invitation.objects.exists()


def test_a_link_is_for_its_own_address_alone(
    admin: Client,
    brand: Brand,
    django_capture_on_commit_callbacks: Commits,
) -> None:
    link = invite(admin, brand, "new@example.org", "admin", django_capture_on_commit_callbacks)
    other = a_user("other@example.org")
    answer = signed_in(other).post(link)
    assert "new@example.org" in answer.content.decode()
    assert not Membership.objects.filter(user=other).exists()


def test_somebody_with_an_account_signs_in_and_accepts(
    admin: Client,
    brand: Brand,
    django_capture_on_commit_callbacks: Commits,
) -> None:
    user = a_user("known@example.org")
    link = invite(admin, brand, "Known@example.org", "marketer", django_capture_on_commit_callbacks)
    assert "Sign in to accept" in Client().get(link).content.decode()
    assert Client().post(link, {"password1": "taken over!", "password2": "taken over!"}).status_code == 200
    assert not Membership.objects.filter(user=user).exists()
    signed_in(user).post(link)
    assert Membership.objects.get(user=user, brand=brand).role == "marketer"


def test_nobody_signs_up_on_their_own() -> None:
    data = {"email": "me@example.org", "password1": PASSWORD, "password2": PASSWORD}
    answer = Client().post(reverse("account_signup"), data)
    assert "invitation only" in answer.content.decode()
    assert not User.objects.exists()


def test_the_last_admin_stays(brand: Brand) -> None:
    admin = Membership.objects.get(user=a_member(brand, Membership.Role.ADMIN))
    a_member(brand, Membership.Role.MARKETER)
    with pytest.raises(LastAdmin):
        remove(admin)
    with pytest.raises(LastAdmin):
        change_role(admin, Membership.Role.MANAGER)
    a_member(brand, Membership.Role.ADMIN)
    remove(admin)
    assert brand.memberships.count() == 2


def test_a_removed_member_sees_nothing_and_gets_no_digest(admin: Client, brand: Brand) -> None:
    user = a_member(brand, Membership.Role.MANAGER)
    Subscription.objects.create(user=user, brand=brand)
    admin.post(reverse("member", args=[brand.slug, user.memberships.get().pk]), {"remove": "yes"})
    assert signed_in(user).get(reverse("overview", args=[brand.slug])).status_code == 404
    assert not Subscription.objects.exists()


def test_a_forgotten_password_comes_by_mail_to_our_own_address(
    settings: Any,
    django_capture_on_commit_callbacks: Commits,
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    user = a_user("known@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        Client().post(reverse("account_reset_password"), {"email": user.email}, headers={"host": "evil.example"})
    link = re.search(r"(https?://[^/\s]+)(/\S+)", str(mail.outbox[-1].body))
    assert link and link[1] == settings.PUBLIC_URL
    visitor = Client()
    form = visitor.get(link[2], follow=True)
    new = "a completely new passphrase"
    visitor.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert User.objects.get(pk=user.pk).check_password(new)


@pytest.mark.parametrize(
    "name", ["account_change_password", "account_email", "mfa_index", "mfa_activate_totp", "account_logout"]
)
def test_the_pages_of_an_account_wear_our_clothes(name: str) -> None:
    client = signed_in(a_user())
    answer = client.get(reverse(name), follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "plain-box" in page and page.count("<h1>") == 1
    assert "style=" not in page


@pytest.mark.parametrize(
    "name", ["account_login", "account_reset_password", "account_reset_password_done", "account_signup"]
)
def test_the_pages_before_the_door_wear_our_clothes(name: str) -> None:
    page = Client().get(reverse(name)).content.decode()
    assert "plain-box" in page and page.count("<h1>") == 1


def test_an_admin_sends_a_digest_again_that_was_not_sent(admin: Client, brand: Brand) -> None:
    user = a_member(brand, Membership.Role.MANAGER)
    now = timezone.now()
    issue = Issue.objects.create(
        subscription=Subscription.objects.create(user=user, brand=brand),
        period_start=now - timedelta(days=7),
        period_end=now,
        next_attempt_at=now,
        state=Issue.State.FAILED,
        attempts=5,
        error="The mail server said: mailbox full.",
    )
    url = reverse("members", args=[brand.slug])
    assert "mailbox full" in admin.get(url).content.decode()
    for _ in range(2):
        admin.post(reverse("issue_again", args=[brand.slug, issue.pk]))
    issue.refresh_from_db()
    assert (issue.state, issue.attempts) == ("queued", 0)
    assert AuditEntry.objects.filter(verb="sent digest again").count() == 1
    assert "mailbox full" not in admin.get(url).content.decode()
