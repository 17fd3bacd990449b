"""Messages go out at least once, whoever is killed when and whatever the receiver says, and hold up nobody else."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import quote

import pytest
import redis
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard import webhooks
from ingest import announcing, forget
from ingest.announcing import FAILING, MOST_TRIES, PATIENCE, WAITS, drain, due, give_up, wait
from ingest.received import Outcome
from ingest.tasks import announce
from listening.celery import ROLES
from listening.models import AuditEntry, Brand, Case, Delivery, User, Webhook
from listening.webhooks.events import TEST
from tests.builders import a_brand, a_case, a_mention, a_webhook
from tests.sources.loopback import Reply, Request, reply
from tests.webhooks.conftest import HOOK, Receiver, at, later, send_all

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


class Killed(BaseException):
    """As sudden as kill -9: nothing behind it runs."""


@pytest.fixture
def webhook(brand: Brand, receiver: Receiver) -> Webhook:
    return a_webhook(brand, receiver.hook, events=["case.opened", "case.closed"])


@pytest.fixture
def waiting(brand: Brand, webhook: Webhook) -> Delivery:
    a_case(a_mention(brand))
    return Delivery.objects.get()


def fresh(delivery: Delivery) -> Delivery:
    return Delivery.objects.select_related("webhook").get(pk=delivery.pk)


def test_who_answers_slowly_stands_in_a_queue_of_its_own(waiting: Delivery, valkey: "redis.Redis") -> None:
    announce()
    assert (valkey.llen("webhooks"), valkey.llen("celery")) == (1, 0) and "webhooks" in ROLES["work"]


def test_a_message_goes_out_once_and_is_noted(waiting: Delivery, receiver: Receiver) -> None:
    send_all()
    send_all()
    send_all(later(days=1))
    done = fresh(waiting)
    assert (done.state, done.status, done.attempts, len(receiver.requests)) == ("delivered", 204, 1, 1)
    assert (done.webhook.failures, done.webhook.rest_until) == (0, None) and done.webhook.delivered_at
    assert receiver.requests[0].headers["content-type"] == "application/json"
    assert receiver.told[0]["brand"] == "acme" and receiver.told[0]["data"]["case"] == Case.objects.get().pk


def test_tries_grow_apart_for_a_day_and_then_it_is_given_up(waiting: Delivery, receiver: Receiver) -> None:
    receiver.says(500)
    now, tries = timezone.now(), list[timedelta]()
    begun = now
    while fresh(waiting).state == "waiting":
        now = max(fresh(waiting).next_at, fresh(waiting).webhook.rest_until or now) + timedelta(seconds=1)
        tries.append(now - begun)
        send_all(at(now))
        assert len(receiver.requests) == len(tries)
    gaps = [later - earlier for earlier, later in zip(tries, tries[1:], strict=False)]
    assert len(tries) == 10 and sorted(gaps[:-1]) == gaps[:-1], "the last two waits are alike but for their jitter"
    assert timedelta(hours=19) < tries[-1] < PATIENCE
    assert (fresh(waiting).state, fresh(waiting).status) == ("failed", 500)
    assert len(set(receiver.ids)) == 1
    assert fresh(waiting).webhook.active, "a day is not yet for ever"


def test_waits_have_a_jitter() -> None:
    waits = {wait(3) for _ in range(50)}
    assert len(waits) > 10 and all(WAITS[3] * 0.9 <= one <= WAITS[3] * 1.1 for one in waits)


@pytest.mark.parametrize("status", [301, 302, 400, 401, 404, 429, 500, 503])
def test_anything_but_200_to_299_is_a_failure_in_a_sentence(waiting: Delivery, receiver: Receiver, status: int) -> None:
    receiver.says(status, Location=receiver.url + "/elsewhere")
    send_all()
    row = fresh(waiting)
    assert (row.state, row.status, row.attempts) == ("waiting", status, 1)
    assert str(status) in row.sentence and row.next_at > timezone.now()
    assert [request.path for request in receiver.requests] == [HOOK], "no redirect is followed"


def test_a_receiver_that_asks_for_a_pause_gets_it_up_to_eight_hours(waiting: Delivery, receiver: Receiver) -> None:
    receiver.says(503, **{"Retry-After": "7200"})
    send_all()
    assert fresh(waiting).next_at > timezone.now() + timedelta(minutes=115)
    a_case(a_mention(waiting.webhook.brand))
    send_all(later(minutes=100))
    assert len(receiver.requests) == 1
    receiver.says(429, **{"Retry-After": "500000"})
    send_all(later(hours=3))
    rests = Webhook.objects.get().rest_until
    assert rests and timedelta(hours=10) < rests - timezone.now() < timedelta(hours=12)


def test_nobody_who_does_not_answer_is_a_failure_in_a_sentence(brand: Brand) -> None:
    a_webhook(brand, "http://127.0.0.1:9/hook")
    a_case(a_mention(brand))
    send_all()
    row = Delivery.objects.get()
    assert (row.state, row.status) == ("waiting", None) and "could not be reached" in row.sentence
    assert "again" not in row.sentence, "a test is not tried again, and neither is what is given up"


def test_a_long_answer_is_taken_as_what_its_status_says(waiting: Delivery, receiver: Receiver) -> None:
    receiver.script("POST", HOOK, reply(200, "x" * 100_000))
    send_all()
    assert fresh(waiting).state == "delivered"


def test_what_a_receiver_says_is_never_kept(waiting: Delivery, receiver: Receiver) -> None:
    receiver.script("POST", HOOK, reply(500, "the secret of an inner service"))
    send_all()
    assert "secret" not in str(Delivery.objects.values())


def test_410_switches_the_webhook_off_and_the_log_says_so(brand: Brand, waiting: Delivery, receiver: Receiver) -> None:
    a_case(a_mention(brand))
    receiver.says(410)
    send_all()
    off = fresh(waiting).webhook
    assert not off.active and "410" in off.off_reason
    assert set(Delivery.objects.values_list("state", flat=True)) == {"failed"}
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.user, entry.target) == ("switched off webhook", None, off.name)
    a_case(a_mention(brand))
    assert Delivery.objects.count() == 2 and len(receiver.requests) == 1


def test_a_webhook_that_took_nothing_for_days_is_switched_off_when_a_message_is_given_up(
    brand: Brand, waiting: Delivery, receiver: Receiver
) -> None:
    receiver.says(500)
    send_all()
    rows = Webhook.objects.all()
    rows.update(failing_since=timezone.now() - FAILING - timedelta(minutes=1))
    send_all(later(minutes=20))
    assert rows.get().active, "this message is still tried"
    send_all(at(waiting.queued_at + PATIENCE))
    assert not rows.get().active and "three days" in rows.get().off_reason


def test_a_test_that_fails_switches_nothing_off_that_is_still_tried(brand: Brand, receiver: Receiver) -> None:
    webhook = a_webhook(brand, receiver.hook, failures=9, failing_since=timezone.now() - FAILING - timedelta(hours=1))
    now = timezone.now()
    Delivery.objects.create(webhook=webhook, key="t", event=TEST, happened_at=now, queued_at=now, next_at=now)
    receiver.says(500)
    send_all()
    assert Delivery.objects.get().state == "failed" and Webhook.objects.get().active


def test_what_waited_too_long_behind_others_is_given_up_too(waiting: Delivery, webhook: Webhook) -> None:
    now = waiting.queued_at + PATIENCE + timedelta(hours=2)
    Webhook.objects.update(failing_since=now - FAILING - timedelta(hours=1), rest_until=now + timedelta(minutes=5))
    assert give_up(waiting.queued_at + PATIENCE) == 0
    assert give_up(now) == 1
    assert fresh(waiting).state == "failed" and not fresh(waiting).webhook.active


def test_what_waited_while_no_worker_ran_is_sent_and_has_its_day_of_tries(
    waiting: Delivery, receiver: Receiver
) -> None:
    monday = waiting.queued_at + timedelta(days=3)
    assert give_up(monday) == 0
    receiver.says(503, 204)
    send_all(at(monday))
    assert give_up(monday + timedelta(seconds=5)) == 0 and fresh(waiting).state == "waiting"
    send_all(at(monday + timedelta(minutes=1)))
    assert fresh(waiting).state == "delivered"


def test_a_message_that_alone_is_refused_is_given_up_although_others_arrive(
    waiting: Delivery, receiver: Receiver
) -> None:
    receiver.says(400)
    now = timezone.now()
    for tries in range(1, MOST_TRIES + 1):
        assert (fresh(waiting).state, fresh(waiting).attempts) == ("waiting", tries - 1)
        Webhook.objects.update(failures=0, failing_since=None, rest_until=None)  # as a success does
        now = max(now, fresh(waiting).next_at)
        send_all(at(now))
    assert fresh(waiting).state == "failed"


def test_whoever_changes_a_webhook_and_its_messages_takes_the_webhook_first(
    brand: Brand, maria: User, receiver: Receiver
) -> None:
    """Else two of them could wait for each other, and Postgres would end one of them with an error."""

    def first(deed: Callable[[], object]) -> str:
        with CaptureQueriesContext(connection) as told:
            deed()
        writes = [one["sql"] for one in told if "FOR " in one["sql"] or one["sql"].startswith(("UPDATE", "DELETE"))]
        return writes[0]

    webhook = a_webhook(brand, receiver.hook, events=["case.opened"])
    now = timezone.now()

    def one() -> Delivery:
        a_case(a_mention(brand))
        return Delivery.objects.select_related("webhook__brand").latest("pk")

    Webhook.objects.update(failing_since=now - FAILING)
    for deed in (
        lambda: announcing._delivered(one(), Outcome(204), now),
        lambda: announcing._failed(one(), Outcome(500, "No."), now),
        lambda: give_up(now + PATIENCE + timedelta(hours=2)),
        lambda: webhooks.again(webhook, maria, now),
        lambda: webhooks.switch(webhook, False, maria),
        lambda: webhooks.remove(webhook, maria),
    ):
        assert '"listening_webhook"' in first(deed).partition("WHERE")[0]


def test_a_success_forgets_the_failures_and_everything_that_waits_follows(brand: Brand, receiver: Receiver) -> None:
    webhook = a_webhook(brand, receiver.hook, events=["case.opened"])
    cases = [a_case(a_mention(brand)) for _ in range(5)]
    receiver.says(500, 500, 204)
    send_all()
    assert len(receiver.requests) == 1, "it rests after the first failure"
    send_all()
    assert len(receiver.requests) == 1
    send_all(later(seconds=15))
    assert len(receiver.requests) == 2 and Webhook.objects.get().failures == 2
    send_all(later(minutes=2))
    assert Delivery.objects.filter(state="delivered").count() == 5
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.failing_since, webhook.rest_until) == (0, None, None)
    assert {told["data"]["case"] for told in receiver.told} == {case.pk for case in cases}


def test_a_silent_receiver_holds_up_no_other(brand: Brand, receiver: Receiver) -> None:
    a_webhook(brand, "http://127.0.0.1:9/hook", events=["case.opened"])
    a_webhook(brand, receiver.hook, events=["case.opened"])
    for _ in range(3):
        a_case(a_mention(brand))
    send_all()
    assert len(receiver.requests) == 3


def test_a_webhook_that_is_off_gets_tests_alone_and_each_is_tried_once(brand: Brand, receiver: Receiver) -> None:
    webhook = a_webhook(brand, receiver.hook, active=False)
    now = timezone.now()
    for number, event in enumerate((TEST, "case.opened")):
        facts = {} if event == TEST else Delivery().facts
        Delivery.objects.create(
            webhook=webhook, key=f"{number}", event=event, facts=facts, happened_at=now, queued_at=now, next_at=now
        )
    receiver.says(500)
    send_all()
    send_all(later(minutes=30))
    assert [told["type"] for told in receiver.told] == [TEST]
    assert Delivery.objects.get(event=TEST).state == "failed"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://93.184.216.34/hook", "https://"),
        ("https://10.0.0.8/hook", "private or reserved network"),
        ("https://169.254.169.254/latest", "private or reserved network"),
        ("https://[::ffff:10.0.0.8]/hook", "private or reserved network"),
        ("ftp://hooks.example.org/", "only http:// and https://"),
        ("https://xn--/", "is not an address"),
        ("https://name:word@hooks.example.org/", "password"),
    ],
)
def test_it_speaks_to_nobody_inside_and_to_nobody_in_the_clear(brand: Brand, url: str, says: str) -> None:
    a_webhook(brand, url)
    a_case(a_mention(brand))
    send_all()
    row = Delivery.objects.get()
    assert row.state == "waiting" and says in row.sentence, row.sentence


def test_a_secret_that_no_key_opens_is_said_and_nothing_goes_out_unsigned(
    waiting: Delivery, receiver: Receiver
) -> None:
    Webhook.objects.update(secret="gAAAAA")
    send_all()
    assert "can't be read with the keys" in fresh(waiting).sentence and not receiver.requests


def test_a_new_secret_helps_where_no_key_opens_the_old_one(waiting: Delivery, maria: User, receiver: Receiver) -> None:
    Webhook.objects.update(secret="gAAAAA")
    webhooks.rotate(waiting.webhook, maria, timezone.now())
    send_all()
    assert fresh(waiting).state == "delivered"
    assert len(receiver.requests[0].headers["webhook-signature"].split()) == 1


@pytest.mark.parametrize("step", ["_post", "_delivered"])
def test_a_worker_killed_at_any_step_is_followed_by_one_that_sends_it_under_the_same_id(
    waiting: Delivery, receiver: Receiver, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*args: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(announcing, step, die)
        with pytest.raises(Killed):
            drain(waiting.webhook_id)
    assert due(timezone.now()) == [], "its lease is not over"
    send_all(later(minutes=2))
    assert fresh(waiting).state == "delivered"
    assert len(set(receiver.ids)) == 1 and len(receiver.ids) == (1 if step == "_post" else 2)


def worker(webhook: Webhook) -> "subprocess.Popen[bytes]":
    """A real process that sends for this webhook, on this test's database."""
    base, _, options = os.environ["DATABASE_URL"].partition("?")
    own = f"{base.rpartition('/')[0]}/{quote(str(connection.settings_dict['NAME']))}?{options}"
    code = f"import django; django.setup(); from ingest.announcing import drain; drain({webhook.pk})"
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "DATABASE_URL": own})


@pytest.mark.django_db(transaction=True)
def test_kill_9_between_the_receiver_and_the_note(receiver: Receiver) -> None:
    brand = a_brand()
    webhook = a_webhook(brand, receiver.url + "/slow", events=["case.opened"])
    a_case(a_mention(brand))
    stands, go_on = Event(), Event()

    def slow(request: Request) -> Reply:
        stands.set()
        go_on.wait(60)
        return reply(204)

    receiver.handle("POST", "/slow", slow)
    process = worker(webhook)
    assert stands.wait(120), "the worker never came to the receiver"
    process.kill()
    process.wait()
    go_on.set()
    row = Delivery.objects.get()
    assert (row.state, row.attempts) == ("waiting", 1)
    send_all(later(minutes=2))
    assert Delivery.objects.get().state == "delivered"
    assert len(receiver.ids) == 2 and len(set(receiver.ids)) == 1


@pytest.mark.django_db(transaction=True)
def test_ten_workers_at_once_send_each_message_once(receiver: Receiver) -> None:
    brand = a_brand()
    webhook = a_webhook(brand, receiver.hook, events=["case.opened"])
    for _ in range(20):
        a_case(a_mention(brand))

    def work() -> None:
        try:
            drain(webhook.pk)
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Delivery.objects.filter(state="delivered").count() == 20
    assert len(receiver.ids) == len(set(receiver.ids)) == 20


def test_the_log_is_kept_for_thirty_days(waiting: Delivery) -> None:
    assert forget.expire(waiting.queued_at + timedelta(days=29))["deliveries"] == 0
    assert forget.expire(waiting.queued_at + timedelta(days=31))["deliveries"] == 1
    assert not Delivery.objects.exists()


def test_a_brand_that_goes_takes_its_webhooks_along(brand: Brand, waiting: Delivery) -> None:
    Brand.objects.filter(pk=brand.pk).delete()
    assert not Webhook.objects.exists() and not Delivery.objects.exists()
