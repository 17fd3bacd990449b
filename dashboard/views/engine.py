"""The page of a brand's engine: choose it, and read the stored mentions again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from dashboard import bells
from dashboard.access import ADMINS, brand_for, person
from dashboard.audit import note
from dashboard.forms.engine import EngineForm
from dashboard.reports.rescoring import standing
from listening import engines
from listening.models import Brand
from listening.rescoring import begin, cancel


@login_required
def engine(request: HttpRequest, slug: str) -> HttpResponse:
    brand = brand_for(request, slug, ADMINS)
    form = EngineForm(request.POST or None, brand=brand)
    if request.method == "POST" and form.is_valid():
        brand.engine = form.cleaned_data["engine"]
        brand.save(update_fields=["engine"])
        note(person(request), "changed engine", brand, engines.chosen(brand), engine=brand.engine)
        said = f"{engines.chosen(brand)} reads new mentions from the next pull on."
        messages.success(request, said + (_read_again(request, brand) if form.cleaned_data["again"] else ""))
        return redirect("engine", slug)
    context = {"brand": brand, "form": form, "standing": standing(brand)}
    return render(request, "pages/settings/engine.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def rescore(request: HttpRequest, slug: str) -> HttpResponse:
    """Read the stored mentions again with the engine that is chosen, or stop doing so."""
    brand = brand_for(request, slug, ADMINS)
    if request.POST.get("cancel") != "yes":
        messages.success(request, _read_again(request, brand).strip() or "Nothing is left to read again.")
    elif cancel(brand, timezone.now()):
        note(person(request), "cancelled rescore", brand, engines.chosen(brand))
        messages.success(request, "Stopped. What was read again stays; the rest keeps the findings it had.")
    return redirect("engine", slug)


def _read_again(request: HttpRequest, brand: Brand) -> str:
    """Begin, when there is something to read; what was done as a sentence."""
    if not standing(brand).old:
        return ""
    row = begin(brand, engines.chosen(brand), person(request), timezone.now())
    bells.read_again(row.pk)
    note(person(request), "began rescore", brand, row.engine)
    return " The stored ones are being read again; this page shows how far that is."
