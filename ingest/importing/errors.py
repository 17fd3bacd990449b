"""The list of rows that were left out, as a CSV that a spreadsheet opens safely."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.importing.plan import RowError

HEADER = ("row", "column", "reason", "raw")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
Withheld = Callable[[str], bool]
MOST = 100_000
"""Rows written at most; a file that is wrong all through does not fill the disk."""


class ErrorList:
    """Counts errors, and writes each as a line where a file was given."""

    def __init__(self, path: Path | None, withheld: Withheld = lambda raw: False) -> None:
        self.path, self._withheld = path, withheld
        self.count = 0
        self.first: list[RowError] = []
        self._file = path.open("w", encoding="utf-8-sig", newline="") if path else None
        self._writer = csv.writer(self._file) if self._file else None
        if self._writer:
            self._writer.writerow(HEADER)

    def add(self, error: RowError) -> None:
        self.count += 1
        if len(self.first) < 10:
            self.first.append(error)
        if self._writer and self.count <= MOST:
            raw = "" if self._withheld(error.raw) else error.raw
            cells = (str(error.row), error.column or "", error.reason, raw)
            self._writer.writerow([_safe(cell) for cell in cells])

    def close(self) -> None:
        if self._file:
            self._file.close()


@contextmanager
def error_list(path: Path | None, withheld: Withheld = lambda raw: False) -> Iterator[ErrorList]:
    """An ErrorList that is closed in the end; the file is there also when nothing went wrong. `withheld` says of a
    row's raw form that somebody stepped out who is named in it."""
    errors = ErrorList(path, withheld)
    try:
        yield errors
    finally:
        errors.close()


def _safe(cell: str) -> str:
    """A strangers' text must not be a formula when somebody opens the list; and it must be writable."""
    cell = cell.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell
