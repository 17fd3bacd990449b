"""Naming: whether something that was not read yet, or could not be, names a person who stepped out."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from listening import people

LONGEST = 500
MOST = 2000
_WORDS = re.compile(r"""[^\s"'<>,;|(){}\[\]\\]+""")


def names_somebody_gone(networks: Iterable[str], raw: Any) -> bool:
    """Whether a value of `raw`, or a word of a text that is all there is, is the id or handle of such a person."""
    told = set(_told(raw))
    asked = {
        person
        for network in networks
        for name in list(told)[:MOST]
        for person in ((network, name), people.handle_person(network, name))
    }
    return bool(people.opted_out(asked))


def rows_that_may_be_shown(network: str, rows: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """Rows of a table of which no cell is the id or handle of somebody who stepped out, at `network` or at one that
    the row itself names."""
    return [row for row in rows if not names_somebody_gone({network, *_networks(row)}, dict(row))]


def _networks(row: Mapping[str, str]) -> Iterator[str]:
    return (cell.lower() for cell in map(str, row.values()) if cell.isalpha() and len(cell) <= 20)


def _told(raw: Any) -> Iterator[str]:
    if isinstance(raw, str):
        yield from _WORDS.findall(raw[: LONGEST * 20])
        return
    for value in _values(raw):
        if "|" in value:  # cells of a row, as an import lists them
            yield from (cell.strip() for cell in value.split("|"))
        if len(value) <= LONGEST:
            yield value


def _values(raw: Any) -> Iterator[str]:
    if isinstance(raw, dict):
        for value in raw.values():
            yield from _values(value)
    elif isinstance(raw, list | tuple):
        for value in raw:
            yield from _values(value)
    elif isinstance(raw, str | int) and not isinstance(raw, bool):
        yield str(raw)
