"""The product's own Celery app, with a quicker tick and `tests.chaos.crash` loaded into its workers."""

from listening.celery import app

__all__ = ["app"]

app.conf.imports = (*app.conf.imports, "tests.chaos.crash")
app.conf.beat_schedule = {
    "pull": {"task": "ingest.tasks.pull_due", "schedule": 1.0, "options": {"expires": 1.0}},
    "fold": {"task": "listening.tasks.fold_tally", "schedule": 2.0, "options": {"expires": 2.0}},
}
