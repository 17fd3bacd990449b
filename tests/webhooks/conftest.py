"""A brand, a receiver on loopback, and what it was told."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from ingest.announcing import drain, due
from listening.models import Brand, User
from tests.builders import a_brand, a_member, a_user
from tests.digests.conftest import smtp as smtp  # a fixture
from tests.sources.loopback import Loopback, reply

HOOK = "/hook"


class Receiver(Loopback):
    """Takes every message; `told` are their bodies as the receiver reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.says()

    @property
    def hook(self) -> str:
        return self.url + HOOK

    def says(self, *statuses: int, **headers: str) -> None:
        """What it answers in turn; the last one stays."""
        self.script("POST", HOOK, *(reply(status, b"", headers) for status in statuses or (204,)))

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(request.body) for request in self.requests]

    @property
    def ids(self) -> list[str]:
        return [request.headers["webhook-id"] for request in self.requests]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    with receiver:
        yield receiver


@pytest.fixture
def brand(db: None) -> Brand:
    return a_brand("Acme", slug="acme")


@pytest.fixture
def maria(brand: Brand) -> User:
    return a_member(brand, "admin", a_user("maria@example.org", name="Maria"))


def at(moment: datetime) -> Callable[[], datetime]:
    """A clock that stands still."""
    return lambda: moment


def later(**length: float) -> Callable[[], datetime]:
    """A clock that stands so much later than now."""
    return at(timezone.now() + timedelta(**length))


def send_all(now: Callable[[], datetime] = timezone.now) -> None:
    """What the bell does: every webhook that is due."""
    for webhook_id in due(now()):
        drain(webhook_id, now)
