"""manage.py adopt_interest: the record of why a brand may be listened for, for installations without a browser."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from ingest.configuration.reading_interest import read_interest
from listening.interest import DRAFT, Text, adopt, may_collect
from listening.models import AuditEntry, Brand, Interest
from listening.revise import ring_sources


class Command(BaseCommand):
    help = (
        "Adopt the record of legitimate interest (purpose, necessity, balancing) that collection waits for. --show "
        "prints the draft as JSON: read it, make it true for you, hand it back with --file. Without --file the draft "
        "is adopted as it is. A brand that has a record keeps it unless --file brings another."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--show", action="store_true", help="print the draft and adopt nothing")
        parser.add_argument("--brand", metavar="SLUG", help="the brand")
        parser.add_argument("--file", metavar="FILE.json", help='purpose, necessity and balancing; "-" reads them here')

    def handle(self, *args: Any, **options: Any) -> None:
        if options["show"]:
            self.stdout.write(json.dumps(asdict(DRAFT), indent=2, ensure_ascii=False))
            return
        brand = Brand.objects.filter(slug=options["brand"] or "").first()
        if brand is None:
            known = ", ".join(Brand.objects.order_by("slug").values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"Name a brand with --brand. Brands: {known}.")
        made = _adopted(brand, _text(options["file"]), anew=bool(options["file"]))
        if made is None:
            self.stdout.write(f"{brand.slug} has a record already; nothing was changed.")
        else:
            self.stdout.write(f"{brand.slug}: {made} adopted; collection may begin.")


@transaction.atomic
def _adopted(brand: Brand, text: Text, anew: bool) -> Interest | None:
    """The record, its entry in the audit log and the bell of the sources, all or none; None where there was one."""
    Brand.objects.select_for_update().get(pk=brand.pk)
    if may_collect(brand) and not anew:
        return None
    made = adopt(brand, None, text, timezone.now())
    AuditEntry.objects.create(
        brand=brand, verb="adopted legitimate interest", target=brand.name, detail={"version": made.version}
    )
    ring_sources(brand)
    return made


def _text(path: str | None) -> Text:
    if not path:
        return DRAFT
    try:
        return read_interest(
            json.loads(sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")), ""
        )
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} can't be read as JSON with purpose, necessity and balancing ({error}).") from error
