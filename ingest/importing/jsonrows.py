"""JSON files: lines, one long array, or one document, each read object by object in constant memory."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, TextIO

import orjson

from ingest.importing.plan import RowError, Unusable

CHUNK = 65_536
LONGEST = 50_000_000
"""The longest single line or object that is read, in characters."""

Item = tuple[int, Any]


def lines(stream: TextIO) -> Iterator[Item | RowError]:
    """(line number, value) per line; a line that is no JSON is an error of its own."""
    number = 0
    while line := stream.readline(LONGEST):
        number += 1
        if not line.endswith("\n") and len(line) == LONGEST:
            yield RowError(number, None, f"This line is longer than {LONGEST:,} characters.", shortened(line))
            while line and not line.endswith("\n"):
                line = stream.readline(CHUNK)
        elif line.strip():
            yield _line(number, line)


def array(stream: TextIO) -> Iterator[Item | RowError]:
    """(element number, value) of a JSON array, without holding more than one element."""
    decoder, buffer, number = json.JSONDecoder(), stream.read(CHUNK).lstrip("\ufeff \t\r\n"), 0
    buffer = buffer[1:]
    while True:
        buffer = buffer.lstrip(" \t\r\n,")
        if buffer.startswith("]"):
            return
        try:
            value, end = decoder.raw_decode(buffer)
            complete = end < len(buffer) or not isinstance(value, int | float)
        except ValueError:
            complete, value, end = False, None, 0
        if complete:
            number += 1
            yield number, value
            buffer = buffer[end:]
            continue
        more = stream.read(max(CHUNK, len(buffer)))
        if not more or len(buffer) > LONGEST:
            if buffer.strip():
                yield RowError(number + 1, None, _cut_off("element"), shortened(buffer))
            return
        buffer += more


def document(stream: TextIO) -> Iterator[Item]:
    """One JSON value, such as a saved answer of an API."""
    text = stream.read(LONGEST + 1)
    if len(text) > LONGEST:
        raise Unusable(f"The file is one JSON object of more than {LONGEST:,} characters. Save it as JSON Lines.")
    try:
        yield 1, loads(text)
    except ValueError as error:
        raise Unusable(f"The file is not valid JSON ({error}). Save it again from where it came from.") from error


def loads(text: str) -> Any:
    """A JSON value. orjson is quick, but refuses lone surrogates and bare NaN, which strangers do send."""
    try:
        return orjson.loads(text)
    except ValueError:
        return json.loads(text)


def flat(value: Mapping[str, Any], prefix: str = "", depth: int = 0) -> dict[str, Any]:
    """Nested objects as one level with names joined by dots; lists and what lies deeper stay as they are."""
    flattened: dict[str, Any] = {}
    for name, one in value.items():
        if isinstance(one, dict) and depth < 3:
            flattened |= flat(one, f"{prefix}{name}.", depth + 1)
        else:
            flattened[f"{prefix}{name}"] = one
    return flattened


def shortened(text: str) -> str:
    return text.strip()[:500]


def _line(number: int, line: str) -> Item | RowError:
    try:
        return number, loads(line)
    except ValueError as error:
        cut = not line.endswith("\n")
        return RowError(number, None, _cut_off("line") if cut else f"This line is not JSON ({error}).", shortened(line))


def _cut_off(what: str) -> str:
    return f"This {what} is cut off in the middle, as happens when a recording is stopped."
