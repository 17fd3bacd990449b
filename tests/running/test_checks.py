"""Settings that would go wrong silently stop the start."""

import pytest
from django.test import override_settings

from listening import checks
from listening.celery import TABLE, app


def test_it_accepts_the_settings_as_they_are() -> None:
    assert checks.clocks(None) == checks.visibility(None) == []


@pytest.mark.parametrize(
    ("changed", "ids"),
    [
        ({"USE_TZ": False}, ["earshot.E001"]),
        ({"CELERY_TIMEZONE": "Asia/Shanghai"}, ["earshot.E002"]),
        ({"TIME_ZONE": "Europe/Berlin"}, ["earshot.E002"]),
    ],
)
def test_it_reports_clocks_that_disagree(changed: dict[str, object], ids: list[str]) -> None:
    with override_settings(**changed):
        assert [each.id for each in checks.clocks(None)] == ids


def test_it_reports_tasks_that_the_broker_would_deliver_twice() -> None:
    with override_settings(CELERY_TASK_TIME_LIMIT=900):
        assert [each.id for each in checks.visibility(None)] == ["earshot.E003"]


def test_it_limits_every_task_below_the_visibility_timeout() -> None:
    app.loader.import_default_modules()
    timeout = app.conf.broker_transport_options["visibility_timeout"]
    ours = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}
    limits = {name: task.time_limit or app.conf.task_time_limit for name, task in ours.items()}
    assert limits
    assert {name: limit for name, limit in limits.items() if limit >= timeout} == {}


def test_it_rings_only_for_tasks_that_exist() -> None:
    app.loader.import_default_modules()
    assert {task for _, task, _, _ in TABLE} - set(app.tasks) == set()
