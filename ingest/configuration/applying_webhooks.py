"""Apply what a document says about a brand's webhooks; no secret in what is printed, and none in the audit log."""

from collections.abc import Iterator
from datetime import datetime

from ingest.configuration.change import Change
from ingest.configuration.shape import Misconfigured, WebhookSpec
from listening.models import Brand, Webhook
from listening.models.webhook import MOVED, SECRET
from listening.secrets import Unreadable, unseal
from listening.webhooks.signing import new_secret

NOBODY_KNOWS = "with a secret that nobody has seen: make a new one on its page, or name a variable that holds it"


def apply_webhooks(brand: Brand, told: tuple[WebhookSpec, ...] | None, now: datetime, prune: bool) -> Iterator[Change]:
    """What a new one needs is an address and events; another secret signs beside the former one for a day."""
    if told is None:
        return
    for one in told:
        row = Webhook.objects.filter(brand=brand, name=one.name).first()
        yield from _change(row, one, f"webhook {brand.slug}/{one.name}", now) if row else _add(brand, one, now)
    left_out = brand.webhooks.exclude(name__in=[one.name for one in told])
    for row in left_out if prune else ():
        row.delete()
        yield Change("removed", f"webhook {brand.slug}/{row.name}")


def _add(brand: Brand, told: WebhookSpec, now: datetime) -> Iterator[Change]:
    for name in ("url", "events"):
        if name not in told.values:
            raise Misconfigured(told.path, f"“{name}” is missing, and there is no such webhook yet.")
    if told.variable and not told.secret:
        raise Misconfigured(f"{told.path}.secret", f"the environment variable {told.variable} is not set.")
    row = Webhook(brand=brand, name=told.name, **told.values)
    row.take_secret(told.secret or new_secret(), now)
    row.save()
    yield Change("added", f"webhook {brand.slug}/{told.name}", "" if told.secret else NOBODY_KNOWS)


def _change(row: Webhook, told: WebhookSpec, target: str, now: datetime) -> Iterator[Change]:
    """An address may hold a secret of the receiver, so that changes name columns only."""
    given = {name: value for name, value in told.values.items() if getattr(row, name) != value}
    columns = {name: value for name, value in given.items() if name != "active"}
    if columns:
        Webhook.objects.filter(pk=row.pk).update(**columns, **(MOVED if "url" in columns else {}))
    if "active" in given:
        row.switch(given["active"])
    if given:
        yield Change("changed", target, ", ".join(given))
    if told.secret and told.secret != _stored(row):
        row.take_secret(told.secret, now)
        row.save(update_fields=SECRET)
        yield Change("changed", target, "secret")


def _stored(row: Webhook) -> str:
    try:
        return unseal(row.secret)["secret"]
    except Unreadable:
        return ""
