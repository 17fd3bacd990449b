"""manage.py configure: brands, queries, sources and members from a JSON file."""

import json
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ingest.configuration import Misconfigured, apply, read


class Command(BaseCommand):
    help = (
        "Apply a configuration (docs/configuring.md): brands with handles, queries, members, why they may be listened "
        "for, rules for cases, the line and webhooks; and sources. "
        "All or nothing; running it again changes nothing. Secrets come from the environment."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="JSON document, - for standard input")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
        parser.add_argument(
            "--prune",
            action="store_true",
            help="remove queries, handles, members, rules and webhooks that the file's lists leave out",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            spec = read(_document(options["file"]), os.environ)
            changes = apply(spec, timezone.now(), prune=options["prune"], dry_run=options["dry_run"])
        except Misconfigured as error:
            raise CommandError(f"{options['file']}: {error} Nothing was changed.") from error
        for change in changes:
            self.stdout.write(f"would have {change}" if options["dry_run"] else str(change))
        if not changes:
            self.stdout.write("nothing to change")


def _document(name: str) -> Any:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        return json.loads(text)
    except OSError as error:
        raise CommandError(f"{name} can't be read: {error.strerror}.") from error
    except ValueError as error:
        raise CommandError(f"{name} is not JSON: {error}.") from error
