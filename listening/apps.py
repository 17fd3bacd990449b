"""The ground: tables, query language, the line, the network door, wiring."""

from django.apps import AppConfig
from django.core.checks import register

from listening import checks
from listening.celery import app as celery_app

__all__ = ["ListeningConfig", "celery_app"]  # the app is loaded wherever Django is: a bell must reach our broker


class ListeningConfig(AppConfig):
    name = "listening"
    verbose_name = "Earshot"

    def ready(self) -> None:
        register(checks.clocks)
        register(checks.visibility)
