"""`manage.py up`: start all of Earshot on this machine and keep it running."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Start Postgres, Valkey, web, workers and beat under one supervisor; Ctrl-C stops them all."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the settings by having read them, then become the supervisor, which needs no Django."""
        os.environ.update(EARSHOT_DATA=str(settings.DATA_DIR), PORT=str(settings.PORT))
        os.chdir(settings.BASE_DIR)
        self.stdout.write("Starting Earshot ...")
        self.stdout.flush()
        os.execv(sys.executable, [sys.executable, "-m", "listening.supervise"])  # noqa: S606 our own program
