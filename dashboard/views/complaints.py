"""Complaints: the mentions that need somebody, addressed ones first, with the team's work on them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from dashboard.access import WORKERS, brand_for, person
from dashboard.cases.changing import Stale
from dashboard.cases.working import work_on, work_on_same
from dashboard.chips import chips, choices, kind_choices
from dashboard.forms.case import CaseForm
from dashboard.forms.filters import Filters
from dashboard.reports import complaints as report
from dashboard.reports.complaints import Work
from dashboard.reports.mentions import DEFERRED
from dashboard.reports.spread import spread
from dashboard.views.coming_back import back
from dashboard.views.row_context import of_case
from listening.models import Brand, Case, Mention


@login_required
def complaints(request: HttpRequest, slug: str) -> HttpResponse:
    """The list of one status, with the number of every status."""
    brand = brand_for(request, slug)
    filters = Filters.of(request, brand)
    status = request.GET.get("status", "")
    status = status if status in Case.Status.values else Case.Status.NEW
    period, narrow = filters.period, filters.narrow.but(complaint=True, own=False, text="")
    order = report.PRIORITY if request.GET.get("order") == report.PRIORITY else report.NEWEST
    work = Work(status, person(request).pk if request.GET.get("mine") else None, order)
    found = spread(brand, period)
    context = of_case(brand, person(request)) | {
        "filters": filters,
        "period": period,
        "narrow": narrow.but(complaint=None),
        "status": status,
        "extra": {"status": status} | ({"order": order} if order != report.NEWEST else {}),
        "order": "" if order == report.NEWEST else order,
        "page_name": "complaints",
        "listing": report.listing(brand, period, narrow, work, report.Spot.read(request.GET.get("after", ""))),
        "counts": report.counts(brand, period, narrow),
        "chips": chips("complaints", brand, period, narrow.but(complaint=None), status=status, order=order),
        "choices": choices(narrow, found.networks, found.languages) | {"kind": kind_choices(brand, narrow)},
    }
    return render(request, "pages/complaints.html", context)


@login_required
@require_POST
def complaint(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change status or assignee of a complaint, or add a note."""
    brand = brand_for(request, slug, WORKERS)
    mention = get_object_or_404(Mention.objects.filter(brand=brand, hidden="").defer(*DEFERRED), pk=pk)
    form = CaseForm(request.POST, workers=report.workers(brand))
    if not form.is_valid():
        messages.error(request, " ".join(str(sentence) for errors in form.errors.values() for sentence in errors))
        return back(request, brand, "complaints")
    was = Case.objects.filter(mention=mention).values_list("assignee", flat=True).first()
    try:
        work_on(mention, person(request), version=form.cleaned_data["version"], **form.changes)
    except Stale as error:
        if getattr(request, "htmx", False):
            return case_row(request, brand, pk, str(error))
        messages.error(request, str(error))
        return back(request, brand, "complaints")
    if request.POST.get("same") == "yes":
        work_on_same(mention, person(request), was, **form.changes)
    if getattr(request, "htmx", False):
        return case_row(request, brand, pk)
    messages.success(request, "Saved.")
    return back(request, brand, "complaints")


def case_row(request: HttpRequest, brand: Brand, pk: int, stale: str = "") -> HttpResponse:
    """The complaint's row alone, for htmx to put in the place of the old one; `stale` says why nothing was saved."""
    context = of_case(brand, person(request)) | {"case": report.row(brand, pk), "stale": stale}
    return render(request, "pages/mention_row.html", context)
