"""Doorbells of the dashboard: digests."""

from celery import shared_task

from dashboard.digests import ledger, sending


@shared_task(ignore_result=True)
def prepare_digests() -> None:
    ledger.prepare(sending.clock())


@shared_task(ignore_result=True)
def send_digests() -> None:
    sending.send_due()
