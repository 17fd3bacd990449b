"""Announcing: deliveries go out to their webhooks, each at least once, whoever is killed when.

One worker at a time writes to a webhook: it takes it by a conditional update and holds it for as long as it goes on.
Before a try the row says when the next one would be, so that a killed worker leaves a message that is tried again under
the same id, and never a silence. A receiver that does not answer rests longer and longer, so that it holds up nobody
else; after about a day a message is given up, and after days without a success the webhook is switched off.
"""

import random
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Min, Q, QuerySet, Value, When

from ingest.pull import clock
from ingest.received import GONE, Outcome, outcome_of, silence
from listening.addresses import ForbiddenAddress
from listening.http import Door, NetworkError
from listening.models import AuditEntry, Delivery, Webhook
from listening.secrets import Unreadable, unseal
from listening.webhooks.address import check_address
from listening.webhooks.events import TEST
from listening.webhooks.signing import headers

Clock = Callable[[], datetime]
State = Delivery.State

WAITS = tuple(timedelta(seconds=n) for n in (10, 60, 300, 900, 2700, 7200, 14_400, 28_800))
"""Between one try and the next; the last one goes on. A tenth more or less, so that not all come at once."""
PATIENCE = timedelta(hours=26)
"""How long a message is tried: the schedule's last try falls 23 hours after the first, give or take its jitter. Only
while its receiver fails: what waited because no worker ran has its day before it."""
MOST_TRIES = len(WAITS) + 2
FAILING = timedelta(days=3)
"""A webhook that took nothing for so long is switched off when the next message is given up."""
LEASE = timedelta(seconds=60)
SHORTEST_REST, LONGEST_REST = timedelta(seconds=10), timedelta(minutes=10)
TOTAL = 20.0
"""Seconds for one try, from the look-up of the name to the last byte: a third of the lease."""
BUDGET = 40.0
LARGEST_ANSWER = 65_536
GIVEN_UP = "It was given up after a day of tries. Mend the receiver, then send it again."
DEAD = "Nothing arrived for more than three days."


def due(now: datetime) -> list[int]:
    """Webhooks that have something to send now and may be written to, those that wait longest first."""
    waiting = _waiting(now).filter(Q(webhook__rest_until=None) | Q(webhook__rest_until__lte=now))
    first = waiting.order_by().values("webhook").annotate(first=Min("next_at")).order_by("first", "webhook")
    return list(first.values_list("webhook", flat=True))


def drain(webhook_id: int, now: Clock = clock) -> bool:
    """Send what waits for one webhook until it fails or the time is spent. True when more is to be sent at once."""
    if not _hold(webhook_id, now(), free=True):
        return False
    until = time.monotonic() + BUDGET
    with Door(redirects=0, timeout=TOTAL, total=TOTAL, max_bytes=LARGEST_ANSWER, now=now) as door:
        while (one := _next(webhook_id, now())) is not None:
            if not _attempt(door, one, now):
                return False
            if time.monotonic() >= until:
                break
            _hold(webhook_id, now())
    Webhook.objects.filter(pk=webhook_id).update(rest_until=None)
    return one is not None


@transaction.atomic
def give_up(now: datetime) -> int:
    """Messages that waited too long, because their webhook failed and rested all the time. Returns how many."""
    long_ago = now - PATIENCE - timedelta(hours=1)
    late = Delivery.objects.filter(state=State.WAITING, queued_at__lt=long_ago)
    failing = Webhook.objects.filter(failing_since__lt=long_ago, pk__in=late.order_by().values("webhook"))
    webhooks = list(failing.order_by("pk").select_for_update(no_key=True))
    given_up = late.filter(webhook__in=webhooks).update(state=State.FAILED, sentence=GIVEN_UP) if webhooks else 0
    for webhook in webhooks:
        _off_if_dead(webhook, now)
    return given_up


def _waiting(now: datetime) -> QuerySet[Delivery]:
    """A webhook that is off gets tests alone."""
    wanted = Q(webhook__active=True) | Q(event=TEST)
    return Delivery.objects.filter(wanted, state=State.WAITING, next_at__lte=now)


def _hold(webhook_id: int, now: datetime, free: bool = False) -> bool:
    """Take the lease, or go on holding it."""
    mine = Webhook.objects.filter(pk=webhook_id)
    if free:
        mine = mine.filter(Q(rest_until=None) | Q(rest_until__lte=now))
    return bool(mine.update(rest_until=now + LEASE))


def _next(webhook_id: int, now: datetime) -> Delivery | None:
    """What is sent next, claimed: a test first, for somebody waits for it."""
    tests_first = Case(When(event=TEST, then=Value(0)), default=Value(1))
    rows = _waiting(now).filter(webhook=webhook_id).select_related("webhook__brand")
    one = rows.order_by(tests_first, "next_at", "pk").first()
    if one is None:
        return None
    later = now + wait(one.attempts)
    claimed = _waiting(now).filter(pk=one.pk, attempts=one.attempts)
    if not claimed.update(attempts=F("attempts") + 1, tried_at=now, next_at=later):
        return None
    one.attempts, one.tried_at, one.next_at = one.attempts + 1, now, later
    return one


def wait(tries: int) -> timedelta:
    """Until the try after so many earlier ones and one more."""
    return WAITS[min(tries, len(WAITS) - 1)] * random.uniform(0.9, 1.1)  # noqa: S311 (jitter, no secret)


def _attempt(door: Door, delivery: Delivery, now: Clock) -> bool:
    """One try, and what is noted of it. Returns whether the receiver took it."""
    outcome = _post(door, delivery, now())
    if not outcome.sentence:
        _delivered(delivery, outcome, now())
    else:
        _failed(delivery, outcome, now())
    return not outcome.sentence


def _post(door: Door, delivery: Delivery, now: datetime) -> Outcome:
    webhook, said = delivery.webhook, delivery.body()
    try:
        signed = headers(secrets_of(webhook, now), delivery.number, now, said)
        check_address(webhook.url)
        return outcome_of(door.send("POST", webhook.url, headers=signed, content=said).status)
    except NetworkError as error:
        return outcome_of(error.status, error.retry_at) if error.status else silence(error.sentence)
    except (ForbiddenAddress, Unreadable) as error:
        return Outcome(None, error.sentence)


def secrets_of(webhook: Webhook, now: datetime) -> list[str]:
    """The secrets that sign now, the new one first. Raises Unreadable; an old one that no key opens signs no more."""
    found = [unseal(webhook.secret)["secret"]]
    if webhook.two_secrets(now):
        with suppress(Unreadable):
            found.append(unseal(webhook.old_secret)["secret"])
    return found


@transaction.atomic
def _delivered(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    """The webhook first, as everybody who changes both does: else two of them could wait for each other."""
    Webhook.objects.filter(pk=delivery.webhook_id).update(failures=0, failing_since=None, delivered_at=now)
    mine = Delivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts)
    mine.update(state=State.DELIVERED, status=outcome.status, sentence="")


@transaction.atomic
def _failed(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    """Try again later, or give up; and let the webhook rest."""
    webhook = Webhook.objects.select_for_update(no_key=True).get(pk=delivery.webhook_id)
    asked = min(outcome.retry_at or now, now + WAITS[-1])
    next_at = max(delivery.next_at, asked)
    late = next_at > max(delivery.queued_at, webhook.failing_since or now) + PATIENCE
    over = delivery.event == TEST or outcome.status == 410 or late or delivery.attempts >= MOST_TRIES
    state = State.FAILED if over else State.WAITING
    mine = Delivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts, state=State.WAITING)
    mine.update(state=state, status=outcome.status, sentence=outcome.sentence, next_at=next_at)
    webhook.failures, webhook.failing_since = webhook.failures + 1, webhook.failing_since or now
    webhook.rest_until = max(asked, now + min(SHORTEST_REST * 2 ** min(webhook.failures - 1, 10), LONGEST_REST))
    webhook.save(update_fields=["failures", "failing_since", "rest_until"])
    if outcome.status == 410:
        _off(webhook, GONE)
    elif over and delivery.event != TEST:
        _off_if_dead(webhook, now)


def _off_if_dead(webhook: Webhook, now: datetime) -> None:
    if webhook.failing_since and webhook.failing_since < now - FAILING:
        _off(webhook, DEAD)


def _off(webhook: Webhook, reason: str) -> None:
    """Once, with an entry in the audit log; the admins are told by mail (dashboard.notices)."""
    if webhook.switch(False, reason):
        told = {"verb": "switched off webhook", "target": webhook.name, "detail": {"reason": reason}}
        AuditEntry.objects.create(brand_id=webhook.brand_id, **told)
