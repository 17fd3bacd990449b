"""`judge_spikes`: judge completed hours for spikes now, or the whole past again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from dashboard.spikes.judging import judge
from listening.models import Brand


class Command(BaseCommand):
    help = (
        "Judge every completed hour that was not judged yet, as the workers do every minute. With --again forget "
        "what was found and judge all hours from the first one: after importing a past, or after a rescore."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--brand", metavar="SLUG", help="only this brand")
        parser.add_argument("--again", action="store_true", help="start over from the first hour")

    def handle(self, *, brand: str | None, again: bool, **options: Any) -> None:
        brands = list(Brand.objects.filter(slug=brand) if brand else Brand.objects.order_by("name"))
        if brand and not brands:
            known = ", ".join(Brand.objects.values_list("slug", flat=True)[:20]) or "none yet"
            raise CommandError(f"There is no brand {brand!r}. Brands: {known}.", returncode=2)
        now = timezone.now()
        for one in brands:
            hours = judge(one, now, again)
            self.stdout.write(f"{one.slug}: {hours} hours judged, {one.spikes.count()} spikes known")
