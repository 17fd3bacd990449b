"""System checks of settings that would go wrong silently: clocks that disagree, tasks delivered twice."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error


def clocks(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Celery and Django must tell the same time, in UTC-aware moments."""
    found: list[CheckMessage] = []
    if not settings.USE_TZ:
        found.append(Error("USE_TZ is off: moments would lose their zone and jobs run hours off.", id="earshot.E001"))
    if settings.CELERY_TIMEZONE != settings.TIME_ZONE:
        found.append(
            Error(
                f"CELERY_TIMEZONE is {settings.CELERY_TIMEZONE} and TIME_ZONE is {settings.TIME_ZONE}: "
                "the table of what runs when would be hours off. Set both to the same zone.",
                id="earshot.E002",
            )
        )
    return found


def visibility(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A task that may run longer than the broker waits for its acknowledgement is delivered again while it runs."""
    limit, timeout = settings.CELERY_TASK_TIME_LIMIT, settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    if settings.CELERY_TASK_SOFT_TIME_LIMIT < limit < timeout:
        return []
    return [
        Error(
            f"A task may run {limit} s, but the broker delivers it again after {timeout} s: "
            "set soft limit < CELERY_TASK_TIME_LIMIT < visibility_timeout.",
            id="earshot.E003",
        )
    ]
