"""Naming: whether something that was not read yet, or could not be, names a person who stepped out."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from listening import people

LONGEST = 500
MOST = 2000
_WORDS = re.compile(r"""[^\s"'<>,;|(){}\[\]\\]+""")


def name_somebody_gone(told: Iterable[tuple[Collection[str], Any]]) -> list[bool]:
    """Of each (networks, raw): whether a value of `raw`, or a word of a text that is all there is, is the id or handle
    of such a person at one of the networks. One query for all of them."""
    asked = [_people(networks, raw) for networks, raw in told]
    gone = people.opted_out(chain.from_iterable(asked))
    return [not gone.isdisjoint(one) for one in asked]


def _people(networks: Collection[str], raw: Any) -> set[people.Person]:
    names = list(set(_told(raw)))[:MOST]
    return {person for network in networks for name in names for person in people.names_of(network, name, name)}


def rows_that_may_be_shown(network: str, rows: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """Rows of a table of which no cell is the id or handle of somebody who stepped out, at `network` or at one that
    the row itself names."""
    gone = name_somebody_gone(({network, *_networks(row)}, dict(row)) for row in rows)
    return [row for row, named in zip(rows, gone, strict=True) if not named]


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
