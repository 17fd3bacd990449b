"""People's requests about their own data, for administrators of the installation."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from dashboard.access import require_superuser
from dashboard.forms.rights import IdentityForm, RequestForm
from dashboard.rights import settling
from dashboard.rights.export import export
from dashboard.rights.finding import Found, found
from listening.models import RightsRequest
from listening.secrets import Unreadable

SHOWN = 50
LIST, ONE, READABLE = "pages/settings/rights_requests.html", "pages/settings/rights_request.html", "pages/export.html"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that is open, with who asks."""

    row: RightsRequest
    who: str
    overdue: bool


@login_required
@sensitive_post_parameters()
def rights_requests(request: HttpRequest) -> HttpResponse:
    user, today = require_superuser(request), timezone.localdate()
    form = RequestForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        made = settling.enter(told["network"], told["told"], told["kind"], told["received"], user)
        return redirect("rights_request", made.pk)
    open_ = RightsRequest.objects.filter(state=RightsRequest.State.OPEN)
    settled = RightsRequest.objects.exclude(state=RightsRequest.State.OPEN).select_related("opt_out", "settled_by")
    context = {
        "form": form,
        "open": [_asked(row, today) for row in open_],
        "settled": settled.order_by("-settled_at")[:SHOWN],
    }
    return render(request, LIST, context, status=422 if form.errors else 200)


@login_required
@never_cache
def rights_request(request: HttpRequest, pk: int) -> HttpResponse:
    """One request with what is kept of its person; a POST says how their identity was checked."""
    user, row = require_superuser(request), _one(pk)
    form = IdentityForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        settling.check_identity(row, form.cleaned_data["how"], user, timezone.now())
        return redirect("rights_request", pk)
    asked = _asked(row, timezone.localdate())
    context = {"row": row, "asked": asked, "found": _found(row), "form": form}
    return render(request, ONE, context, status=422 if form.errors else 200)


@login_required
@require_POST
def rights_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Do what was asked, or with `decline` nothing; either way the name goes."""
    user, row, now = require_superuser(request), _one(pk), timezone.now()
    try:
        if "decline" in request.POST:
            done, said = settling.decline(row, user, now), "Declined, and the name is gone."
        else:
            done, said = settling.settle(row, user, now), "Settled, and the name is gone from here."
    except (settling.NotYet, Unreadable) as error:
        messages.error(request, str(error))
        return redirect("rights_request", pk)
    messages.success(request, said if done else "It was settled before.")
    return redirect("rights_requests")


@login_required
@never_cache
@require_safe
def rights_export(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Everything that is kept of the person, as JSON or as a page to print; that it was taken out is noted."""
    user, row, now = require_superuser(request), _one(pk), timezone.now()
    try:
        told = settling.who(row)
        settling.note_export(row, form, user, now)
    except (settling.NotYet, Unreadable) as error:
        messages.error(request, str(error))
        return redirect("rights_request", pk)
    content = export(row, told, now)
    if form == "html":
        return render(request, READABLE, {"told": content, "now": now})
    answer = JsonResponse(content, json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="request-{row.pk}.json"'
    return answer


def _one(pk: int) -> RightsRequest:
    return get_object_or_404(RightsRequest.objects.select_related("opt_out", "identity_by", "settled_by"), pk=pk)


def _asked(row: RightsRequest, today: date) -> Asked:
    try:
        told = settling.who(row)
    except Unreadable:
        return Asked(row, "cannot be read any more: the key of this installation changed", row.overdue(today))
    return Asked(row, told.get("handle") or told.get("id", ""), row.overdue(today))


def _found(row: RightsRequest) -> Found | None:
    try:
        return found(row.network, settling.who(row)) if row.state == RightsRequest.State.OPEN else None
    except Unreadable:
        return None
