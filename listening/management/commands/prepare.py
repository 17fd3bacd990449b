"""`manage.py prepare`: what a start needs before web and workers run; a second time it changes nothing."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from listening import environment
from listening.models import Brand, User
from listening.tasks import heartbeat

DEFAULT_ADMIN = "admin@localhost"


class Command(BaseCommand):
    help = "Bring tables and static files up to date; make the first admin and the sample brand on a first start."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        self._migrate()
        self._collect_static()
        if not User.objects.exists():
            self._sample()
            self._first_admin()  # last, for its password is told only once
        heartbeat.delay()  # so that the first worker has a task to finish at once

    def _say(self, text: str) -> None:
        self.stderr.write(f"  {text}", self.style.NOTICE)
        self.stderr.flush()

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self._say(f"creating and changing tables ({len(plan)} steps)")
            call_command("migrate", interactive=False, verbosity=0)

    def _collect_static(self) -> None:
        stamp = Path(settings.STATIC_ROOT) / ".stamp"
        fingerprint = _fingerprint()
        if not stamp.is_file() or stamp.read_text(encoding="ascii") != fingerprint:
            self._say("collecting and compressing static files")
            call_command("collectstatic", interactive=False, clear=True, verbosity=0)
            stamp.write_text(fingerprint, encoding="ascii")

    def _first_admin(self) -> None:
        """Make the first admin; tell the one-time password on stdout, where the supervisor reads it."""
        email = os.environ.get("EARSHOT_ADMIN_EMAIL") or DEFAULT_ADMIN
        chosen = os.environ.get("EARSHOT_ADMIN_PASSWORD")
        password = chosen or secrets.token_urlsafe(12)
        User.objects.create_superuser(email=email, password=password)
        told = "the password in EARSHOT_ADMIN_PASSWORD" if chosen else f"the one-time password {password} (shown once)"
        self.stdout.write(f"Sign in as {email} with {told}.")

    def _sample(self) -> None:
        if environment.flag("EARSHOT_SAMPLE", True) and "sample" in get_commands() and not Brand.objects.exists():
            self._say("pulling the posts of a sample brand")
            call_command("sample", stdout=self.stderr)
            if "open_cases" in get_commands():
                call_command("open_cases", days=2, stdout=self.stderr)


def _fingerprint() -> str:
    """A hash of every static file's name, size and time of change: two stats a file instead of copying all."""
    return hashlib.sha256("\n".join(sorted(_files())).encode()).hexdigest()


def _files() -> Iterator[str]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = os.stat(storage.path(name))
            yield f"{name} {state.st_size} {state.st_mtime_ns}"
