"""Webhooks: what an admin does with them; every change is in the audit log, with the host alone of the address."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from dashboard import audit, bells
from dashboard.taken import once
from listening.models import Brand, Delivery, User, Webhook
from listening.models.webhook import MOVED, SECRET
from listening.webhooks.address import host_of
from listening.webhooks.events import TEST
from listening.webhooks.signing import new_secret

State = Delivery.State
NAME = "webhook_name_once_per_brand"


def taken(brand: Brand, name: str) -> str:
    return f"{brand.name} already has a webhook named “{name}”: choose another name."


@transaction.atomic
def make(brand: Brand, values: Mapping[str, Any], user: User, now: datetime) -> Webhook:
    """A new one with a secret of its own; `values` are name, url and events. Raises Taken."""
    webhook = Webhook(brand=brand, **values)
    webhook.take_secret(new_secret(), now)
    with once(NAME, taken(brand, webhook.name)):
        webhook.save()
    audit.note(user, "made webhook", brand, webhook.name, host=host_of(webhook.url), events=webhook.events)
    return webhook


@transaction.atomic
def change(webhook: Webhook, values: Mapping[str, Any], user: User) -> bool:
    """Change what differs. A new address is tried at once, with all that waits. False where nothing differs.
    Raises Taken."""
    given = {name: value for name, value in values.items() if getattr(webhook, name) != value}
    if not given:
        return False
    with once(NAME, taken(webhook.brand, values["name"])):
        Webhook.objects.filter(pk=webhook.pk).update(**given, **(MOVED if "url" in given else {}))
    told = {("host" if k == "url" else k): (host_of(v) if k == "url" else v) for k, v in given.items()}
    audit.note(user, "changed webhook", webhook.brand, webhook.name, **told)
    return True


@transaction.atomic
def switch(webhook: Webhook, on: bool, user: User) -> None:
    """Off: nothing is told any more, and what waits is kept as failed. On: from now on."""
    if webhook.switch(on):
        audit.note(user, f"switched {'on' if on else 'off'} webhook", webhook.brand, webhook.name)


@transaction.atomic
def rotate(webhook: Webhook, user: User, now: datetime) -> None:
    """A new secret; the old one signs too for a day."""
    row = Webhook.objects.select_for_update(no_key=True).get(pk=webhook.pk)
    row.take_secret(new_secret(), now)
    row.save(update_fields=SECRET)
    audit.note(user, "made new secret of webhook", webhook.brand, webhook.name)


@transaction.atomic
def stop_old(webhook: Webhook, user: User) -> None:
    """The replaced secret signs no more, before its day is over."""
    if Webhook.objects.filter(pk=webhook.pk).exclude(old_secret="").update(old_secret="", old_until=None):
        audit.note(user, "stopped old secret of webhook", webhook.brand, webhook.name)


@transaction.atomic
def remove(webhook: Webhook, user: User) -> None:
    """The row first, then its messages: as a worker that notes what came of one, so that none waits for the other."""
    Webhook.objects.select_for_update().get(pk=webhook.pk)
    webhook.delete()
    audit.note(user, "deleted webhook", webhook.brand, webhook.name)


@transaction.atomic
def test(webhook: Webhook, user: User, now: datetime) -> Delivery:
    """A message that says nothing, at once, by the way of all others; also while the webhook is off."""
    at_once = {"happened_at": now, "queued_at": now, "next_at": now}
    made = Delivery.objects.create(webhook=webhook, key=f"{TEST}:{uuid.uuid4()}", event=TEST, **at_once)
    audit.note(user, "tested webhook", webhook.brand, webhook.name)
    _at_once(webhook)
    return made


@transaction.atomic
def again(webhook: Webhook, user: User, now: datetime, pk: int | None = None) -> int:
    """Send once more what failed, or one message whatever became of it; each keeps its id. Returns how many."""
    Webhook.objects.select_for_update(no_key=True).get(pk=webhook.pk)
    chosen = webhook.deliveries.exclude(state=State.WAITING)
    chosen = chosen.filter(state=State.FAILED).exclude(event=TEST) if pk is None else chosen.filter(pk=pk)
    n = chosen.update(state=State.WAITING, attempts=0, queued_at=now, next_at=now, sentence="")
    if n:
        audit.note(user, "sent webhook messages again", webhook.brand, webhook.name, messages=n)
        _at_once(webhook)
    return n


def _at_once(webhook: Webhook) -> None:
    Webhook.objects.filter(pk=webhook.pk).update(rest_until=None)
    bells.send_webhook(webhook.pk)
