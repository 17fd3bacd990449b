"""`rescore`: read a brand's stored mentions again."""

import math
import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ingest import rescore
from ingest.enrich import sentiment
from ingest.pull import clock
from listening import engines
from listening.models import Brand, Rescore
from listening.models.tally import fold_tally
from listening.rescoring import begin

WAIT = 1.0


class Command(BaseCommand):
    help = (
        "Read a brand's stored mentions again, sentiment and complaint, with the engine that it chose; what people "
        "corrected stays. With --engine the brand chooses that engine from now on. Goes on where a former run was "
        "stopped. Exit status 0: all are read, 1: it was cancelled or failed, 2: there is no such brand."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--brand", required=True, metavar="SLUG", help="whose mentions")
        parser.add_argument("--engine", choices=tuple(sentiment.ENGINES), help="choose this engine for the brand")

    def handle(self, *args: Any, **options: Any) -> None:
        brand = self._brand(options["brand"])
        if options["engine"]:
            brand.engine = options["engine"]
            brand.save(update_fields=["engine"])
        row = begin(brand, engines.chosen(brand), None, clock())
        while row.state == Rescore.State.RUNNING:
            rescore.run(row.pk, seconds=math.inf, tell=self._tell if sys.stderr.isatty() else None)
            row.refresh_from_db()
            if row.state == Rescore.State.RUNNING:  # a worker has it in its hands
                self._tell(row)
                time.sleep(WAIT)
        self._end(row)

    def _brand(self, slug: str) -> Brand:
        brand = Brand.objects.filter(slug=slug).first()
        if brand is None:
            known = ", ".join(Brand.objects.values_list("slug", flat=True)[:20]) or "none yet"
            raise CommandError(f"There is no brand {slug!r}. Brands: {known}.", returncode=2)
        return brand

    def _tell(self, row: Rescore) -> None:
        self.stderr.write(f"\r{row.done:,} of {row.total:,}", ending="")

    def _end(self, row: Rescore) -> None:
        fold_tally()
        if row.state != Rescore.State.DONE:
            raise CommandError(f"{row.get_state_display()}: {row.sentence}", returncode=1)
        rate = f", {row.changed / row.seconds:,.0f} a second" if row.seconds else ""
        self.stdout.write(f"{row.done:,} mentions looked at, {row.changed:,} read again with {row.to_version}{rate}.")
