"""Rows: posts to analyze, read one by one from JSON Lines, TSV or CSV, bad ones included.

TSV is read with backslash escapes and without quotes, CSV with quotes; both have a header.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson

Format = Literal["jsonl", "tsv", "csv"]
ID_COLUMNS = ("id", "external_id", "tweet_id", "post_id")
LANGUAGE_COLUMNS = ("language", "lang")
LONGEST_FIELD = 10_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line number (of its last line in CSV), what it says, or why it can't be read."""

    line: int
    id: Any = None
    text: str = ""
    language: str | None = None
    error: str | None = None


class NoSuchColumn(ValueError):
    """The table has no column of texts."""


def format_of(name: str, first_line: str) -> Format:
    """The format by the file's name, else by its first line."""
    ending = name.rpartition(".")[2].lower()
    known: dict[str, Format] = {"jsonl": "jsonl", "ndjson": "jsonl", "json": "jsonl", "tsv": "tsv", "csv": "csv"}
    if ending in known:
        return known[ending]
    if first_line.lstrip().startswith("{"):
        return "jsonl"
    return "tsv" if "\t" in first_line else "csv"


def read(lines: Iterable[str], format_: Format, column: str = "text") -> Iterator[Row]:
    """Rows in order; a bad row comes as a Row with an error. Raises NoSuchColumn for a table without `column`."""
    if format_ == "jsonl":
        return _read_json(lines, column)
    return _read_table(lines, format_, column)


def _read_json(lines: Iterable[str], column: str) -> Iterator[Row]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _json_row(number, line, column)


def _json_row(number: int, line: str, column: str) -> Row:
    try:
        value = _json(line)
    except ValueError as error:
        return Row(number, error=f"This is no JSON: {error}.")
    if not isinstance(value, dict):
        return Row(number, error='This is JSON, but no object: write {"text": ...}.')
    id_ = next((value[name] for name in ID_COLUMNS if name in value), None)
    text = value.get(column)
    if not isinstance(text, str):
        return Row(number, id_, error=f"{column!r} is missing or no text.")
    language = next((value[name] for name in LANGUAGE_COLUMNS if isinstance(value.get(name), str)), None)
    return Row(number, id_, text, language)


def _json(line: str) -> Any:
    """The standard library reads what orjson refuses: half characters, as exports that cut texts write them."""
    try:
        return orjson.loads(line.encode("utf-8", "replace"))
    except orjson.JSONDecodeError:
        return json.loads(line)


def _read_table(lines: Iterable[str], format_: Format, column: str) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_FIELD)
    if format_ == "tsv":
        reader = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, escapechar="\\")
    else:
        reader = csv.reader(lines)
    header = next(reader, [])
    if column not in header:
        raise NoSuchColumn(f"There is no column {column!r}. The columns are: {', '.join(header) or '(none)'}.")
    return _table_rows(reader, header, column)


def _table_rows(reader: Any, header: Sequence[str], column: str) -> Iterator[Row]:
    ids = _place(header, ID_COLUMNS)
    languages = _place(header, LANGUAGE_COLUMNS)
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(reader.line_num, error=f"This row can't be read: {error}.")
            continue
        if values:
            yield _table_row(reader.line_num, values, header, header.index(column), ids, languages)


def _table_row(
    line: int, values: Sequence[str], header: Sequence[str], text: int, ids: int | None, languages: int | None
) -> Row:
    id_ = values[ids] if ids is not None and ids < len(values) else None
    if len(values) != len(header):
        return Row(line, id_, error=f"This row has {len(values)} fields, the header has {len(header)}.")
    return Row(line, id_, values[text], values[languages] or None if languages is not None else None)


def _place(header: Sequence[str], names: Sequence[str]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)
