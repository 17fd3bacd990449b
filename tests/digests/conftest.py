"""A real SMTP server on loopback, and a brand with a subscriber."""

import email
import email.policy
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from listening.models import Brand, Membership, Subscription, User
from tests.builders import a_brand

CREATED = datetime(2026, 4, 1, tzinfo=UTC)


class Post:
    """Keeps what arrives; `answer` is what it says to the next letters (None: takes them)."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer: str | None = None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.answer:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


@pytest.fixture
def smtp(settings: Any) -> Iterator[Post]:
    post = Post()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield post
    controller.stop()


@pytest.fixture
def brand(db: None) -> Brand:
    return a_brand("Acme", slug="acme", time_zone="Europe/Berlin")


@pytest.fixture
def subscription(brand: Brand) -> Subscription:
    user = User.objects.create_user("mara@example.org", "x")
    Membership.objects.create(user=user, brand=brand, role="manager")
    subscription = Subscription.objects.create(user=user, brand=brand)
    Subscription.objects.update(created_at=CREATED)
    subscription.refresh_from_db()
    return subscription
