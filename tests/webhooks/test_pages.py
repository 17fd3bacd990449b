"""The pages of an admin who sets up webhooks."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dashboard.notices import tell_of_stopped_webhooks
from ingest import announcing
from listening.models import AuditEntry, Brand, Delivery, User, Webhook
from listening.webhooks.events import TEST
from tests.builders import a_brand, a_case, a_member, a_mention, a_webhook
from tests.digests.conftest import Post
from tests.webhooks.conftest import Receiver, later, send_all

pytestmark = pytest.mark.django_db
NEW: dict[str, Any] = {
    "name": "Help desk",
    "url": "https://hooks.example.org/a-token",
    "events": ["case.opened", "spike.began"],
}


@pytest.fixture
def client(maria: User) -> Client:
    client = Client()
    client.force_login(maria)
    return client


def url(name: str, *args: object) -> str:
    return reverse(name, args=["acme", *args])


def page(client: Client, webhook: Webhook, **query: str) -> str:
    return client.get(url("webhook", webhook.pk), query).content.decode()


def deeds() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def test_before_there_is_one_the_page_says_what_it_is_for(client: Client, brand: Brand) -> None:
    told = client.get(url("webhooks")).content.decode()
    assert "No webhook yet" in told and url("webhook_new") in told and "Never what people wrote" in told


def test_a_new_one_shows_its_secret_once_and_only_to_who_made_it(client: Client, brand: Brand) -> None:
    answer = client.post(url("webhook_new"), NEW)
    made = Webhook.objects.get()
    assert answer["Location"] == url("webhook", made.pk)
    other = Client()
    other.force_login(a_member(brand, "admin"))
    assert "whsec_" not in page(other, made)
    followed = client.get(url("webhook", made.pk), headers={"HX-Request": "true"}).content.decode()
    assert "whsec_" not in followed, "a log that follows itself is nobody who looks"
    shown = client.get(url("webhook", made.pk))
    assert shown.content.decode().count("whsec_") == 1 and "no-store" in shown["Cache-Control"]
    assert "whsec_" not in page(client, made)
    assert "Help desk" in client.get(url("webhooks")).content.decode()
    entry = AuditEntry.objects.get()
    assert entry.detail == {"host": "hooks.example.org", "events": NEW["events"]}, "a path may be a secret"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "help desk", "choose another name"),
        ("name", "", "required"),
        ("url", "http://hooks.example.org/", "must be reached by https://"),
        ("url", "https://10.1.2.3/", "EARSHOT_ALLOW_PRIVATE"),
        ("url", "hooks.example.org", "only http:// and https://"),
        ("url", "https://me:word@hooks.example.org/", "password"),
        ("url", "https://hooks.example.org/#here", "after “#”"),
        ("url", "https://hooks example.org/", "holds no spaces"),
        ("url", "https://hooks.example.org/\x01", "is not an address"),
        ("url", "https://xn--/", "is not an address"),
        ("events", [], "at least one"),
        ("events", ["case.eaten"], "not one of the available choices"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    client: Client, brand: Brand, field: str, value: Any, says: str
) -> None:
    a_webhook(brand, name="Help Desk")
    answer = client.post(url("webhook_new"), NEW | {"name": "New", field: value})
    assert answer.status_code == 422 and says in answer.content.decode()
    assert Webhook.objects.count() == 1


def test_a_change_is_kept_and_noted_and_a_new_address_is_tried_at_once(client: Client, brand: Brand) -> None:
    webhook = a_webhook(brand, failures=5, failing_since=timezone.now(), rest_until=timezone.now() + timedelta(hours=1))
    same = {"name": webhook.name, "url": webhook.url, "events": webhook.events}
    client.post(url("webhook", webhook.pk), same)
    assert deeds() == []
    client.post(url("webhook", webhook.pk), same | {"events": ["case.closed"]})
    assert Webhook.objects.get().rest_until is not None
    client.post(url("webhook", webhook.pk), same | {"events": ["case.closed"], "url": "https://other.example.org/x"})
    webhook.refresh_from_db()
    assert (webhook.events, webhook.rest_until, webhook.failing_since) == (["case.closed"], None, None)
    assert deeds() == ["changed webhook"] * 2
    assert AuditEntry.objects.latest("pk").detail == {"host": "other.example.org"}


def test_a_test_goes_the_way_of_all_messages_and_stands_in_the_log(
    client: Client, brand: Brand, receiver: Receiver
) -> None:
    webhook = a_webhook(brand, receiver.hook, active=False)
    assert "A test is on its way" in client.post(url("webhook_test", webhook.pk), follow=True).content.decode()
    waiting = page(client, webhook)
    assert "Not tried yet" in waiting and 'hx-trigger="every 2s"' in waiting
    send_all()
    assert receiver.told[0]["type"] == TEST
    done = page(client, webhook)
    assert "answered 204" in done and 'hx-trigger="every 2s"' not in done
    assert deeds() == ["tested webhook"]


def test_off_keeps_what_waits_as_failed_and_on_begins_anew(client: Client, brand: Brand, receiver: Receiver) -> None:
    webhook = a_webhook(brand, receiver.hook, events=["case.opened"])
    a_case(a_mention(brand))
    client.post(url("webhook_switch", webhook.pk))
    client.post(url("webhook_switch", webhook.pk))
    a_case(a_mention(brand))
    send_all()
    assert not receiver.requests and Delivery.objects.get().state == "failed"
    assert "switched off by hand" in page(client, webhook)
    client.post(url("webhook_switch", webhook.pk), {"on": "yes"})
    send_all()
    assert not receiver.requests, "only somebody can know whether it is still of use"
    client.post(url("webhook_again", webhook.pk))
    send_all()
    assert len(receiver.requests) == 1
    assert deeds() == ["switched off webhook", "switched on webhook", "sent webhook messages again"]


def test_one_message_is_sent_again_under_its_own_id(client: Client, brand: Brand, receiver: Receiver) -> None:
    webhook = a_webhook(brand, receiver.hook, events=["case.opened"])
    for _ in range(2):
        a_case(a_mention(brand))
    send_all()
    row = Delivery.objects.first()
    assert row
    client.post(url("webhook_again", webhook.pk), {"message": row.pk})
    send_all()
    assert len(receiver.ids) == 3 and receiver.ids[-1] == row.number
    assert receiver.ids.count(row.number) == 2
    nothing = client.post(url("webhook_again", webhook.pk), {"message": "9" * 30}, follow=True)
    assert "nothing to send again" in nothing.content.decode()


def test_a_message_of_another_webhook_is_not_sent_again(client: Client, brand: Brand) -> None:
    webhook, other = a_webhook(brand), a_webhook(a_brand("Other"), events=["case.opened"])
    a_case(a_mention(other.brand))
    Delivery.objects.update(state="failed")
    client.post(url("webhook_again", webhook.pk), {"message": Delivery.objects.get().pk})
    client.post(url("webhook_again", webhook.pk))
    assert Delivery.objects.get().state == "failed"


def test_the_old_secret_can_be_stopped_before_its_day_is_over(client: Client, brand: Brand) -> None:
    webhook = a_webhook(brand)
    client.post(url("webhook_rotate", webhook.pk))
    webhook.refresh_from_db()
    assert len(announcing.secrets_of(webhook, timezone.now())) == 2
    assert "signs too" in page(client, webhook)
    client.post(url("webhook_rotate", webhook.pk), {"stop": "yes"})
    webhook.refresh_from_db()
    assert len(announcing.secrets_of(webhook, timezone.now())) == 1
    assert "signs too" not in page(client, webhook)
    assert deeds() == ["made new secret of webhook", "stopped old secret of webhook"]


def test_it_is_deleted_with_its_log(client: Client, brand: Brand) -> None:
    webhook = a_webhook(brand)
    a_case(a_mention(brand))
    assert client.post(url("webhook_delete", webhook.pk))["Location"] == url("webhooks")
    assert not Webhook.objects.exists() and not Delivery.objects.exists()
    assert deeds() == ["deleted webhook"]


def test_the_log_says_what_went_wrong_and_can_be_narrowed(client: Client, brand: Brand, receiver: Receiver) -> None:
    webhook = a_webhook(brand, receiver.hook, events=["case.opened"])
    a_case(a_mention(brand))
    receiver.says(404)
    send_all()
    told = page(client, webhook)
    assert "check the address, and that it takes POST" in told and "Next try" in told
    assert Delivery.objects.get().number in told
    assert "None." in page(client, webhook, state="failed")
    assert "check the address" in page(client, webhook, state="nonsense")


def test_a_webhook_that_was_switched_off_by_itself_is_told_of_where_admins_look(
    smtp: Post,
    client: Client,
    brand: Brand,
    receiver: Receiver,
) -> None:
    webhook = a_webhook(brand, receiver.hook, events=["case.opened"], name="Pager")
    a_case(a_mention(brand))
    receiver.says(410)
    send_all()
    assert tell_of_stopped_webhooks(timezone.now()) == 1
    assert tell_of_stopped_webhooks(timezone.now()) == 0
    (mail,) = smtp.mails
    assert "Pager was switched off" in mail["subject"]
    assert "410" in mail.get_content() and url("webhook", webhook.pk) in mail.get_content()
    for place in ("webhooks", "sources"):
        assert "wants nothing more" in client.get(url(place)).content.decode(), place
    client.post(url("webhook_switch", webhook.pk), {"on": "yes"})
    for place in ("webhooks", "sources"):
        assert "wants nothing more" not in client.get(url(place)).content.decode(), place
    receiver.says(410)
    a_case(a_mention(brand))
    send_all(later(minutes=1))
    assert tell_of_stopped_webhooks(timezone.now()) == 1, "a new reason is a new mail"


def test_one_that_a_person_switched_off_is_no_reason_for_a_mail(
    smtp: Post,
    client: Client,
    brand: Brand,
) -> None:
    client.post(url("webhook_switch", a_webhook(brand).pk))
    assert tell_of_stopped_webhooks(timezone.now()) == 0 and smtp.mails == []


def test_there_are_at_most_twenty(client: Client, brand: Brand) -> None:
    for _ in range(20):
        a_webhook(brand)
    answer = client.post(url("webhook_new"), NEW)
    assert answer.status_code == 422 and "Delete one first" in answer.content.decode()
