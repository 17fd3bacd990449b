"""`analyze`: language, sentiment and complaint of each text in a file, one JSON line per row."""

import itertools
import os
import sys
import time
from collections.abc import Iterator
from typing import Any, TextIO

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ingest.enrich import sentiment
from ingest.enrich.engines import Engine
from ingest.enrich.masking import Names, compile_names, names_of
from ingest.enrich.report import report
from ingest.enrich.rows import NoSuchColumn, Row, format_of, read
from listening.models import Brand
from listening.opened import opened

BATCH = 500
PROGRESS_SECONDS = 1.0


class Command(BaseCommand):
    help = (
        "Find language, sentiment and complaint of each text in a file of JSON Lines, TSV (backslash escapes, no "
        "quotes) or CSV. One JSON line per row, in the order of the rows; a row that can't be read gives a line with "
        '"error" and is named on standard error. Exit status 0: all rows were read, 1: some were not, 2: the file or '
        "the arguments are of no use. Needs no database unless --brand is given."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help='the file; "-" reads standard input')
        parser.add_argument("--text", default="text", metavar="COLUMN", help='the column of texts (default: "text")')
        parser.add_argument("--format", choices=("jsonl", "tsv", "csv"), help="default: by the name, else by a look")
        names = parser.add_mutually_exclusive_group()
        names.add_argument("--brand", metavar="SLUG", help="mask the names and accounts of this brand")
        names.add_argument("--names", metavar="A,B", help="mask these names; needs no database")
        parser.add_argument(
            "--engine", choices=tuple(sentiment.ENGINES), help="default: the installation's, EARSHOT_ENGINE"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        names = _names(options["brand"], options["names"])
        options["engine"] = sentiment.in_charge(options["engine"] or "")
        try:
            with opened(options["file"]) as file:
                bad = self._analyze(file, names, options)
        except BrokenPipeError:  # whoever read us, such as `head`, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        if bad:
            self.stderr.write(f"{bad} {'row' if bad == 1 else 'rows'} could not be read.")
            sys.exit(1)

    def _analyze(self, file: TextIO, names: Names, options: dict[str, Any]) -> int:
        first = file.readline()
        format_ = options["format"] or format_of(options["file"], first)
        try:
            rows = read(itertools.chain([first], file) if first else [], format_, options["text"])
        except NoSuchColumn as error:
            raise CommandError(f"{error} Name the column of texts with --text.", returncode=2) from error
        return self._write(rows, names, options["engine"], Progress(self.stderr if sys.stderr.isatty() else None))

    def _write(self, rows: Iterator[Row], names: Names, engine: Engine, progress: "Progress") -> int:
        bad = 0
        while batch := list(itertools.islice(rows, BATCH)):
            for row, found in zip(batch, _found(batch, names, engine), strict=True):
                if row.error is not None:
                    bad += 1
                    self.stderr.write(f"Line {row.line}: {row.error}")
                self.stdout.write(orjson.dumps(found).decode())
            progress.add(len(batch))
        progress.end()
        return bad


class Progress:
    """How many rows are done, on a terminal."""

    def __init__(self, out: Any) -> None:
        self.out, self.rows, self.began = out, 0, time.monotonic()
        self.told = self.began

    def add(self, rows: int) -> None:
        self.rows += rows
        now = time.monotonic()
        if self.out and now - self.told > PROGRESS_SECONDS:
            self.told = now
            self.out.write(f"\r{self.rows:,} rows, {self.rows / (now - self.began):,.0f} a second", ending="")

    def end(self) -> None:
        if self.out and self.told != self.began:
            self.out.write("")


def _found(batch: list[Row], names: Names, engine: Engine) -> Iterator[dict[str, Any]]:
    """Findings of a batch in its order, bad rows in their places."""
    good = [row for row in batch if row.error is None]
    findings = iter(report([row.text for row in good], [row.language for row in good], names, engine))
    for row in batch:
        head = {} if row.id is None else {"id": row.id}
        yield head | ({"line": row.line, "error": row.error} if row.error is not None else next(findings))


def _names(slug: str | None, names: str | None) -> Names:
    if slug is None:
        return compile_names(frozenset((names or "").split(",")))
    try:
        brand = Brand.objects.get(slug=slug)
    except Brand.DoesNotExist as error:
        known = ", ".join(Brand.objects.values_list("slug", flat=True)[:20]) or "none yet"
        raise CommandError(f"There is no brand {slug!r}. Brands: {known}.", returncode=2) from error
    return names_of(brand.name, brand.handles.values_list("handle", flat=True))
