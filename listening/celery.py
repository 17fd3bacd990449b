"""The Celery app, and the table of what runs when.

Beat only rings; whether something is due, and for whom, is decided in the database.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "listening.settings")

app = Celery("earshot")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.imports = ("listening.tasks", "ingest.tasks", "dashboard.tasks")

SECOND, MINUTE, HOUR = 1.0, 60.0, 3600.0

#                name                  task                               every          queue
TABLE = (
    ("heartbeat", "listening.tasks.heartbeat", 30 * SECOND, "celery"),
    ("pull what is due", "ingest.tasks.pull_due", 5 * SECOND, "celery"),
    ("fold the tally", "listening.tasks.fold_tally", 1 * MINUTE, "celery"),
    ("follow deletions", "ingest.tasks.sweep", 10 * MINUTE, "pull"),
    ("forget what is too old", "ingest.tasks.forget_expired", 1 * HOUR, "celery"),
    ("prepare digests", "dashboard.tasks.prepare_digests", 5 * MINUTE, "mail"),
    ("send digests", "dashboard.tasks.send_digests", 1 * MINUTE, "mail"),
)

app.conf.beat_schedule = {
    # `expires`: a bell that nobody heard in time is not rung twice (a queue stays as short as the table).
    name: {"task": task, "schedule": every, "options": {"queue": queue, "expires": every}}
    for name, task, every, queue in TABLE
}
app.conf.task_routes = {
    "ingest.tasks.pull_stream": {"queue": "stream"},
    "ingest.tasks.pull": {"queue": "pull"},
    "dashboard.tasks.*": {"queue": "mail"},
}
