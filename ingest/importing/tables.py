"""Tables: which character parts columns and what protects it inside a text, and then the rows.

Four habits are known: CSV with quotes, quotes with backslashes (MySQL), tabs with backslashes and no quotes
(Postgres COPY, Python's QUOTE_NONE), and bare tabs.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from ingest.importing.plan import Quoting, RowError

LONGEST_CELL = 131_072
"""Characters; a cell beyond that is a quotation mark that was never closed."""

DELIMITERS = (",", "\t", ";", "|")
SAMPLED_ROWS = 300
LONGEST_ROW = 1_000_000
NULL = "\0N"
"""Stands for the escape that means "nothing" when it is alone in its cell."""
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "N": NULL}

Row = tuple[int, list[str]]


def sniff(text: str, whole: bool) -> tuple[str, Quoting]:
    """The delimiter and the quoting of a table that begins with `text`; `whole` where nothing follows it.

    The pair wins under which most rows have equally many columns, more than one.
    """
    text = text if whole else text[: text.rfind("\n") + 1] or text
    best: tuple[float, str, Quoting] = (0.0, ",", "quotes")
    for delimiter in DELIMITERS:
        if delimiter in text:
            for quoting in _candidates(text, delimiter):
                score = _regularity(text, delimiter, quoting)
                if score > best[0] + 1e-9:
                    best = (score, delimiter, quoting)
    return best[1], best[2]


def rows(lines: Iterable[str], delimiter: str, quoting: Quoting) -> Iterator[Row | RowError]:
    """(row number, cells), one at a time. Row 1 is the first line of the file, also where it is the header."""
    split = _unquoted(lines, delimiter) if quoting == "backslash" else _quoted(lines, delimiter, quoting)
    for number, cells in enumerate(split, start=1):
        if isinstance(cells, RowError):
            yield RowError(number, cells.column, cells.reason, cells.raw)
        elif any(cells):
            yield number, cells


def _quoted(lines: Iterable[str], delimiter: str, quoting: Quoting) -> Iterator[list[str] | RowError]:
    csv.field_size_limit(
        LONGEST_CELL
    )  # one number for the whole process: whoever read a file before may have raised it
    reader = csv.reader(lines, **_dialect(delimiter, quoting))
    began = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason = f"From line {began} to {reader.line_num} a quotation mark is opened and never closed ({error})."
            yield RowError(0, None, reason, "")
        else:
            yield cells
        began = reader.line_num + 1


def _unquoted(lines: Iterable[str], delimiter: str) -> Iterator[list[str] | RowError]:
    """Rows in which a backslash protects what follows it, be it a delimiter or the end of the line."""
    parts = re.compile(rf"\\(.)|({re.escape(delimiter)})|([^\\{re.escape(delimiter)}]+)", re.S)
    pending = ""
    for line in lines:
        pending += line
        body = pending.rstrip("\r\n")
        if (len(body) - len(body.rstrip("\\"))) % 2 and len(pending) < LONGEST_ROW:
            continue
        yield _unescaped(body, delimiter, parts)
        pending = ""
    if pending:
        yield _unescaped(pending.rstrip("\r\n"), delimiter, parts)


def _unescaped(row: str, delimiter: str, parts: re.Pattern[str]) -> list[str]:
    if "\\" not in row:
        return row.split(delimiter)
    cells = [""]
    for part in parts.finditer(row):
        if part[2]:
            cells.append("")
        else:
            cells[-1] += part[3] or ESCAPES.get(part[1], part[1])
    return ["" if cell == NULL else cell.replace(NULL, "N") for cell in cells]


def _dialect(delimiter: str, quoting: Quoting) -> dict[str, Any]:
    if quoting == "none":
        return {"delimiter": delimiter, "quoting": csv.QUOTE_NONE}
    if quoting == "quotes+backslash":
        return {"delimiter": delimiter, "escapechar": "\\", "doublequote": True}
    return {"delimiter": delimiter}


def _candidates(text: str, delimiter: str) -> Sequence[Quoting]:
    """Habits that leave traces in the text, likeliest first."""
    part = re.escape(delimiter)
    quoted = re.search(rf'(?:^|{part})"(?:[^"\\]|""|\\.)*"(?={part}|\r?$)', text, re.M) is not None
    escaped = re.search(rf'\\(?:[{part}"\\]|\r?\n)', text) is not None
    if not quoted:
        return ("backslash", "none") if escaped else ("none",) if '"' in text else ("quotes",)
    return ("quotes", "quotes+backslash", "none") if escaped else ("quotes", "none")


def _regularity(text: str, delimiter: str, quoting: Quoting) -> float:
    """Share of rows with the commonest number of columns, a little more for more columns; 0 for a single column."""
    sampled = islice(rows(text.splitlines(keepends=True), delimiter, quoting), SAMPLED_ROWS)
    widths = Counter(0 if isinstance(row, RowError) else len(row[1]) for row in sampled)
    if not widths:
        return 0.0
    width, count = max(widths.items(), key=lambda one: (one[1], one[0]))
    return 0.0 if width < 2 else count / widths.total() + min(width, 50) / 1000
