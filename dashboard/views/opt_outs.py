"""The administrator's page of people who stepped out: who waits, enter somebody, take a list."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from dashboard.access import require_superuser
from dashboard.forms.stepping_out import EnterForm, ListForm
from dashboard.opting_out import Row, decide, enter, kept, take_list
from listening.models import OptOutRequest
from listening.secrets import Unreadable, unseal

PAGE = "pages/settings/opt_outs.html"
SHOWN = 50
WAITING = (OptOutRequest.State.OPEN, OptOutRequest.State.ASKED)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that waits, opened for the administrator."""

    row: OptOutRequest
    who: str


@login_required
def opt_outs(request: HttpRequest) -> HttpResponse:
    user = require_superuser(request)
    listing = "file" in request.FILES
    form = EnterForm(request.POST if request.method == "POST" and not listing else None)
    list_form = ListForm(request.POST if listing else None, request.FILES if listing else None)
    if request.method != "POST":
        return _page(request, form, list_form, [])
    if listing:
        rows = take_list(list_form.cleaned_data["file"], user) if list_form.is_valid() else []
        return _page(request, form, list_form, rows)
    if not form.is_valid():
        return _page(request, form, list_form, [])
    told = form.cleaned_data
    enter(told["network"], {"handle": told["handle"]}, told["scope"], "an administrator", user)
    messages.success(request, "It is done in a moment; the receipt is below.")
    return redirect("opt_outs")


@login_required
@require_POST
def opt_out_decide(request: HttpRequest, pk: int) -> HttpResponse:
    user = require_superuser(request)
    agreed = "agree" in request.POST
    if decide(get_object_or_404(OptOutRequest, pk=pk), agreed, user):
        messages.success(request, "Agreed: it is done in a moment." if agreed else "Declined, and the name is gone.")
    return redirect("opt_outs")


def _who(row: OptOutRequest) -> str:
    try:
        return next(iter(unseal(row.sealed).values()), "")
    except Unreadable:
        return "cannot be read any more: the key of this installation changed"


def _page(request: HttpRequest, form: EnterForm, list_form: ListForm, rows: list[Row]) -> HttpResponse:
    waiting = (
        OptOutRequest.objects.filter(state__in=WAITING).select_related("mention__brand").order_by("created_at")[:SHOWN]
    )
    context = {
        "form": form,
        "list_form": list_form,
        "rows": rows,
        "waiting": [Asked(row, _who(row)) for row in waiting],
        "settled": OptOutRequest.objects.exclude(state__in=WAITING)[:SHOWN],
        "kept": kept(),
    }
    status = 422 if form.errors or list_form.errors else 200
    return render(request, PAGE, context, status=status)
