"""`find_spikes`: at which times of a series would an alert have been raised? Needs no database."""

import json
import sys
from argparse import RawDescriptionHelpFormatter
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from listening.opened import opened
from listening.spikes.detector import LEARN_BUCKETS, LEARN_LEAST_DAYS
from listening.spikes.judging import alerts
from listening.spikes.series import NotASeries, Series, read

HELP = """
Find spikes in a series of counts: a CSV with the columns timestamp and value, one row per bucket of any length.

Prints a JSON list of the timestamps, as written, at which an alert would be raised: one per spike, the next one only
when that run is clearly over. Each is decided by the rows up to it alone. A missing row, an empty value or "nan" is a
missing value and not zero. Rows in any order; a time that stands twice counts once. Times without a zone are read as
UTC. The first two days, or 336 buckets where that is longer, are for learning and raise nothing.

Exit status 0: all rows were read, 1: some were not (each is named on standard error, the others are judged), 2: the
file is of no use.
"""


class Command(BaseCommand):
    help = "Print the timestamps of a series at which an alert would be raised; needs no database."
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.description = HELP.strip()
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE|-", help="the CSV; - reads standard input")
        parser.add_argument(
            "--now", metavar="TIMESTAMP", type=_moment, help="do not judge a bucket that is unfinished at this moment"
        )

    def handle(self, *, file: str, now: datetime | None = None, **options: Any) -> None:
        series = _series(file)
        for sentence in (*series.notes, *series.bad):
            self.stderr.write(sentence)
        if now is not None:
            series.points = [p for p in series.points if p.moment + timedelta(seconds=series.seconds) <= now]
        found, detector = alerts(series)
        if detector is None or detector.learning:
            self.stderr.write(
                f"Too short to judge: learning takes {LEARN_LEAST_DAYS:.0f} days and {LEARN_BUCKETS} buckets, "
                f"this has {len(series.points)}."
            )
        self.stdout.write(json.dumps(found))
        if series.bad:
            self.stderr.write(f"{len(series.bad)} {'row' if len(series.bad) == 1 else 'rows'} could not be read.")
            sys.exit(1)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _series(file: str) -> Series:
    try:
        with opened(file) as lines:
            return read(lines)
    except NotASeries as error:
        raise CommandError(f"{file}: {error}", returncode=2) from error
