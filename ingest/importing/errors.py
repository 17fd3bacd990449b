"""The list of rows that were left out, as a CSV that a spreadsheet opens safely."""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ingest.importing.plan import RowError

HEADER = ("row", "column", "reason", "raw")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
Withheld = Callable[[Sequence[str]], Sequence[bool]]
"""Of the raw form of each row, whether somebody is named in it who stepped out."""
MOST = 100_000
"""Rows written at most; a file that is wrong all through does not fill the disk."""
AT_ONCE = 500


class ErrorList:
    """Counts errors, and writes each as a line where a file was given."""

    def __init__(self, path: Path | None, withheld: Withheld) -> None:
        self.path, self._withheld = path, withheld
        self.count = 0
        self.first: list[RowError] = []
        self._waiting: list[RowError] = []
        self._file = path.open("w", encoding="utf-8-sig", newline="") if path else None
        self._writer = csv.writer(self._file) if self._file else None
        if self._writer:
            self._writer.writerow(HEADER)

    def add(self, error: RowError) -> None:
        self.count += 1
        if len(self.first) < 10:
            self.first.append(error)
        if self._writer and self.count <= MOST:
            self._waiting.append(error)
            if len(self._waiting) == AT_ONCE:
                self.write()

    def write(self) -> None:
        """Write the lines that wait."""
        if self._writer is None:
            return
        waiting, self._waiting = self._waiting, []
        for error, withheld in zip(waiting, self._withheld([one.raw for one in waiting]), strict=True):
            cells = (str(error.row), error.column or "", error.reason, "" if withheld else error.raw)
            self._writer.writerow([_safe(cell) for cell in cells])

    def close(self) -> None:
        if self._file:
            self._file.close()


@contextmanager
def error_list(path: Path | None, withheld: Withheld = lambda raws: [False] * len(raws)) -> Iterator[ErrorList]:
    """An ErrorList that is closed in the end; the file is there also when nothing went wrong."""
    errors = ErrorList(path, withheld)
    try:
        yield errors
        errors.write()
    finally:
        errors.close()


def _safe(cell: str) -> str:
    """A strangers' text must not be a formula when somebody opens the list; and it must be writable."""
    cell = cell.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell
