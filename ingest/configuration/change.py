"""Change: one thing that applying a configuration did, and how columns of a row are brought to their values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that was done: verb ("added", "changed", "removed"), what it was done to, and how."""

    verb: str
    target: str
    how: str = ""

    def __str__(self) -> str:
        return f"{self.verb} {self.target}" + (f": {self.how}" if self.how else "")


def columns(row: Any, values: Mapping[str, Any], target: str, show: bool = True) -> Iterator[Change]:
    """Change what differs; without `show` the change names columns only, because some hold secrets."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    if different:
        type(row).objects.filter(pk=row.pk).update(**different)
        yield Change(
            "changed", target, ", ".join(f"{name} = {value!r}" if show else name for name, value in different.items())
        )
