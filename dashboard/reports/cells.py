"""Sums over the tally: the one place that reads it. Figures never count mentions themselves."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Sum

from dashboard.reports.narrow import Narrow
from dashboard.reports.period import Period
from listening.models import Brand, Tally


def sums(brands: Iterable[Brand], period: Period, narrow: Narrow, *by: str) -> list[tuple[Any, ...]]:
    """(value of each column in `by`, number of mentions), sums of zero left out.

    `by` names columns of the tally: brand_id, hour, network, language, mood, is_complaint, is_addressed.
    """
    rows = (
        Tally.objects.filter(brand__in=list(brands), hour__gte=period.start, hour__lt=period.end)
        .filter(narrow.condition)
        .order_by()
        .values_list(*by)
        .annotate(total=Sum("n"))
    )
    return [row for row in rows if row[-1]]


def first_and_last(brand: Brand) -> tuple[datetime, datetime] | None:
    """The first and the last hour in which the brand has mentions; None without any."""
    cells = Tally.objects.filter(brand=brand).order_by("hour").values_list("hour", flat=True)
    first = cells.first()
    last = cells.last()
    return (first, last) if first and last else None
