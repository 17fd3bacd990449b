"""`import_posts`: bring a file of posts into a brand."""

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ingest.importing import FIELDS, Plan, Unusable, guess
from ingest.importing.run import Outcome, run
from ingest.importing.times import parse_time
from ingest.pull import clock
from listening.models import Brand

BAD_ROWS, UNUSABLE = 1, 2


class Command(BaseCommand):
    help = (
        "Import posts from a CSV, TSV, JSON Lines or JSON file, or from saved pages of X's API v2. Columns are guessed "
        "and told; importing twice adds nothing. Exit status 0: all rows are in, 1: some could not be read (--errors "
        "lists them), 2: the file or the arguments are of no use."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help='the file; "-" reads standard input')
        parser.add_argument("--brand", required=True, metavar="SLUG", help="the brand that the posts belong to")
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="FIELD=COLUMN",
            help=f"say what a column holds; FIELD= means no column does. Fields: {', '.join(FIELDS)}",
        )
        parser.add_argument("--network", help='where the posts are from, such as "x" (default: guessed, else "web")')
        parser.add_argument("--where", action="append", default=[], metavar="COLUMN=VALUE", help="only such rows")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--all", action="store_true", help="every row belongs to the brand (default)")
        which.add_argument("--match", action="store_true", help="only rows that the brand's queries or accounts match")
        parser.add_argument("--encoding", help="such as utf-8 or cp1252 (default: guessed)")
        parser.add_argument("--delimiter", help=r'what parts the columns; "\t" is a tab (default: guessed)')
        parser.add_argument("--time-zone", help="for times without a zone, such as Europe/Berlin (default: UTC)")
        parser.add_argument("--day-first", choices=("yes", "no"), help="how 3/4/2026 is read (default: guessed)")
        parser.add_argument("--default-time", metavar="TIME", help="for rows without a date")
        parser.add_argument(
            "--errors", type=Path, metavar="FILE.csv", help="write the rows that were left out, with reasons"
        )
        parser.add_argument("--dry-run", action="store_true", help="read and count, store nothing")
        parser.add_argument("--json", action="store_true", help="print plan and counts as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with tempfile.TemporaryDirectory() as folder:
                outcome = self._import(_path(options["file"], Path(folder)), options)
        except Unusable as error:
            raise CommandError(error.sentence, returncode=UNUSABLE) from error
        if outcome.errors:
            raise SystemExit(BAD_ROWS)

    def _import(self, path: Path, options: dict[str, Any]) -> Outcome:
        brand = _brand(options["brand"])
        plan = _plan(path, options)
        if not options["json"]:
            self._tell_plan(plan)
        outcome = run(
            path,
            plan,
            brand,
            clock,
            match=options["match"],
            dry_run=options["dry_run"],
            errors_path=options["errors"],
            progress=self._progress,
        )
        self._tell(plan, outcome, options)
        return outcome

    def _tell_plan(self, plan: Plan) -> None:
        columns = ", ".join(f"{field} = {column}" for field, column in plan.columns.items())
        self.stderr.write(f"Reading {plan.format} ({plan.encoding}): {columns or 'posts as X gives them'}.")
        for line in (*plan.notes, *(question.sentence for question in plan.questions)):
            self.stderr.write(f"  {line}")

    def _progress(self, outcome: Outcome) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{outcome.rows:,} rows, {outcome.new:,} new", ending="")

    def _tell(self, plan: Plan, outcome: Outcome, options: dict[str, Any]) -> None:
        if sys.stderr.isatty():
            self.stderr.write("")
        if options["json"]:
            told = plan.as_json() | {"sample": [], "dry_run": options["dry_run"]}
            self.stdout.write(orjson.dumps(outcome.as_json() | {"plan": told}).decode())
            return
        self.stdout.write(("Dry run: " if options["dry_run"] else "") + outcome.sentence())
        for error in outcome.first_errors:
            self.stderr.write(f"  row {error.row}{f', {error.column}' if error.column else ''}: {error.reason}")
        if outcome.errors and not options["errors"]:
            self.stderr.write("  --errors FILE.csv writes all of them.")


def _path(name: str, folder: Path) -> Path:
    """The file, or a copy of standard input, because the start is read twice."""
    if name == "-":
        path = folder / "standard input"
        with path.open("wb") as copy:
            while chunk := sys.stdin.buffer.read(1_000_000):
                copy.write(chunk)
        return path
    path = Path(name)
    if not path.is_file():
        raise Unusable(f"There is no file {name}. Check the path.")
    return path


def _brand(slug: str) -> Brand:
    brand = Brand.objects.filter(slug=slug).first()
    if brand is None:
        known = ", ".join(Brand.objects.order_by("slug").values_list("slug", flat=True)) or "none yet"
        raise Unusable(f"There is no brand {slug}. Brands: {known}.")
    return brand


def _plan(path: Path, options: dict[str, Any]) -> Plan:
    delimiter = options["delimiter"].replace("\\t", "\t") if options["delimiter"] else None
    if delimiter and len(delimiter) != 1:
        raise Unusable("--delimiter must be a single character.")
    plan = guess(
        path,
        columns=_pairs("--column", options["column"]),
        network=options["network"],
        encoding=_encoding(options["encoding"]),
        delimiter=delimiter,
    )
    given: dict[str, Any] = {"where": _pairs("--where", options["where"])}
    if options["day_first"]:
        given["day_first"] = options["day_first"] == "yes"
    if options["time_zone"]:
        given["time_zone"] = _zone(options["time_zone"])
    if options["default_time"]:
        given["default_time"] = _default_time(options["default_time"])
    for column in given["where"]:
        if column not in plan.names:
            raise Unusable(f"The file has no column “{column}”. Its columns: {', '.join(plan.names)}.")
    return replace(plan, **given)


def _pairs(option: str, given: Sequence[str]) -> dict[str, str]:
    for pair in given:
        if "=" not in pair:
            raise Unusable(f"{option} {pair} must look like NAME=VALUE.")
    return {name.strip(): value.strip() for name, _, value in (pair.partition("=") for pair in given)}


def _encoding(name: str | None) -> str | None:
    try:
        return name and "".encode(name) and name or name
    except LookupError as error:
        raise Unusable(f"{name} is no encoding that is known here. Try utf-8, utf-16 or cp1252.") from error


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ValueError, OSError) as error:  # ZoneInfoNotFoundError is a KeyError with an OSError inside on some systems
        raise Unusable(f"{name} is no time zone. Write one such as Europe/Berlin.") from error
    except KeyError as error:
        raise Unusable(f"{name} is no time zone. Write one such as Europe/Berlin.") from error


def _default_time(text: str) -> str:
    time = parse_time(text)
    if time is None:
        raise Unusable(f"--default-time {text} is not a date that can be read. Write 2026-11-23 or 2026-11-23 14:05.")
    return time.isoformat()
