"""Time zones as choices of a form, grouped by continent."""

from functools import lru_cache
from itertools import groupby
from zoneinfo import available_timezones

Choices = list[tuple[str, str | list[tuple[str, str]]]]
CONTINENTS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@lru_cache(maxsize=1)
def zones() -> Choices:
    """[("UTC", "UTC"), ("Africa", [("Africa/Abidjan", "Abidjan"), ...]), ...]"""
    names = sorted(name for name in available_timezones() if name.partition("/")[0] in CONTINENTS)
    groups = [(place, [(name, _city(name)) for name in group]) for place, group in groupby(names, _continent)]
    return [("UTC", "UTC"), *groups]


def _continent(name: str) -> str:
    return name.partition("/")[0]


def _city(name: str) -> str:
    return name.partition("/")[2].replace("_", " ").replace("/", ", ")
