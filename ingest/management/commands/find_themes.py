"""`find_themes`: what would be found in a brand's mentions, as JSON; with --save it is found and sorted for real."""

from dataclasses import asdict
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ingest.pull import clock
from ingest.themes.assign import assign
from ingest.themes.corpus import names, parts
from ingest.themes.finding import Findings, find
from ingest.themes.rebuild import rebuild
from listening.models import Brand


class Command(BaseCommand):
    help = (
        "Print the themes that would be found in a brand's mentions of the last 28 days, as one JSON object. Nothing "
        "is written. With --save they become the brand's themes at once, and its mentions are sorted into them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--brand", required=True, metavar="SLUG", help="the brand's slug, as in its address")
        parser.add_argument("--save", action="store_true", help="write the themes and sort the mentions")

    def handle(self, *args: Any, **options: Any) -> None:
        brand = Brand.objects.filter(slug=options["brand"]).first()
        if brand is None:
            known = ", ".join(Brand.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no brand {options['brand']}. Brands: {known}.", returncode=2)
        found = rebuild(brand, clock()) if options["save"] else _find(brand)
        self.stdout.write(orjson.dumps(_told(brand, found), option=orjson.OPT_INDENT_2).decode())
        if options["save"]:
            self.stderr.write(f"{assign(brand, clock()):,} mentions sorted.")


def _find(brand: Brand) -> Findings:
    read = parts(brand, clock())
    return find(read.ours, read.past, read.others, names(brand))


def _told(brand: Brand, found: Findings) -> dict[str, Any]:
    ungrouped = 1 - found.grouped / found.posts if found.posts else None
    return {"brand": brand.slug, "posts": found.posts, "ungrouped_share": ungrouped} | {
        "themes": [asdict(theme) for theme in found.themes]
    }
