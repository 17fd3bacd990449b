"""Webhooks as their pages show them: is each well, what waits, and what was sent lately."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from dashboard.reports.health import Verdict, span
from listening.models import Brand, Delivery, Webhook
from listening.webhooks.address import host_of
from listening.webhooks.events import EVENTS, TEST

State = Delivery.State
SHOWN = 50
TODO = "Its log says why. It is tried again by itself, and switched off when nothing arrives for three days."
WATCHED = timedelta(minutes=2)
"""How long a page follows a message that is new or was sent again; later tries are further apart."""


@dataclass(frozen=True, slots=True)
class Health:
    """`waiting` and `failed` count messages of the days that the log is kept; `again` are failed ones without tests."""

    webhook: Webhook
    host: str
    verdict: Verdict
    waiting: int
    failed: int
    again: int

    @property
    def events(self) -> list[str]:
        """What it hears of, in the order of the catalogue."""
        return [one.label for one in EVENTS.values() if one.type in self.webhook.events]


@dataclass(frozen=True, slots=True)
class Log:
    """The newest messages of one state, or of all; `more` when older ones are not shown."""

    rows: list[Delivery]
    more: bool
    watch: bool


def judge(webhook: Webhook, now: datetime) -> Verdict:
    """The verdict of one webhook from its row. Pure."""
    if not webhook.active and webhook.off_reason:
        todo = "Mend the receiver, send a test, then switch it on and send again what failed."
        return Verdict("danger", "Switched off", f"{webhook.off_reason} Earshot switched it off.", todo)
    if not webhook.active:
        return Verdict("plain", "Off", "It was switched off by hand. Nothing is kept for it meanwhile.")
    if webhook.failing_since:
        return Verdict("danger", "Failing", _failures(webhook, now - webhook.failing_since), TODO)
    if webhook.delivered_at is None:
        return Verdict("waiting", "Nothing sent yet", "Send a test to see whether it arrives.")
    return Verdict("good", "Working", f"The last message arrived {span(now - webhook.delivered_at)} ago.")


def _failures(webhook: Webhook, since: timedelta) -> str:
    if webhook.failures == 1:
        return f"The last try failed, {span(since)} ago."
    return f"The last {webhook.failures:,} tries failed, the first of them {span(since)} ago."


def health_of(webhooks: Iterable[Webhook], now: datetime) -> list[Health]:
    """One Health a webhook, in their order."""
    rows = list(webhooks)
    counted = Delivery.objects.filter(webhook__in=rows).order_by().values("webhook")
    counts = {
        one["webhook"]: (one["waiting"], one["failed"], one["again"])
        for one in counted.annotate(
            waiting=Count("pk", filter=Q(state=State.WAITING)),
            failed=Count("pk", filter=Q(state=State.FAILED)),
            again=Count("pk", filter=Q(state=State.FAILED) & ~Q(event=TEST)),
        )
    }
    return [Health(row, host_of(row.url), judge(row, now), *counts.get(row.pk, (0, 0, 0))) for row in rows]


def log_of(webhook: Webhook, state: str, now: datetime) -> Log:
    """What was sent and what waits, the newest first."""
    rows = webhook.deliveries.select_related("webhook__brand")
    found = list((rows.filter(state=state) if state in State.values else rows)[: SHOWN + 1])
    young = webhook.deliveries.filter(state=State.WAITING, queued_at__gt=now - WATCHED)
    return Log(found[:SHOWN], len(found) > SHOWN, young.exists())


def stopped(brand: Brand) -> list[Webhook]:
    """Those that Earshot has switched off by itself."""
    return list(brand.webhooks.filter(active=False).exclude(off_reason=""))
