"""How we answer: the figures about a brand's cases, and the cases behind each of them."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from dashboard.access import brand_for
from dashboard.answering_stats import LABELS, stats
from dashboard.forms.filters import Filters
from dashboard.reports import outcomes as report
from dashboard.reports.narrow import Narrow


@login_required
def case_figures(request: HttpRequest, slug: str) -> HttpResponse:
    """The figures of a period; with `show` also the cases that the named one counts."""
    brand = brand_for(request, slug)
    now, filters = timezone.now(), Filters.of(request, brand)
    cases = report.worked(brand, filters.period)
    view = report.outcomes(brand, filters.period, now, cases)
    shown = report.behind(brand, filters.period, request.GET.get("show", ""), now, cases)
    context = {
        "brand": brand,
        "filters": filters,
        "period": filters.period,
        "narrow": Narrow(),
        "view": view,
        "stats": stats(brand, filters.period, view),
        "labels": LABELS,
        "behind": shown,
        "label": LABELS.get(shown.name, "") if shown else "",
    }
    return render(request, "pages/case_figures.html", context)
