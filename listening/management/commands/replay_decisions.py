"""`replay_decisions`: every stored decision of the line, decided once more."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from listening.asking import replayed
from listening.models import LineDecision


class Command(BaseCommand):
    help = (
        "Decide every stored decision once more from its stored inputs and version of the line. Prints those that "
        "differ as JSON Lines and exits with 1 when there are any: then the rules changed under what was decided."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--brand", help="only the decisions of the brand with this slug")

    def handle(self, *args: Any, **options: Any) -> None:
        decisions = LineDecision.objects.select_related("line").order_by("pk")
        if options["brand"]:
            decisions = decisions.filter(line__brand__slug=options["brand"])
        seen = differing = 0
        for stored in decisions.iterator(chunk_size=1000):
            seen += 1
            now = replayed(stored)
            if now.verdict != stored.verdict or now.limit != stored.limit:
                differing += 1
                told = {"decision": stored.pk, "stored": stored.verdict, "replayed": now.verdict, "limit": now.limit}
                self.stdout.write(json.dumps(told))
        if differing:
            raise CommandError(f"{differing} of {seen} decisions differ.", returncode=1)
        self.stderr.write(f"All {seen} decisions are the same.")
