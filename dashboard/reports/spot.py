"""Spot: a place in an ordered list of cases, as an address holds it; lists go on from there without counting rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from django.db.models import Q

from listening.models import Case

Order = tuple[str, ...]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MOST_DIGITS = 18
LAST: int = 10**MOST_DIGITS


@dataclass(frozen=True, slots=True)
class Spot:
    """`part` is the stretch of the list, `values` those of the last case in the list's order."""

    part: int
    values: tuple[Any, ...]

    def __str__(self) -> str:
        return ".".join(str(_number(value)) for value in (self.part, *self.values))

    @classmethod
    def of(cls, part: int, order: Order, case: Case) -> Self | None:
        values = tuple(getattr(case, name.removeprefix("-")) for name in order)
        return None if None in values else cls(part, values)

    @classmethod
    def read(cls, text: str, order: Order) -> Self | None:
        """From an address; None when it is not one of ours."""
        words = text.split(".")
        if len(words) != len(order) + 1 or not all(word.isascii() and word.isdigit() for word in words):
            return None
        part, *numbers = (int(word[:MOST_DIGITS]) for word in words)
        try:
            return cls(part, tuple(_value(name, n) for name, n in zip(order, numbers, strict=True)))
        except OverflowError:
            return None


def _number(value: Any) -> int:
    if value is None:
        return LAST  # Postgres sorts what is not known as the largest
    return (value - EPOCH) // MICROSECOND if isinstance(value, datetime) else int(value)


def _value(name: str, number: int) -> Any:
    return EPOCH + number * MICROSECOND if name.endswith(("_at", "_until")) else number


def beyond(order: Order, values: Sequence[Any]) -> Q:
    """What comes after these values in this order."""
    found, same = Q(), Q()
    for name, value in zip(order, values, strict=True):
        field, sign = (name[1:], "lt") if name.startswith("-") else (name, "gt")
        found |= same & Q(**{f"{field}__{sign}": value})
        same &= Q(**{field: value})
    first, sign = (order[0][1:], "lte") if order[0].startswith("-") else (order[0], "gte")
    return Q(**{f"{first}__{sign}": values[0]}) & found


def turned(order: Order) -> Order:
    """The same order from the other end."""
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)


def key(order: Order, case: Case) -> tuple[int, ...]:
    """To sort by in Python as the database does."""
    return tuple(
        -_number(getattr(case, name[1:])) if name.startswith("-") else _number(getattr(case, name)) for name in order
    )
