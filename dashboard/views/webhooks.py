"""The pages of a brand's webhooks: the list with their health, one with its log, and what an admin does there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from dashboard import webhooks as verbs
from dashboard.access import ADMINS, brand_for, person
from dashboard.forms.webhooks import WebhookForm
from dashboard.reports.webhooks import health_of, log_of
from dashboard.row_number import number_in
from dashboard.taken import Taken
from listening.models import Brand, Delivery, Webhook
from listening.secrets import Unreadable, unseal

SHOW_ONCE = "webhook_secret"
"""In the session: the webhook whose secret its page shows next, and only then."""


@login_required
def webhooks(request: HttpRequest, slug: str) -> HttpResponse:
    brand = brand_for(request, slug, ADMINS)
    context = {"brand": brand, "rows": health_of(brand.webhooks.all(), timezone.now())}
    return render(request, "pages/settings/webhooks.html", context)


@login_required
def webhook_new(request: HttpRequest, slug: str) -> HttpResponse:
    brand = brand_for(request, slug, ADMINS)
    form = WebhookForm(request.POST or None, brand=brand)
    if request.method == "POST" and form.is_valid():
        try:
            made = verbs.make(brand, form.cleaned_data, person(request), timezone.now())
        except Taken as error:
            form.add_error("name", str(error))
        else:
            return _to_its_page(request, made, show_secret=True)
    context = {"brand": brand, "form": form}
    return render(request, "pages/settings/webhook_new.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
def webhook(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One webhook: its health and log, and the form that changes it; after its secret was made also that, once."""
    brand, row = _found(request, slug, pk)
    form = WebhookForm(request.POST or None, brand=brand, webhook=row)
    if request.method == "POST" and form.is_valid():
        try:
            if verbs.change(row, form.cleaned_data, person(request)):
                messages.success(request, "Saved.")
            return _to_its_page(request, row)
        except Taken as error:
            form.add_error("name", str(error))
    now, state = timezone.now(), request.GET.get("state", "")
    context = {
        "brand": brand,
        "row": row,
        "form": form,
        "now": now,
        "health": health_of([row], now)[0],
        "log": log_of(row, state, now),
        "state": state,
        "states": Delivery.State.choices,
        "secret": _secret_once(request, row),
        "two_secrets": row.two_secrets(now),
    }
    return render(request, "pages/settings/webhook.html", context, status=422 if form.errors else 200)


def _secret_once(request: HttpRequest, row: Webhook) -> str:
    """ "" unless it was made by this person and not shown yet. Following the log is not looking at the secret."""
    if request.headers.get("HX-Request") or request.session.get(SHOW_ONCE) != row.pk:
        return ""
    del request.session[SHOW_ONCE]
    try:
        return unseal(row.secret)["secret"]
    except Unreadable:
        return ""


@login_required
@require_POST
def webhook_switch(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Switch it off, or with `on` on again."""
    _, row = _found(request, slug, pk)
    on = "on" in request.POST
    verbs.switch(row, on, person(request))
    messages.success(request, f"“{row.name}” is {'on: it hears of what happens from now on' if on else 'off'}.")
    return _to_its_page(request, row)


@login_required
@require_POST
def webhook_test(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    _, row = _found(request, slug, pk)
    verbs.test(row, person(request), timezone.now())
    messages.success(request, "A test is on its way. What came of it stands in the log.")
    return _to_its_page(request, row)


@login_required
@require_POST
def webhook_again(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Send all that failed once more, or with `message` one of them."""
    _, row = _found(request, slug, pk)
    one = number_in(request.POST["message"]) if "message" in request.POST else None
    n = verbs.again(row, person(request), timezone.now(), one)
    if not n:
        messages.info(request, "There was nothing to send again.")
    elif row.active:
        messages.success(request, f"{n:,} message{' is' if n == 1 else 's are'} on the way once more.")
    else:
        messages.warning(request, f"{n:,} message{' waits' if n == 1 else 's wait'} until the webhook is switched on.")
    return _to_its_page(request, row)


@login_required
@require_POST
def webhook_rotate(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Make a new secret, or with `stop` let the replaced one sign no more."""
    _, row = _found(request, slug, pk)
    if "stop" in request.POST:
        verbs.stop_old(row, person(request))
        messages.success(request, "The old secret signs no more.")
        return _to_its_page(request, row)
    verbs.rotate(row, person(request), timezone.now())
    return _to_its_page(request, row, show_secret=True)


@login_required
@require_POST
def webhook_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    _, row = _found(request, slug, pk)
    verbs.remove(row, person(request))
    messages.success(request, f"“{row.name}” is deleted, with its secret and its log.")
    return redirect("webhooks", slug)


def _found(request: HttpRequest, slug: str, pk: int) -> tuple[Brand, Webhook]:
    brand = brand_for(request, slug, ADMINS)
    return brand, get_object_or_404(brand.webhooks.select_related("brand"), pk=pk)


def _to_its_page(request: HttpRequest, row: Webhook, show_secret: bool = False) -> HttpResponse:
    if show_secret:
        request.session[SHOW_ONCE] = row.pk
    return redirect("webhook", row.brand.slug, row.pk)
