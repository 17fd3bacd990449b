"""Spending: what reading costs at networks that take money for it, and what a source's budget still allows."""

from datetime import datetime
from typing import Any

from django.db.models import F, Sum

from listening.models import Source, Spend


def bill(source: Source, units: int, now: datetime) -> None:
    """Note what reading cost on the day on which it was read."""
    if units:
        day, _ = Spend.objects.get_or_create(source=source, day=now.date())
        Spend.objects.filter(pk=day.pk).update(units=F("units") + units)


def allowance(source: Source, now: datetime) -> int | None:
    """Units that the budget still allows today; None where no budget is set."""
    budgets = {"day": source.settings.get("daily_posts"), "month": source.settings.get("monthly_posts")}
    left = []
    if budgets["day"] not in (None, ""):
        left.append(int(budgets["day"]) - _units(source, day=now.date()))
    if budgets["month"] not in (None, ""):
        left.append(int(budgets["month"]) - _units(source, day__year=now.year, day__month=now.month))
    return max(0, min(left)) if left else None


def _units(source: Source, **when: Any) -> int:
    return Spend.objects.filter(source=source, **when).aggregate(n=Sum("units"))["n"] or 0
