"""Bands: how often stored posts are looked up again, by their age."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

SWEPT = timedelta(days=30)
"""How long posts are looked up again where the network's policy says nothing else."""


@dataclass(frozen=True, slots=True)
class Band:
    """Posts up to this age (None: all that are kept) are looked up again so often."""

    age: timedelta | None
    every: timedelta


def bands_of(told: Sequence[Band], sweep_days: int | None, settings: Mapping[str, Any]) -> tuple[Band, ...]:
    """What a policy says, or where it says no bands the usual ones, changed by an admin's word in `settings`."""
    if not told and sweep_days is None:
        return ()
    usual = (Band(timedelta(days=1), timedelta(hours=1)), Band(SWEPT, timedelta(days=sweep_days or 1)))
    first, *others = told or usual
    if settings.get("sweep_minutes"):
        first = replace(first, every=timedelta(minutes=int(settings["sweep_minutes"])))
    if settings.get("sweep_days"):
        days = timedelta(days=int(settings["sweep_days"]))
        others = [replace(band, every=days) for band in others]
        first = first if others else replace(first, every=days)
    return (first, *(replace(band, every=max(band.every, first.every)) for band in others))
