"""The Celery app, and the table of what runs when.

Beat only rings; whether something is due, and for whom, is decided in the database.
"""

import os
from importlib import import_module

from celery import Celery
from celery.signals import worker_init
from kombu.entity import Queue

from listening.collecting import spare_what_is_loaded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "listening.settings")

ROLE = os.environ.get("EARSHOT_WORKER", "")
BELL = ROLE == "beat"  # it rings by name and needs neither a task's code nor Django's models: 50 MB less

app = Celery("earshot", fixups=[] if BELL else None)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.imports = () if BELL else ("listening.tasks", "ingest.tasks", "dashboard.tasks")

SECOND, MINUTE, HOUR = 1.0, 60.0, 3600.0

#                name                  task                               every          queue
TABLE = (
    ("heartbeat", "listening.tasks.heartbeat", 30 * SECOND, "celery"),
    ("pull what is due", "ingest.tasks.pull_due", 5 * SECOND, "celery"),
    ("send answers", "ingest.tasks.send_replies", 5 * SECOND, "celery"),
    ("write to webhooks", "ingest.tasks.announce", 5 * SECOND, "celery"),
    ("fold the tally", "listening.tasks.fold_tally", 1 * MINUTE, "celery"),
    ("bring complaints up to date", "ingest.tasks.refind", 1 * MINUTE, "celery"),
    ("follow deletions", "ingest.tasks.sweep_due", 1 * MINUTE, "celery"),
    ("go on reading mentions again", "ingest.tasks.rescore_due", 1 * MINUTE, "celery"),
    ("settle opt-outs", "ingest.tasks.settle_opt_outs", 1 * MINUTE, "celery"),
    ("ask what people declared", "ingest.tasks.ask_what_was_declared", 1 * MINUTE, "celery"),
    ("forget what is too old", "ingest.tasks.forget_expired", 1 * HOUR, "celery"),
    ("find themes", "ingest.tasks.find_themes", 1 * MINUTE, "celery"),
    ("sort into themes", "ingest.tasks.sort_into_themes", 1 * MINUTE, "celery"),
    ("wake snoozed cases", "dashboard.tasks.wake_cases", 1 * MINUTE, "celery"),
    ("judge spikes", "dashboard.tasks.judge_spikes", 1 * MINUTE, "celery"),
    ("measure improvements", "dashboard.tasks.measure_improvements", 1 * HOUR, "celery"),
    ("open cases by themselves", "dashboard.tasks.open_cases", 1 * MINUTE, "celery"),
    ("prepare digests", "dashboard.tasks.prepare_digests", 5 * MINUTE, "mail"),
    ("tell admins of broken sources", "dashboard.tasks.tell_of_broken_sources", 5 * MINUTE, "mail"),
    ("tell admins of stopped webhooks", "dashboard.tasks.tell_of_stopped_webhooks", 5 * MINUTE, "mail"),
    ("send digests", "dashboard.tasks.send_digests", 1 * MINUTE, "mail"),
)

app.conf.beat_schedule = {
    # `expires`: a bell that nobody heard in time is not rung twice (a queue stays as short as the table).
    name: {"task": task, "schedule": every, "options": {"queue": queue, "expires": every}}
    for name, task, every, queue in TABLE
}
# Rooms are named by string. Each network has its own queues, and webhooks have one, so that a slow one never stands
# before another or before the chores: a worker takes from its queues in turn. Which of them one serves is its role,
# EARSHOT_WORKER: "work" for pulls, mail, webhooks and chores, "stream" for long streams, nothing for all; a larger
# installation gives one network a worker of its own with -Q pull.x.
SOURCES = tuple(import_module("ingest.sources").CATALOGUE)
ROLES = {
    "work": ("celery", "mail", "webhooks", *(f"pull.{kind}" for kind in SOURCES)),
    "stream": tuple(f"stream.{kind}" for kind in SOURCES),
}
ROLES[""] = ROLES["beat"] = (*ROLES["work"], *ROLES["stream"])
app.conf.task_queues = [Queue(name) for name in ROLES[ROLE]]  # type: ignore[no-untyped-call]
app.conf.task_routes = {
    "dashboard.tasks.*": {"queue": "mail"},
    "ingest.tasks.import_upload": {"queue": "pull.file"},
    "ingest.tasks.send_webhook": {"queue": "webhooks"},
}


@worker_init.connect  # type: ignore[untyped-decorator]
def _settle(**_: object) -> None:
    """A worker has imported its tasks and is about to fork its processes."""
    spare_what_is_loaded()
