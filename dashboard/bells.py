"""Bells of the ingest room, rung by name: the dashboard doesn't import what it starts."""

from datetime import timedelta
from functools import partial

from celery import current_app
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ingest.sources import load
from listening.models import Source

RUNG = timedelta(seconds=60)


def pull(source: Source) -> bool:
    """Queue a pull of this source after the commit; False when one is running already."""
    now = timezone.now()
    free = Source.objects.filter(pk=source.pk).filter(Q(lease_until=None) | Q(lease_until__lt=now))
    if not free.update(next_pull_at=now + RUNG):
        return False
    queue = f"stream.{source.kind}" if load(source.kind).stream else f"pull.{source.kind}"
    _ring("ingest.tasks.pull", source.pk, queue=queue, expires=RUNG.total_seconds())
    return True


def import_upload(upload_id: int) -> None:
    _ring("ingest.tasks.import_upload", upload_id)


def refind() -> None:
    """Bring stored mentions up to a brand's new rules about complaints."""
    _ring("ingest.tasks.refind", expires=RUNG.total_seconds())


def retry(quarantine_id: int) -> None:
    """Take in a post once more that was set aside."""
    _ring("ingest.tasks.retry", quarantine_id)


def read_again(rescore_id: int) -> None:
    """Go on reading a brand's mentions again."""
    _ring("ingest.tasks.read_again", rescore_id)


def check_opt_out(request_id: int) -> None:
    """Look for the code in the profile of somebody who asks to be left alone."""
    _ring("ingest.tasks.check_opt_out", request_id)


def settle_opt_outs() -> None:
    """Do what was agreed."""
    _ring("ingest.tasks.settle_opt_outs")


def send_reply(reply_id: int) -> None:
    """Send an answer that a person approved."""
    _ring("ingest.tasks.send_reply", reply_id, expires=RUNG.total_seconds())


def send_webhook(webhook_id: int) -> None:
    """Send what waits for a webhook, without waiting for the next round."""
    _ring("ingest.tasks.send_webhook", webhook_id, expires=RUNG.total_seconds())


def learn(brand_id: int) -> None:
    """Learn from the brand's labels, and offer what comes of it."""
    _ring("ingest.tasks.learn", brand_id)


def _ring(task: str, *args: int, **options: object) -> None:
    transaction.on_commit(partial(current_app.send_task, task, args, **options))
