"""The product's own Celery app with shorter waits, and a place where the worker dies: `EARSHOT_CRASH=step:count`.

Only what makes a run last seconds instead of minutes differs from production: leases, rings and the tick.
"""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery.signals import worker_process_init

from listening.celery import app

__all__ = ["app"]

app.conf.beat_schedule = {
    "pull": {"task": "ingest.tasks.pull_due", "schedule": 1.0, "options": {"expires": 1.0}},
    "fold": {"task": "listening.tasks.fold_tally", "schedule": 2.0, "options": {"expires": 2.0}},
}


@worker_process_init.connect
def shorten(**_: Any) -> None:
    """In each pool process, when Django is ready."""
    from ingest import lease, pull, tasks

    lease.LENGTH = timedelta(seconds=3)
    pull.STREAM_BUDGET = timedelta(seconds=4)
    tasks.RUNG = timedelta(seconds=3)
    crash_at(os.environ.get("EARSHOT_CRASH", ""))


def crash_at(where: str) -> None:
    """Die by SIGKILL at the nth time that a step of the pipeline begins."""
    from ingest import forget, lease, live, pipeline, quarantine, store

    steps = {
        "clean": (pipeline, "_clean_all"),
        "match": (pipeline, "_match_all"),
        "opt-out": (pipeline, "_without_opted_out"),
        "enrich": (pipeline, "_enrich_all"),
        "lease": (lease, "renew"),
        "store": (store, "write"),
        "forget": (forget, "follow"),
        "cursor": (quarantine, "set_aside"),  # the last step before the cursor is written
        "told": (live, "tell"),  # the first step after the commit
    }
    if not where:
        return
    step, _, count = where.partition(":")
    module, name = steps[step]
    setattr(module, name, _dying(getattr(module, name), int(count)))


def _dying(function: Callable[..., Any], count: int) -> Callable[..., Any]:
    left = [count]

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        left[0] -= 1
        if left[0] <= 0 and not os.path.exists(os.environ["EARSHOT_CRASHED"]):
            with open(os.environ["EARSHOT_CRASHED"], "w", encoding="ascii"):
                os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)

    return wrapped
