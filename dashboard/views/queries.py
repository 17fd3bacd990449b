"""The pages of a brand's queries: the list, the editor with its preview, and the history."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from dashboard.access import ADMINS, brand_for, person
from dashboard.audit import note
from dashboard.forms.queries import QueryForm
from dashboard.preview import Preview, preview
from dashboard.row_number import number_in
from listening.models import Brand, Query
from listening.revise import Outdated, begin, revise, ring_sources


@login_required
def queries(request: HttpRequest, slug: str) -> HttpResponse:
    brand = brand_for(request, slug, ADMINS)
    return render(request, "pages/settings/queries.html", {"brand": brand, "queries": brand.queries.all()})


@login_required
def query_new(request: HttpRequest, slug: str) -> HttpResponse:
    return _editor(request, brand_for(request, slug, ADMINS), None)


@login_required
def query(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    brand = brand_for(request, slug, ADMINS)
    return _editor(request, brand, get_object_or_404(brand.queries, pk=pk))


def _editor(request: HttpRequest, brand: Brand, row: Query | None) -> HttpResponse:
    """Without JavaScript the button "preview" comes back here; with it, `query_preview` answers."""
    form = QueryForm(request.POST or None, brand=brand, query=row)
    if request.method != "POST":
        return _page(request, brand, row, form)
    if "preview" in request.POST or "fetch" in request.POST:
        found = preview(form, person(request), fetch="fetch" in request.POST)
        return _page(request, brand, row, form, found)
    if form.is_valid() and (saved := _save(request, brand, row, form)):
        messages.success(request, f"Saved as version {saved.version}. The next pull uses it; what is stored stays.")
        return redirect("query", brand.slug, saved.pk)
    return _page(request, brand, row, form)


def _page(
    request: HttpRequest, brand: Brand, row: Query | None, form: QueryForm, found: Preview | None = None
) -> HttpResponse:
    versions = row.versions.select_related("author") if row else ()
    context = {"brand": brand, "query": row, "form": form, "preview": found, "versions": versions}
    return render(request, "pages/settings/query.html", context, status=422 if form.errors else 200)


def _save(request: HttpRequest, brand: Brand, row: Query | None, form: QueryForm) -> Query | None:
    """The saved query; None when somebody else was faster, which the form then says."""
    values = {name: form.cleaned_data[name] for name in ("name", "must_match", "must_not_match", "active")}
    text, author = form.cleaned_data["text"], person(request)
    try:
        with transaction.atomic():
            if row is None:
                row = begin(brand, text=text, author=author, **values)
            else:
                row.version = form.cleaned_data["version"] or row.version
                revise(row, text, author)
                Query.objects.filter(pk=row.pk).update(**values)
            note(author, "changed query", brand, values["name"], version=row.version, fields=form.changed_data)
            ring_sources(brand)
    except Outdated as error:
        form.add_error(None, str(error))
        return None
    return row


@login_required
@require_POST
def query_preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The preview alone, for a text that is being written; `query` is the id of the one that would change."""
    brand = brand_for(request, slug, ADMINS)
    row = brand.queries.filter(pk=number_in(request.POST.get("query", ""))).first()
    form = QueryForm(request.POST, brand=brand, query=row)
    found = preview(form, person(request), fetch="fetch" in request.POST)
    return render(
        request, "pages/settings/_preview.html", {"preview": found, "form": form, "brand": brand, "query": row}
    )


@login_required
@require_POST
def query_restore(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Make an earlier text live again, as a new version."""
    brand = brand_for(request, slug, ADMINS)
    row = get_object_or_404(brand.queries, pk=pk)
    former = get_object_or_404(row.versions, number=number_in(request.POST.get("number", "")))
    try:
        changed = revise(row, former.text, person(request))
    except Outdated as error:
        messages.error(request, str(error))
        return redirect("query", slug, pk)
    if changed:
        note(person(request), "restored query", brand, row.name, version=row.version, restored=former.number)
        ring_sources(brand)
    messages.success(request, f"Version {former.number} is live again, as version {row.version}.")
    return redirect("query", slug, pk)


@login_required
@require_POST
def query_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    brand = brand_for(request, slug, ADMINS)
    row = get_object_or_404(brand.queries, pk=pk)
    row.delete()
    note(person(request), "deleted query", brand, row.name, text=row.text)
    messages.success(request, f"The query “{row.name}” is deleted. The mentions that it found stay.")
    return redirect("queries", slug)
