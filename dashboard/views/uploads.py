"""The pages of imports: hand in a file, confirm how it is read, see what became of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from dashboard.access import ADMINS, brand_for, person
from dashboard.audit import note
from dashboard.forms.uploads import PlanForm, UploadForm
from dashboard.uploads import STARTABLE, Unusable, confirm, discard, errors_file, take
from listening.interest import not_yet
from listening.models import Brand, Upload

SHOWN = 50


@login_required
def uploads(request: HttpRequest, slug: str) -> HttpResponse:
    brand = brand_for(request, slug, ADMINS)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and (refused := not_yet(brand)):
        form.add_error("file", refused)
    elif request.method == "POST" and form.is_valid():
        try:
            upload = take(brand, form.cleaned_data["file"], person(request))
        except Unusable as error:
            form.add_error("file", str(error))
        else:
            return redirect("upload", slug, upload.pk)
    context = {"brand": brand, "form": form, "uploads": brand.uploads.select_related("user")[:SHOWN]}
    return render(request, "pages/settings/uploads.html", context, status=422 if form.errors else 200)


@login_required
def upload(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A guessed file is confirmed here; a queued one shows how far it is."""
    brand = brand_for(request, slug, ADMINS)
    row = get_object_or_404(brand.uploads, pk=pk)
    if request.method == "POST" and "discard" in request.POST:
        return _discard(request, brand, row)
    form = PlanForm(request.POST or None, plan=row.plan) if row.state in STARTABLE else None
    if request.method == "POST" and form is not None and form.is_valid():
        if confirm(row, form.confirmed):
            note(person(request), "imported file", brand, row.name)
        messages.success(request, "The import is queued; this page shows how it goes.")
        return redirect("upload", slug, pk)
    context = {"brand": brand, "upload": row, "form": form, "table": _table(row)}
    return render(request, "pages/settings/upload.html", context, status=422 if form and form.errors else 200)


def _discard(request: HttpRequest, brand: Brand, row: Upload) -> HttpResponse:
    if discard(row):
        messages.success(request, f"{row.name} is thrown away.")
    return redirect("uploads", brand.slug)


def _table(row: Upload) -> list[list[str]]:
    """The sample rows in the order of the columns."""
    return [[str(one.get(name, "")) for name in row.plan.get("names", [])] for one in row.plan.get("sample", [])]


@login_required
def upload_errors(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """The rows that could not be read, as the import wrote them down."""
    brand = brand_for(request, slug, ADMINS)
    row = get_object_or_404(brand.uploads, pk=pk)
    path = errors_file(row)
    if path is None:
        raise Http404("This import has no list of errors.")
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"errors of {row.name}.csv")
