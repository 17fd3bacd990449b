"""Doorbells: ids in, load, one call, done. Work never imports this file."""

from datetime import timedelta
from functools import partial

from celery import shared_task
from django.db import transaction

from ingest import announcing, declared, forget, importing_job, refinding, replying, rescore, stepping_out, sweep
from ingest.learning import offer
from ingest.pull import clock, pull as pull_source
from ingest.retry import retry as retry_post
from ingest.sources import load
from ingest.themes.assign import assign_due
from ingest.themes.rebuild import rebuild_due
from listening.models import Brand, Rescore, Source

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
    """Ring for every source whose stored posts are to be looked up again; who comes first takes the lease."""
    for source in sweep.due(clock()):
        ring_sweep(source)


def ring_sweep(source: Source) -> None:
    queue = "celery" if load(source.kind).stream else f"pull.{source.kind}"
    sweep_source.apply_async([source.pk], queue=queue, expires=RUNG.total_seconds())


@shared_task(ignore_result=True)
def sweep_source(source_id: int) -> None:
    if not sweep.run(source_id, clock):
        ring_sweep(Source.objects.get(pk=source_id))


@shared_task(ignore_result=True)
def forget_expired() -> None:
    forget.expire(clock())


@shared_task(ignore_result=True)
def ask_what_was_declared() -> None:
    declared.ask(clock())


@shared_task(ignore_result=True)
def refind() -> None:
    refinding.refind()


@shared_task(ignore_result=True)
def import_upload(upload_id: int) -> None:
    if not importing_job.run(upload_id):
        import_upload.delay(upload_id)


@shared_task(ignore_result=True)
def retry(quarantine_id: int) -> None:
    retry_post(quarantine_id)


@shared_task(ignore_result=True)
def rescore_due() -> None:
    """Ring for every rescore that nobody works on: one that was just begun, or whose worker died."""
    for rescore_id in Rescore.objects.due(clock()).values_list("pk", flat=True):
        read_again.apply_async([rescore_id], expires=RUNG.total_seconds())


@shared_task(ignore_result=True)
def read_again(rescore_id: int) -> None:
    if not rescore.run(rescore_id):
        read_again.delay(rescore_id)


@shared_task(ignore_result=True)
def send_replies() -> None:
    """Ring for every answer that is due: one that waited for its network, or whose worker died."""
    for reply_id in replying.due(clock()):
        send_reply.apply_async([reply_id], expires=RUNG.total_seconds())


@shared_task(ignore_result=True)
def send_reply(reply_id: int) -> None:
    replying.send(reply_id)


@shared_task(ignore_result=True)
def announce() -> None:
    """Ring for every webhook that something waits for; who comes first holds it."""
    announcing.give_up(clock())
    for webhook_id in announcing.due(clock()):
        send_webhook.apply_async([webhook_id], expires=RUNG.total_seconds())


@shared_task(ignore_result=True)
def send_webhook(webhook_id: int) -> None:
    if announcing.drain(webhook_id):
        send_webhook.apply_async([webhook_id], expires=RUNG.total_seconds())


@shared_task(ignore_result=True)
def settle_opt_outs() -> None:
    stepping_out.settle_all(clock())


@shared_task(ignore_result=True)
def check_opt_out(request_id: int) -> None:
    stepping_out.check(request_id, clock())


@shared_task(ignore_result=True)
def find_themes() -> None:
    if rebuild_due(clock()):
        sort_into_themes.delay()


@shared_task(ignore_result=True)
def sort_into_themes() -> None:
    assign_due(clock())


@shared_task(ignore_result=True)
def learn(brand_id: int) -> None:
    offer.learn(Brand.objects.get(pk=brand_id))
