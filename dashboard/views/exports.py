"""Exporting a list of mentions: a page that says what would be in the file, and the file."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from dashboard.access import brand_for, person
from dashboard.audit import note
from dashboard.forms.filters import Filters
from dashboard.reports.leaving import COLUMNS, MOST, counted, leaving, table
from dashboard.templatetags.earshot import link
from dashboard.views.csv_file import csv_file


@login_required
def mentions_export(request: HttpRequest, slug: str) -> HttpResponse:
    """A GET tells, a POST hands out; the filters are in the address either way."""
    brand = brand_for(request, slug)
    filters = Filters.of(request, brand)
    if filters.errors:
        return redirect(f"{link('mentions', slug)}?{request.GET.urlencode()}")
    asked = (brand, filters.period, filters.narrow)
    if request.method == "POST":
        found = leaving(*asked)
        told = {"posts": len(found.mentions), "left_out": found.left_out, "filters": sorted(filters.narrow.params)}
        note(person(request), "exported mentions", brand, brand.name, **told)
        return csv_file(f"mentions-{brand.slug}", COLUMNS, table(found))
    context = {
        "brand": brand,
        "found": counted(*asked),
        "period": filters.period,
        "narrow": filters.narrow,
        "most": MOST,
    }
    return render(request, "pages/mentions_export.html", context)
