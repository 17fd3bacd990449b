"""The page on which many of a brand's own accounts are added at once, and told what became of each line."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from dashboard.access import ADMINS, brand_for, person
from dashboard.accounts import Row, add_accounts
from dashboard.forms.handles import HandlesForm


@login_required
def handles(request: HttpRequest, slug: str) -> HttpResponse:
    """After a POST what was not added stands in the form again, to be mended."""
    brand = brand_for(request, slug, ADMINS)
    form, rows = HandlesForm(request.POST or None), list[Row]()
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        rows = add_accounts(brand, told["network"], told["handles"], person(request), timezone.now())
        left = "\n".join(row.written for row in rows if not row.kept)
        form = HandlesForm(initial={"network": told["network"], "handles": left})
    context = {"brand": brand, "form": form, "rows": rows, "kept": sum(row.kept for row in rows)}
    return render(request, "pages/settings/handles.html", context, status=422 if form.errors else 200)
