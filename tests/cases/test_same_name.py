"""Two admins who take the same name at the same moment: the second one is told in the form, and nothing breaks."""

import threading
import time
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from listening.models import Brand, CaseRule, SavedReply, User, Webhook
from tests.builders import a_brand, a_member, a_webhook

pytestmark = pytest.mark.django_db(transaction=True)
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def second(user: User, url: str, sent: dict[str, str], first: SavedReply | CaseRule | Webhook) -> Any:
    """What the second one gets, who finds the name free because the first one's row is not there yet."""
    answers: list[Any] = []

    def post() -> None:
        client = Client(raise_request_exception=False)
        client.force_login(user)
        answers.append(client.post(url, sent))
        connection.close()

    thread = threading.Thread(target=post)
    with transaction.atomic():
        first.save()
        thread.start()
        wait_until_somebody_waits()
    thread.join(30)
    return answers[0]


def wait_until_somebody_waits() -> None:
    until = time.monotonic() + 30
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
            assert time.monotonic() < until, "nobody waited for the name"
            time.sleep(0.01)  # Postgres tells nobody when a session begins to wait


@pytest.fixture
def brand() -> Brand:
    return a_brand("Acme", slug="acme")


def test_a_saved_reply_of_the_same_name_is_a_form_error(brand: Brand) -> None:
    sent = {"name": "Where is my parcel", "text": "On its way.", "language": ""}
    first = SavedReply(brand=brand, name="Where is my parcel", text="Lost.")
    answer = second(a_member(brand), "/b/acme/settings/replies/", sent, first)
    assert answer.status_code == 422 and "a saved reply of this name already" in answer.content.decode()
    assert SavedReply.objects.get().text == "Lost."


def test_a_rule_of_the_same_name_is_a_form_error(brand: Brand) -> None:
    sent = {"name": "Refunds", "query": "refund*", "active": "on"}
    first = CaseRule(brand=brand, name="Refunds", query="money")
    answer = second(a_member(brand), "/b/acme/settings/cases/new/", sent, first)
    assert answer.status_code == 422 and "has a rule named “Refunds” by now" in answer.content.decode()
    assert CaseRule.objects.get().query == "money"


def test_a_webhook_of_the_same_name_is_a_form_error(brand: Brand) -> None:
    user, other = a_member(brand, "admin"), a_webhook(brand, name="Help desk")

    def named(name: str) -> Webhook:
        return Webhook(brand=brand, name=name, url=other.url, events=other.events, secret_at=other.secret_at)

    sent = {"name": "Pager", "url": "https://93.184.216.34/hook", "events": "case.opened"}
    answer = second(user, "/b/acme/settings/webhooks/new/", sent, named("Pager"))
    assert answer.status_code == 422 and "already has a webhook named “Pager”" in answer.content.decode()
    answer = second(user, f"/b/acme/settings/webhooks/{other.pk}/", sent | {"name": "On call"}, named("On call"))
    assert answer.status_code == 422 and "already has a webhook named “On call”" in answer.content.decode()
