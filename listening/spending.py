"""Spending: what reading costs at networks that take money or units for it, and what a source's budget still allows."""

from datetime import datetime
from typing import Any

from django.db.models import F, Sum

from listening.budget import Budget, day_of
from listening.models import Source, Spend


def bill(source: Source, units: int, now: datetime, zone: str = "UTC") -> None:
    """Note what reading cost on the day on which it was read, as the network counts days."""
    if units:
        day, _ = Spend.objects.get_or_create(source=source, day=day_of(now, zone))
        Spend.objects.filter(pk=day.pk).update(units=F("units") + units)


def allowance(source: Source, budget: Budget, now: datetime) -> int | None:
    """Units that the budget still allows today; None where no budget is set."""
    day, left = day_of(now, budget.zone), []
    if budget.daily is not None:
        left.append(budget.daily - _units(source, day=day))
    if budget.monthly is not None:
        left.append(budget.monthly - _units(source, day__year=day.year, day__month=day.month))
    return max(0, min(left)) if left else None


def _units(source: Source, **when: Any) -> int:
    return Spend.objects.filter(source=source, **when).aggregate(n=Sum("units"))["n"] or 0
