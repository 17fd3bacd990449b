"""Doorbells of the dashboard: digests, notices to admins, spikes, and cases that come back."""

from celery import shared_task

from dashboard import notices
from dashboard.cases import snoozing
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
def judge_spikes() -> None:
    judging.judge_all(sending.clock())


@shared_task(ignore_result=True)
def wake_cases() -> None:
    snoozing.wake(sending.clock())
