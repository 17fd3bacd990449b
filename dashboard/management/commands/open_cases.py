"""`open_cases`: apply the rules for cases to what was published in the last days, like the button in the settings."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from dashboard.cases.opening_by_itself import open_of_last
from listening.models import Brand


class Command(BaseCommand):
    help = (
        "Open cases by each brand's rules for what was published in the last days, imported and back-filled posts "
        "included; the workers do it by themselves for what is collected from now on. Again, it opens nothing twice."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--brand", metavar="SLUG", help="only this brand; else every brand that has rules")
        parser.add_argument("--days", type=int, default=7, help="how many days back (1 to 90)")

    def handle(self, *, brand: str | None, days: int, **options: Any) -> None:
        if not 1 <= days <= 90:
            raise CommandError("Choose between 1 and 90 days.", returncode=2)
        brands = Brand.objects.filter(case_rules__isnull=False).order_by("slug")
        found = list(brands.filter(slug=brand) if brand else brands)
        if brand and not found:
            raise CommandError(f"There is no brand {brand!r} with rules for cases.", returncode=2)
        for one in found:
            opened = open_of_last(one, timezone.now(), timedelta(days=days))
            self.stdout.write(f"{one.slug}: {opened} cases opened")
