"""Every message is signed as the docs say, and the docs' own example proves it."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ingest import announcing
from listening.models import Brand, Delivery, User, Webhook
from listening.secrets import seal
from listening.webhooks.events import EVENTS, TEST, body, message_id
from listening.webhooks.signing import NoSecret, headers, key_of, new_secret, signature
from tests.builders import a_case, a_mention, a_webhook
from tests.webhooks.conftest import Receiver, later, send_all

DOCS = (Path(__file__).resolve().parents[2] / "docs/webhooks.md").read_text()
HOME = "https://earshot.example.org"
Verify = Callable[..., bool]


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", DOCS, re.DOTALL)
    assert found, language
    return found[1]


@pytest.fixture
def verify() -> Verify:
    """The receiver of the docs, as it stands there."""
    names: dict[str, Any] = {}
    exec(block("python"), names)  # noqa: S102 (our own docs)
    checked: Verify = names["verify"]
    return checked


@pytest.fixture
def vector() -> Mapping[str, str]:
    return dict(re.findall(r"^(\w+) +(\S.*)$", block("text"), re.MULTILINE))


def test_the_vector_of_the_docs_is_what_earshot_sends(vector: Mapping[str, str]) -> None:
    sent = body(TEST, _uuid(vector["id"]), datetime(2026, 11, 25, 16, 0, 2, tzinfo=UTC), "acme", False, {}, HOME)
    assert sent.decode() == vector["body"]
    told = headers([vector["secret"]], vector["id"], _at(vector), sent)
    assert told["webhook-signature"] == vector["signature"]
    assert (told["webhook-id"], told["webhook-timestamp"]) == (vector["id"], vector["timestamp"])


def _uuid(message: str) -> UUID:
    return UUID(message.removeprefix("msg_"))


def _at(vector: Mapping[str, str]) -> datetime:
    return datetime.fromtimestamp(int(vector["timestamp"]), UTC)


def test_the_receiver_of_the_docs_takes_the_vector_and_nothing_else(verify: Verify, vector: Mapping[str, str]) -> None:
    told = {f"webhook-{name}": vector[name] for name in ("id", "timestamp", "signature")}
    said, at = vector["body"].encode(), float(vector["timestamp"])
    assert verify(vector["secret"], told, said, at)
    assert verify(vector["secret"], told | {"webhook-signature": f"v1,AAAA {vector['signature']}"}, said, at)
    assert verify(vector["secret"], told, said, at + 300) and verify(vector["secret"], told, said, at - 300)
    assert not verify(vector["secret"], told, said, at + 301) and not verify(vector["secret"], told, said, at - 301)
    assert not verify(vector["secret"], told, said + b" ", at)
    assert not verify(new_secret(), told, said, at)
    assert not verify(vector["secret"], told | {"webhook-id": "msg_other"}, said, at)
    assert not verify(vector["secret"], told | {"webhook-timestamp": str(int(at) + 1)}, said, at)


def test_it_signs_as_the_reference_of_standard_webhooks() -> None:
    """The test vector that the reference libraries share."""
    told = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert told == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_docs_name_every_event_and_what_it_says() -> None:
    rows = re.findall(r"^\| `([a-z_.]+)` \|.*\| (.+) \|$", DOCS, re.MULTILINE)
    assert [kind for kind, _ in rows] == [*EVENTS, TEST]
    said: list[str] = []
    for kind, facts in rows[:-1]:
        said = re.findall(r"`(\w+)`", facts) or said  # "the same"
        assert tuple(said) == EVENTS[kind].facts, kind


@pytest.mark.parametrize("text", ["", "whsec_", "whsec_short", "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0", "whsec_!!!!" * 9])
def test_what_is_no_secret_is_refused(text: str) -> None:
    with pytest.raises(NoSecret, match="24 to 64 random bytes"):
        key_of(text)
    assert len(key_of(new_secret())) == 32


@pytest.mark.django_db
def test_every_message_is_signed_with_a_fresh_time_and_its_id_stays_over_retries(
    brand: Brand, receiver: Receiver, verify: Verify
) -> None:
    secret = new_secret()
    a_webhook(brand, receiver.hook, secret=seal({"secret": secret}), events=["case.opened"])
    a_case(a_mention(brand))
    receiver.says(500, 500, 204)
    for minutes in (0, 10, 20):
        now = later(minutes=minutes)
        send_all(now)
        request = receiver.requests[-1]
        assert verify(secret, dict(request.headers), request.body, now().timestamp())
        assert not verify(secret, dict(request.headers), request.body, now().timestamp() + 301)
    assert len(receiver.ids) == 3 and set(receiver.ids) == {message_id(Delivery.objects.get().message)}
    assert len({request.headers["webhook-timestamp"] for request in receiver.requests}) == 3
    assert len({request.body for request in receiver.requests}) == 1
    assert {told["id"] for told in receiver.told} == set(receiver.ids)


@pytest.mark.django_db
def test_the_secret_that_is_shown_is_the_key_that_signs(
    brand: Brand, maria: User, receiver: Receiver, verify: Verify
) -> None:
    client = Client()
    client.force_login(maria)
    new = {"name": "Desk", "url": receiver.hook, "events": ["case.opened"]}
    page = client.post(reverse("webhook_new", args=["acme"]), new, follow=True).content.decode()
    first = shown(page)
    a_case(a_mention(brand))
    send_all()
    told = receiver.requests[-1]
    assert verify(first, dict(told.headers), told.body)
    webhook = Webhook.objects.get()
    page = client.post(reverse("webhook_rotate", args=["acme", webhook.pk]), follow=True).content.decode()
    second = shown(page)
    assert second != first
    a_case(a_mention(brand))
    send_all()
    told = receiver.requests[-1]
    assert verify(first, dict(told.headers), told.body) and verify(second, dict(told.headers), told.body)
    a_case(a_mention(brand))
    now = later(hours=24, minutes=1)
    send_all(now)
    told = receiver.requests[-1]
    assert verify(second, dict(told.headers), told.body, now().timestamp())
    assert not verify(first, dict(told.headers), told.body, now().timestamp())


def shown(page: str) -> str:
    (secret,) = re.findall(r"whsec_[A-Za-z0-9+/=]+", page)
    return str(secret)


@pytest.mark.django_db
def test_a_secret_stands_in_the_database_only_sealed(brand: Brand) -> None:
    secret = new_secret()
    webhook = a_webhook(brand, secret=seal({"secret": secret}))
    assert secret not in webhook.secret and secret[6:] not in webhook.secret
    assert announcing.secrets_of(webhook, timezone.now()) == [secret]
    webhook.old_secret, webhook.old_until = webhook.secret, timezone.now() - timedelta(seconds=1)
    assert announcing.secrets_of(webhook, timezone.now()) == [secret]
