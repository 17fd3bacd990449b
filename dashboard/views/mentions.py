"""The list of mentions of a brand, one mention, and correcting it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from dashboard.access import WORKERS, brand_for, person
from dashboard.chips import chips, choices, own_chip
from dashboard.correcting import correct as put_right
from dashboard.forms.correction import Correction
from dashboard.forms.filters import Filters
from dashboard.reports import mentions as lists, search
from dashboard.reports.complaints import row as case_row
from dashboard.reports.judgement import judgement
from dashboard.reports.mentions import Listing, Place
from dashboard.reports.spread import spread
from dashboard.revealing import revealing
from dashboard.row_number import number_in
from dashboard.views.coming_back import back
from dashboard.views.row_context import of_case, of_row
from listening.asking import look
from listening.models import Brand, Case, Line, Mention, Split

FRESH_AT_MOST = 50


@login_required
def mentions(request: HttpRequest, slug: str) -> HttpResponse:
    """The list; with `fresh=1,2,3` only those new mentions that belong on top of it."""
    brand = brand_for(request, slug)
    filters = Filters.of(request, brand)
    if "fresh" in request.GET:
        return fresh(request, brand, filters)
    period, narrow = filters.period, filters.narrow
    after = Place.read(request.GET.get("after", ""))
    shown = Listing([], None, 0) if filters.errors else search.listing(brand, period, narrow, after)
    found = spread(brand, period)
    context = of_row(brand) | {
        "filters": filters,
        "period": period,
        "narrow": narrow,
        "listing": shown,
        "after": after,
        "page_name": "mentions",
        "chips": [*chips("mentions", brand, period, narrow), own_chip("mentions", brand, period, narrow)],
        "choices": choices(narrow, found.networks, found.languages),
    }
    return render(request, "pages/mentions.html", context)


def fresh(request: HttpRequest, brand: Brand, filters: Filters) -> HttpResponse:
    """New mentions as rows for the top of an open list."""
    ids = list(filter(None, map(number_in, request.GET["fresh"].split(",")[:FRESH_AT_MOST])))
    rows = search.among(brand, filters.period, filters.narrow, ids) if filters.is_valid() else []
    return render(request, "pages/mention_rows.html", of_row(brand) | {"rows": rows, "fresh": True})


@login_required
def mention(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One mention with everything that is known about it."""
    brand = brand_for(request, slug)
    found = _one(brand, pk)
    case = Case.objects.select_related("brand", "mention__author").filter(mention=found).first()
    policy, now = Line.objects.of(brand).read(), timezone.now()
    asked = look(found, policy, now)
    shown = lists.rows(brand, [found], line={pk: asked[0]})[0]
    works = brand.role in WORKERS
    told = revealing(case, person(request), now, (policy, asked)) if case and works else None
    context = of_row(brand) | {
        "row": shown,
        "revealing": told,
        "names": {pk: told.shown} if told else {},
        "mention": found,
        "judgement": judgement(found, Case.Status.NEW, now),
        "parted": Split.objects.filter(mention=found).exists(),
    }
    return render(request, "pages/mention.html", context)


@login_required
@require_POST
def correct(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A person's word on sentiment or complaint, or back to the machine's; it wins for ever."""
    brand = brand_for(request, slug, WORKERS)
    form = Correction(request.POST)
    if not form.is_valid():
        messages.error(request, "That is no sentiment or complaint to choose from. Reload the page and try again.")
        return back(request, brand)
    said = put_right(_one(brand, pk), person(request), **form.changes)
    if getattr(request, "htmx", False):
        return row(request, brand, pk, form.cleaned_data["shape"])
    messages.success(request, said)
    return back(request, brand)


def row(request: HttpRequest, brand: Brand, pk: int, shape: str) -> HttpResponse:
    """The mention's row alone, for htmx to put in the place of the old one."""
    if shape == "case":
        return render(
            request, "pages/mention_row.html", of_case(brand, person(request)) | {"case": case_row(brand, pk)}
        )
    return render(request, "pages/mention_row.html", of_row(brand) | {"row": lists.rows(brand, [_one(brand, pk)])[0]})


def _one(brand: Brand, pk: int) -> Mention:
    mentions_ = Mention.objects.filter(brand=brand, hidden="").select_related("author").defer(*lists.DEFERRED)
    return get_object_or_404(mentions_, pk=pk)
