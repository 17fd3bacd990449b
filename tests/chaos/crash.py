"""Where the worker dies, `EARSHOT_CRASH=step:count`, and the shorter waits that make a run last seconds.

Celery imports this in the worker, when Django is ready; nothing else differs from production.
"""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from ingest import forget, lease, live, pipeline, pull, quarantine, store, tasks

STEPS = {
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


def dying(function: Callable[..., Any], count: int) -> Callable[..., Any]:
    """The function, with SIGKILL to this process at its nth call; once per run, however many processes there are."""
    left = [count]

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        left[0] -= 1
        if left[0] <= 0 and not os.path.exists(os.environ["EARSHOT_CRASHED"]):
            with open(os.environ["EARSHOT_CRASHED"], "w", encoding="ascii"):
                os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)

    return wrapped


lease.LENGTH = tasks.RUNG = timedelta(seconds=3)
pull.STREAM_BUDGET = timedelta(seconds=4)
if where := os.environ.get("EARSHOT_CRASH"):
    step, _, count = where.partition(":")
    module, name = STEPS[step]
    setattr(module, name, dying(getattr(module, name), int(count)))
