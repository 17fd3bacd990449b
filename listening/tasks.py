"""Doorbells of the ground: a heartbeat that proves a worker finishes tasks, and the tally's housekeeping."""

from celery import shared_task

from listening.health import beat
from listening.models.tally import fold_tally as fold
from listening.models.theme_tally import fold_themes


@shared_task(ignore_result=True)
def heartbeat() -> None:
    beat()


@shared_task(ignore_result=True)
def fold_tally() -> None:
    fold()
    fold_themes()
