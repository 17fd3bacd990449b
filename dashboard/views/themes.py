"""What is being talked about: the page of a brand's themes, and what admins do to them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from dashboard import theming
from dashboard.access import ADMIN, ADMINS, brand_for, person
from dashboard.forms.filters import Filters
from dashboard.forms.themes import MergeForm, ThemeForm
from dashboard.reports.narrow import Narrow
from dashboard.reports.themes import themes as report
from dashboard.views.row_context import of_row
from listening.models import Theme

SORTING = "Mentions are sorted anew in the background, the newest first; the figures follow within minutes."


@login_required
def themes(request: HttpRequest, slug: str) -> HttpResponse:
    brand = brand_for(request, slug)
    filters = Filters.of(request, brand)
    context = of_row(brand) | {
        "period": filters.period,
        "narrow": Narrow(),
        "view": report(brand, filters.period),
        "is_admin": brand.role == ADMIN,
    }
    return render(request, "pages/themes.html", context)


@login_required
def theme_new(request: HttpRequest, slug: str) -> HttpResponse:
    brand = brand_for(request, slug, ADMINS)
    form = ThemeForm(request.POST or None, brand=brand)
    if request.method == "POST" and form.is_valid():
        made = theming.make(brand, person(request), **form.cleaned_data)
        messages.success(request, f"“{made.title}” is made. {SORTING}")
        return redirect("themes", slug)
    context = {"brand": brand, "form": form, "theme": None}
    return render(request, "pages/theme.html", context, status=422 if form.errors else 200)


@login_required
def theme(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    brand = brand_for(request, slug, ADMINS)
    row = get_object_or_404(Theme.objects.filter(brand=brand).shown(), pk=pk)
    form = ThemeForm(request.POST or None, brand=brand, theme=row)
    if request.method == "POST" and form.is_valid():
        theming.change(row, person(request), form.cleaned_data["name"], form.cleaned_data.get("query", ""))
        messages.success(request, f"“{row.title}” is saved.")
        return redirect("themes", slug)
    context = {"brand": brand, "form": form, "theme": row, "merge": MergeForm(theme=row)}
    return render(request, "pages/theme.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def theme_merge(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    brand = brand_for(request, slug, ADMINS)
    row = get_object_or_404(Theme.objects.filter(brand=brand).shown(), pk=pk)
    form = MergeForm(request.POST, theme=row)
    if not form.is_valid():
        messages.error(request, "Choose a theme of this brand to merge into.")
        return redirect("theme", slug, pk)
    into = form.cleaned_data["into"]
    theming.merge(row, into, person(request))
    messages.success(request, f"“{row.title}” is part of “{into.title}” now. {SORTING}")
    return redirect("themes", slug)


@login_required
@require_POST
def theme_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    brand = brand_for(request, slug, ADMINS)
    row = get_object_or_404(Theme.objects.filter(brand=brand).shown(), pk=pk)
    theming.remove(row, person(request))
    messages.success(request, f"“{row.title}” is removed. {SORTING}")
    return redirect("themes", slug)
