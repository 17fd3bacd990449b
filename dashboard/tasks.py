"""Doorbells of the dashboard: digests, notices to admins, spikes, improvements and cases."""

from celery import shared_task

from dashboard import measuring, notices
from dashboard.cases import opening_by_itself, snoozing
from dashboard.digests import ledger, sending
from dashboard.spikes import judging


@shared_task(ignore_result=True)
def prepare_digests() -> None:
    ledger.prepare(sending.clock())


@shared_task(ignore_result=True)
def send_digests() -> None:
    sending.send_due()


@shared_task(ignore_result=True)
def tell_of_broken_sources() -> None:
    notices.tell_of_broken_sources(sending.clock())


@shared_task(ignore_result=True)
def tell_of_stopped_webhooks() -> None:
    notices.tell_of_stopped_webhooks(sending.clock())


@shared_task(ignore_result=True)
def judge_spikes() -> None:
    judging.judge_all(sending.clock())


@shared_task(ignore_result=True)
def measure_improvements() -> None:
    measuring.settle_all(sending.clock())


@shared_task(ignore_result=True)
def open_cases() -> None:
    opening_by_itself.open_due(sending.clock())


@shared_task(ignore_result=True)
def wake_cases() -> None:
    snoozing.wake(sending.clock())
