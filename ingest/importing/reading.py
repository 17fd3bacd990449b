"""Read a file by its plan, row by row, in memory that does not grow with the file."""

from collections.abc import Iterable, Iterator, Mapping
from io import IOBase
from pathlib import Path
from typing import Any, BinaryIO, TextIO, cast

from ingest.importing import jsonrows, tables, xpages
from ingest.importing.cells import BadCell, as_text
from ingest.importing.encoding import as_text as decoded, repaired
from ingest.importing.plan import NO_TEXT, Plan, RowError, Unusable
from ingest.importing.records import record_of
from ingest.record import Record

Source = str | Path | BinaryIO


def read(source: Source, plan: Plan) -> Iterator[Record | RowError]:
    """Every row as a Record, or as a RowError that says why not. `source` is a path, or a binary stream at its start.

    Raises Unusable at the first row where the plan cannot work at all.
    """
    if not plan.usable:
        raise Unusable(NO_TEXT)
    if isinstance(source, str | Path):
        with Path(source).open("rb") as stream:
            yield from _read(stream, plan)
    else:
        yield from _read(source, plan)


def rows_of(stream: BinaryIO, plan: Plan) -> Iterator[tuple[int, Mapping[str, Any]] | RowError]:
    """(row number, {column: value}) of every row that holds as many cells as there are columns."""
    with decoded(stream, plan.encoding, _newline(plan)) as text:
        yield from _objects(text, plan) if plan.format in ("jsonl", "json") else _cells(text, plan)


def values_of(text: TextIO, plan: Plan) -> Iterator[tuple[int, Any] | RowError]:
    """(number, value) of every JSON value of a file."""
    if plan.format == "jsonl":
        return jsonrows.lines(text)
    start = text.read(1)
    while start and start in "\ufeff \t\r\n":
        start = text.read(1)
    rest = cast(TextIO, _Put(start, text))
    return jsonrows.array(rest) if start == "[" else jsonrows.document(rest)


def _read(stream: BinaryIO, plan: Plan) -> Iterator[Record | RowError]:
    if plan.shape == "x":
        with decoded(stream, plan.encoding, _newline(plan)) as text:
            for item in values_of(text, plan):
                yield from [item] if isinstance(item, RowError) else xpages.read_line(*item)
        return
    for row in rows_of(stream, plan):
        if isinstance(row, RowError):
            yield row
        elif _wanted(row[1], plan.where):
            yield _record(*row, plan)


def _record(number: int, row: Mapping[str, Any], plan: Plan) -> Record | RowError:
    try:
        return record_of(row, plan)
    except BadCell as error:
        return RowError(number, error.column or None, error.reason, _raw(row.values()))


def _wanted(row: Mapping[str, Any], where: Mapping[str, str]) -> bool:
    return all(as_text(row.get(column)).strip() == value for column, value in where.items())


def _cells(text: TextIO, plan: Plan) -> Iterator[tuple[int, Mapping[str, Any]] | RowError]:
    width = len(plan.names)
    header = plan.header
    for row in tables.rows(text, plan.delimiter or "\x00", plan.quoting):
        if isinstance(row, RowError):
            yield row
            continue
        number, cells = row
        if number <= plan.skip:
            continue
        if header:
            header = False
            continue
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        if len(cells) > width or (len(cells) < width and _missing(plan, len(cells))):
            yield RowError(number, None, _wrong_width(len(cells), width), _raw(cells))
        else:
            yield number, {name: repaired(cell) for name, cell in zip(plan.names, cells, strict=False)}


def _missing(plan: Plan, cells: int) -> bool:
    """Whether a short row lacks a cell that the plan needs; spreadsheets drop empty cells at the end."""
    return any(plan.names.index(name) >= cells for name in plan.columns.values() if name in plan.names)


def _wrong_width(cells: int, width: int) -> str:
    why = "a text may hold the delimiter without being quoted" if cells > width else "it may be cut off"
    return f"This row has {cells} cells where the header names {width}: {why}."


def _objects(text: TextIO, plan: Plan) -> Iterator[tuple[int, Mapping[str, Any]] | RowError]:
    for item in values_of(text, plan):
        if isinstance(item, RowError):
            yield item
        elif isinstance(item[1], dict):
            yield item[0], {name: _repaired(value) for name, value in jsonrows.flat(item[1]).items()}
        else:
            yield RowError(item[0], None, "This is not an object with named values.", _raw([item[1]]))


def _repaired(value: Any) -> Any:
    return repaired(value) if isinstance(value, str) else value


def _newline(plan: Plan) -> str:
    """How lines end: as they do inside quoted cells, or only by line feeds, because JSON escapes all others."""
    return "\n" if plan.format in ("jsonl", "json") else ""


def _raw(cells: Iterable[Any]) -> str:
    return jsonrows.shortened(" | ".join(as_text(cell) for cell in cells))


class _Put(IOBase):
    """A text stream with one character put back."""

    def __init__(self, first: str, rest: TextIO) -> None:
        self.first, self.rest = first, rest

    def read(self, size: int = -1) -> str:
        first, self.first = self.first, ""
        return first + self.rest.read(size)
