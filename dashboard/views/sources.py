"""The pages of a brand's sources: the list with their health, one source with its log, add, change, try."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from dashboard import bells
from dashboard.access import ADMINS, administered, brand_for, person
from dashboard.audit import note
from dashboard.connect import check, check_row
from dashboard.forms.sources import SourceForm
from dashboard.kinds import MADE_ELSEWHERE, addable, described
from dashboard.reports.forgetting import of_source
from dashboard.reports.health import health_of
from dashboard.reports.webhooks import stopped
from ingest.sources import CATALOGUE, load
from ingest.sources.base import Check, Source as Kind
from listening.models import Brand, Source

WATCHED_SECONDS = 180
PULLS_SHOWN, GAPS_SHOWN, ASIDE_SHOWN = 20, 10, 20


@login_required
def sources(request: HttpRequest, slug: str) -> HttpResponse:
    brand = brand_for(request, slug, ADMINS)
    now = timezone.now()
    context = {
        "brand": brand,
        "rows": health_of(brand.sources.all(), now),
        "stopped_webhooks": stopped(brand),
        "kinds": [described(kind) for kind in addable()],
        "now": now,
    }
    return render(request, "pages/settings/sources.html", context)


@login_required
def source(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One source: its health and log, and the form that changes it."""
    brand, row = _found(request, slug, pk)
    mine = _may_change(request, row)
    form = _form(request, load(row.kind), brand, row) if mine else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied(
                "This source also serves brands that you do not administer. Ask one of their admins."
            )
        if form.is_valid():
            return _save(request, brand, form, "changed source", "Saved. It is pulled in a moment.")
    return _source_page(request, brand, row, form)


def _source_page(
    request: HttpRequest, brand: Brand, row: Source, form: SourceForm | None, checked: Check | None = None
) -> HttpResponse:
    now = timezone.now()
    context = {
        "brand": brand,
        "row": row,
        "health": health_of([row], now)[0],
        "forgetting": of_source(row, now),
        "kind": described(load(row.kind)),
        "form": form,
        "check": checked,
        "pulls": row.pulls.all()[:PULLS_SHOWN],
        "gaps": row.gaps.order_by("-end")[:GAPS_SHOWN],
        "aside": row.quarantine.all()[:ASIDE_SHOWN],
        "now": now,
        "watch": _watching(request, row, now),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "pages/settings/source.html", context, status=status)


def _watching(request: HttpRequest, row: Source, now: datetime) -> bool:
    """Whether a pull that was rung for at `since` (seconds since 1970, from the address) has not ended yet."""
    since = request.GET.get("since", "")
    if not since.isdecimal() or not 0 <= now.timestamp() - int(since[:12]) < WATCHED_SECONDS:
        return False
    begun = datetime.fromtimestamp(int(since[:12]), UTC)
    return not row.pulls.filter(finished_at__gte=begun).exists()


@login_required
@sensitive_post_parameters()
def source_new(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Add a source; the button "test" tries what was written and saves nothing."""
    brand = brand_for(request, slug, ADMINS)
    found = _kind(kind)
    form = _form(request, found, brand, None)
    checked = None
    if request.method == "POST" and form.is_valid():
        if "test" not in request.POST:
            return _save(request, brand, form, "added source", "Added. The first posts are on their way.")
        checked = check(found, form.settings, form.credentials)
    context = {"brand": brand, "kind": described(found), "form": form, "check": checked}
    return render(request, "pages/settings/source_new.html", context, status=422 if form.errors else 200)


def _save(request: HttpRequest, brand: Brand, form: SourceForm, verb: str, said: str) -> HttpResponse:
    row = form.save(timezone.now())
    note(
        person(request),
        verb,
        brand,
        row.name,
        kind=row.kind,
        fields=[name.removeprefix("f_") for name in form.changed_data],
    )
    messages.success(request, said)
    if not row.brands.filter(pk=brand.pk).exists():
        return redirect("sources", brand.slug)
    return redirect("source", brand.slug, row.pk)


@login_required
@require_POST
def source_test(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Try the stored connection; what was found out is shown and nothing is changed."""
    brand, row = _found(request, slug, pk)
    checked = check_row(row)
    if request.headers.get("HX-Request"):
        return render(request, "pages/settings/_check.html", {"check": checked})
    form = _form(request, load(row.kind), brand, row, bound=False) if _may_change(request, row) else None
    return _source_page(request, brand, row, form, checked)


@login_required
@require_POST
def source_pull(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    _, row = _found(request, slug, pk)
    if row.state == Source.State.PAUSED:
        messages.error(request, f"{row.name} is paused: resume it first.")
    elif bells.pull(row):
        messages.success(request, f"{row.name} is pulled now; the log below shows how it goes.")
    else:
        messages.info(request, f"{row.name} is being pulled at this moment.")
    return redirect(f"{reverse('source', args=[slug, pk])}?since={int(timezone.now().timestamp())}")


@login_required
@require_POST
def source_pause(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Pause, or with `resume` go on."""
    brand, row = _found(request, slug, pk)
    _require_all_brands(request, row)
    resume = "resume" in request.POST
    state = Source.State.ON if resume else Source.State.PAUSED
    Source.objects.filter(pk=pk).update(state=state, next_pull_at=timezone.now())
    note(person(request), "resumed source" if resume else "paused source", brand, row.name)
    said = "goes on where it stopped" if resume else "is paused: charts will show these hours as not collected"
    messages.success(request, f"{row.name} {said}.")
    return redirect("source", slug, pk)


@login_required
@require_POST
def source_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take the source from this brand; when no other brand uses it, it goes. Mentions stay."""
    brand, row = _found(request, slug, pk)
    row.brands.remove(brand)
    if not row.brands.exists():
        row.delete()
    note(person(request), "removed source", brand, row.name, kind=row.kind)
    messages.success(request, f"{row.name} no longer listens for {brand.name}. The mentions it brought stay.")
    return redirect("sources", slug)


@login_required
@require_POST
def quarantine_retry(request: HttpRequest, slug: str, pk: int, aside: int) -> HttpResponse:
    brand, row = _found(request, slug, pk)
    one = get_object_or_404(row.quarantine, pk=aside)
    bells.retry(one.pk)
    note(person(request), "retried post", brand, row.name)
    messages.success(request, "It is tried again; if it can be taken in, it leaves this list.")
    return redirect("source", slug, pk)


def _found(request: HttpRequest, slug: str, pk: int) -> tuple[Brand, Source]:
    brand = brand_for(request, slug, ADMINS)
    return brand, get_object_or_404(brand.sources, pk=pk, kind__in=CATALOGUE)


def _may_change(request: HttpRequest, row: Source) -> bool:
    """Whether the person administers every brand that the source serves."""
    return not row.brands.exclude(pk__in=administered(person(request))).exists()


def _require_all_brands(request: HttpRequest, row: Source) -> None:
    if not _may_change(request, row):
        raise PermissionDenied("This source also serves brands that you do not administer. Ask one of their admins.")


def _form(request: HttpRequest, kind: type[Kind], brand: Brand, row: Source | None, bound: bool = True) -> SourceForm:
    data: Any = request.POST if bound and request.method == "POST" else None
    return SourceForm(data, kind=kind, user=person(request), brand=brand, source=row)


def _kind(kind: str) -> type[Kind]:
    if kind not in CATALOGUE or kind in MADE_ELSEWHERE:
        raise Http404("Earshot has no such source to add.")
    return load(kind)
