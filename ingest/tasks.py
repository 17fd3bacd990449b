"""Doorbells: ids in, load, one call, done. Work never imports this file."""

from datetime import timedelta
from functools import partial

from celery import shared_task
from django.db import transaction

from ingest import forget, importing_job, sweep
from ingest.learning import offer
from ingest.pull import clock, pull as pull_source
from ingest.retry import retry as retry_post
from ingest.sources import load
from listening.models import Brand, Source

RUNG = timedelta(seconds=60)
"""How long a bell that was rung is left alone; it also expires then, so that queues stay short."""


def ring(source: Source) -> None:
    """Queue a pull of this source after the commit, on its network's own queue."""
    queue = f"stream.{source.kind}" if load(source.kind).stream else f"pull.{source.kind}"
    send = partial(pull.apply_async, [source.pk], queue=queue, expires=RUNG.total_seconds())
    transaction.on_commit(send)


@shared_task(ignore_result=True)
def pull_due() -> None:
    """Ring for every source that is due; a conditional UPDATE keeps two beats from ringing twice."""
    now = clock()
    for source in Source.objects.due(now):
        if Source.objects.due(now).filter(pk=source.pk).update(next_pull_at=now + RUNG):
            ring(source)


@shared_task(ignore_result=True)
def pull(source_id: int) -> None:
    done = pull_source(source_id)
    source = Source.objects.get(pk=source_id)
    if done and source.state == Source.State.ON and source.next_pull_at <= clock():
        ring(source)


@shared_task(ignore_result=True)
def sweep_due() -> None:
    sweep.sweep_due(clock())


@shared_task(ignore_result=True)
def forget_expired() -> None:
    forget.expire(clock())


@shared_task(ignore_result=True)
def import_upload(upload_id: int) -> None:
    if not importing_job.run(upload_id):
        import_upload.delay(upload_id)


@shared_task(ignore_result=True)
def retry(quarantine_id: int) -> None:
    retry_post(quarantine_id)


@shared_task(ignore_result=True)
def learn(brand_id: int) -> None:
    offer.learn(Brand.objects.get(pk=brand_id))
