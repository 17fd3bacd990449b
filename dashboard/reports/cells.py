"""Sums over the tally: the one place that reads it. Figures never count mentions themselves.

Whole days of brands in the period's own zone come from the tally by day, all else from the tally by hour.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import CharField, Model, Q, Sum, Value

from dashboard.reports.narrow import Narrow
from dashboard.reports.period import DAY, Period, day_start
from listening.models import Brand, Tally, TallyDay, ThemeTally, ThemeTallyDay

OF_THEMES: dict[type[Model], type[Model]] = {Tally: ThemeTally, TallyDay: ThemeTallyDay}

Sums = list[tuple[Any, ...]]
"""(value of each column asked for, number of mentions)."""


def sums(brands: Iterable[Brand], period: Period, narrow: Narrow, *by: str) -> Sums:
    """(value of each column in `by`, number of mentions), sums of zero left out.

    `by` names columns of the tally: brand_id, network, language, mood, is_complaint, is_addressed, is_unsure, engine
    (empty for themes, whose tally does not know it), theme_id (None for ungrouped; then only mentions that were sorted
    count), and either hour or, for periods of whole days of brands in the period's zone, day.
    """
    found: Counter[tuple[Any, ...]] = Counter()
    brands = list(brands)
    themed = bool(narrow.theme) or "theme_id" in by
    only = Q(theme=narrow.theme_id) if narrow.theme else Q()
    for model, condition in _parts(brands, period, hours="hour" in by):
        model = OF_THEMES[model] if themed else model
        rows = model._default_manager.filter(condition & narrow.condition & only).order_by()
        if themed and "engine" in by:
            rows = rows.annotate(engine=Value("", CharField()))
        for *cell, n in rows.values_list(*by).annotate(total=Sum("n")):
            found[tuple(cell)] += n
    return [(*cell, n) for cell, n in found.items() if n]


def fewer(cells: Sums, *places: int) -> Sums:
    """Sums by fewer columns, those at these places, from sums by more: without asking the database again."""
    found: Counter[tuple[Any, ...]] = Counter()
    for cell in cells:
        found[tuple([cell[place] for place in places])] += cell[-1]
    return [(*cell, n) for cell, n in found.items() if n]


def _parts(brands: list[Brand], period: Period, hours: bool) -> Iterator[tuple[type[Model], Q]]:
    """Which rows of which tally make up the period."""
    near = [] if hours else [brand.pk for brand in brands if brand.time_zone == period.zone.key]
    far = [brand.pk for brand in brands if brand.pk not in near]
    if far:
        yield Tally, _hours(far, period.start, period.end)
    if near:
        yield from _by_day(near, period)


def _by_day(brands: list[int], period: Period) -> Iterator[tuple[type[Model], Q]]:
    """The whole days, and the hours before the first and after the last of them."""
    first, last = period.first_day, period.last_day
    first += DAY * (day_start(first, period.zone) < period.start)
    last -= DAY * (day_start(last + DAY, period.zone) > period.end)
    begin, end = day_start(first, period.zone), day_start(last + DAY, period.zone)
    if first > last:
        yield Tally, _hours(brands, period.start, period.end)
        return
    yield TallyDay, Q(brand__in=brands, day__gte=first, day__lte=last)
    if period.start < begin:
        yield Tally, _hours(brands, period.start, begin)
    if end < period.end:
        yield Tally, _hours(brands, end, period.end)


def _hours(brands: list[int], start: datetime, end: datetime) -> Q:
    return Q(brand__in=brands, hour__gte=start, hour__lt=end)


def first_and_last(brand: Brand) -> tuple[datetime, datetime] | None:
    """The first and the last hour in which the brand has mentions; None without any."""
    cells = Tally.objects.filter(brand=brand).order_by("hour").values_list("hour", flat=True)
    first, last = cells.first(), cells.last()
    return (first, last) if first and last else None
