"""manage.py export_config: the configuration as a JSON document, without secrets."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from ingest.configuration import export


class Command(BaseCommand):
    help = (
        "Write brands with handles, queries, members, why they may be listened for, rules for cases, the line and "
        "webhooks, and sources, as the JSON document that configure reads. "
        'Secrets are left out; {"env": "NAME"} stands in their place.'
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", default="-", help="file to write, - for standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        text = json.dumps(export(), ensure_ascii=False, indent=2)
        if options["output"] == "-":
            self.stdout.write(text)
        else:
            Path(options["output"]).write_text(f"{text}\n", encoding="utf-8")
