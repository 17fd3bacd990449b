"""`recount`: prove that the tally equals the mentions, or count again."""

import csv
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from listening.models.tally import fold_tally, rebuild_tally, tally_differences
from listening.models.theme_tally import fold_themes, rebuild_themes, theme_differences


class Command(BaseCommand):
    help = (
        "Count all mentions again and repair the tally. With --check only compare: exit status 0 when every cell is "
        "right, 1 with the differing cells otherwise."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare and change nothing")
        parser.add_argument("--format", choices=("text", "json", "csv"), default="text", help="how cells are printed")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            differences = [*tally_differences(), *theme_differences()]
            self._print(differences, options["format"])
            if not options["check"]:
                rebuild_tally()
                rebuild_themes()
        if not options["check"]:
            fold_tally()
            fold_themes()
            self.stderr.write(f"{len(differences)} cells were wrong; the tally has been counted again.")
        elif differences:
            self.stderr.write(f"{len(differences)} cells differ. Run `manage.py recount` to repair them.")
            raise SystemExit(1)
        else:
            self.stderr.write("The tally equals the mentions.")

    def _print(self, cells: list[dict[str, object]], form: str) -> None:
        if form == "json":
            self.stdout.write(json.dumps(cells, default=str))
        elif form == "csv" and cells:
            writer = csv.DictWriter(self.stdout, list(cells[0]))
            writer.writeheader()
            writer.writerows(cells)
        elif form == "text":
            for cell in cells:
                self.stdout.write(", ".join(f"{name} {value}" for name, value in cell.items()))
