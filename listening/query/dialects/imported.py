"""Imported: what became of a query from another tool."""

from dataclasses import dataclass

from listening.query.errors import QueryError
from listening.query.grammar import Query, parse


@dataclass(frozen=True, slots=True)
class Lost:
    """Something that could not be translated: its place in the other tool's text, the text there, and why."""

    position: int
    end: int
    text: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Imported:
    """`text` is the translation, `query` its tree; None with `error` where it cannot be read, and nothing is saved.

    `lost` lists what the translation leaves out, in the order of the original.
    """

    text: str
    query: Query | None
    lost: tuple[Lost, ...] = ()
    error: QueryError | None = None


def imported(text: str, lost: list[Lost]) -> Imported:
    """The translation, read."""
    found = tuple(sorted(lost, key=lambda one: one.position))
    try:
        return Imported(text, parse(text), found)
    except QueryError as error:
        return Imported(text, None, found, error)
