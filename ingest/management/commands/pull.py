"""`pull`: pull sources now and print what happened as JSON."""

from datetime import timedelta
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ingest.pull import clock, pull as pull_source
from listening.models import Pull, Source


class Command(BaseCommand):
    help = (
        "Pull sources now, one after the other, and print one JSON line per source. Exit status 1 when a pull failed, "
        "2 when a source does not exist. A source that a worker is pulling at the moment is left to it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--source", type=int, help="only this source (its number, as in its address)")
        parser.add_argument("--due", action="store_true", help="only sources whose time has come")
        parser.add_argument("--seconds", type=float, help="time budget of each pull (default: as the workers have)")

    def handle(self, *args: Any, **options: Any) -> None:
        sources = Source.objects.exclude(state=Source.State.PAUSED)
        if options["source"]:
            sources = Source.objects.filter(pk=options["source"])
            if not sources:
                known = ", ".join(f"{s.pk} ({s.kind}: {s.name})" for s in Source.objects.all()) or "none yet"
                raise CommandError(f"There is no source {options['source']}. Sources: {known}.", returncode=2)
        elif options["due"]:
            sources = sources.due(clock())
        budget = timedelta(seconds=options["seconds"]) if options["seconds"] else None
        failed = False
        for source in sources:
            self.stderr.write(f"Pulling {source.name} ({source.kind}) ...")
            try:
                log = pull_source(source.pk, budget)
            except Exception as error:  # noted on the source's row already; the others go on
                self.stderr.write(f"{source.name}: {error!r}")
                log = source.pulls.first()
            failed |= log is not None and log.outcome == Pull.Outcome.FAILED
            self.stdout.write(orjson.dumps(_told(source, log)).decode())
        if failed:
            raise SystemExit(1)


def _told(source: Source, log: Pull | None) -> dict[str, object]:
    if log is None:
        return {
            "source": source.pk,
            "kind": source.kind,
            "outcome": "busy",
            "sentence": "Another worker is pulling it.",
        }
    return {
        "source": source.pk,
        "kind": source.kind,
        "name": source.name,
        "outcome": str(log.outcome),
        "sentence": log.sentence,
        "error": log.error_code,
        "raw": log.raw,
        "counts": log.counts,
        "started_at": log.started_at,
        "finished_at": log.finished_at,
    }
