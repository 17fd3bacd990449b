"""`sample`: create the sample market and pull its history through the same pipeline as any source."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from ingest.opt_out import opt_out
from ingest.pull import clock, pull
from ingest.sources.sample import MARKET, SampleBrand
from listening.interest import DRAFT, adopt, may_collect
from listening.models import Brand, CaseRule, CaseRules, Handle, Pull, Query, Source

KIND = "sample"


class Command(BaseCommand):
    help = (
        "Create the sample market: a fictional brand and its competitors with 90 days of history, labelled as sample "
        "everywhere. It goes on as time passes. Doing it again changes nothing. Remove it with the button in the app."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-pull", action="store_true", help="leave the first pull to the workers")

    def handle(self, *args: Any, **options: Any) -> None:
        source = self._create()
        if options["no_pull"]:
            return
        while True:
            log = pull(source.pk)
            if log is None:
                self.stderr.write("  a worker is pulling the sample market already")
                return
            if log.outcome == Pull.Outcome.FAILED:
                raise CommandError(f"The sample market could not be read: {log.sentence}")
            self.stderr.write(f"  {log.sentence}")
            source.refresh_from_db()
            if source.next_pull_at > clock():
                return

    @transaction.atomic
    def _create(self) -> Source:
        now = clock()
        brands = [_brand(told) for told in MARKET.brands]
        for brand in brands:
            brand.rivals.set(other for other in brands if other is not brand)
        source = Source.objects.filter(kind=KIND).first()
        source = source or Source.objects.create(
            kind=KIND, name=MARKET.label, next_pull_at=now, settings={"opened": now.date().isoformat()}
        )
        source.brands.set(brands)
        opt_out(*MARKET.opted_out, "part of the sample market", now)
        return source


def _brand(told: SampleBrand) -> Brand:
    brand, _ = Brand.objects.get_or_create(
        slug=told.slug,
        defaults={
            "name": told.name,
            "kind": told.kind,
            "colour": told.colour,
            "time_zone": told.timezone,
            "is_sample": True,
        },
    )
    if not may_collect(brand):
        adopt(brand, None, DRAFT, clock())
    for number, text in enumerate(told.queries, start=1):
        Query.objects.get_or_create(
            brand=brand, name="Main" if number == 1 else f"More {number}", defaults={"text": text}
        )
    for handle in told.handles:
        Handle.objects.get_or_create(
            brand=brand, network=handle.network, handle=handle.handle, defaults={"external_id": handle.id}
        )
    if told.kind == Brand.Kind.OWN:
        _rules(brand)
    return brand


def _rules(brand: Brand) -> None:
    """A service level, and what becomes a case by itself: what is pressing, and questions to the brand."""
    _, made = CaseRules.objects.get_or_create(
        brand=brand, defaults={"from_priority": 50, "days": [0, 1, 2, 3, 4], "reply_hours": 8, "seen_until": clock()}
    )
    if made:
        CaseRule.objects.create(brand=brand, name="Questions to us", kinds=["question"], tags=["question"])
