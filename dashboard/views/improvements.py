"""Improvements: the board, one of them with what stands behind it and what it brought, and making one."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from dashboard import improving
from dashboard.access import ADMIN, ADMINS, ANYBODY, WORKERS, brand_for, person
from dashboard.cases.changing import Stale as CaseStale
from dashboard.forms.improvement import NewImprovementForm, PublicForm, WorkForm
from dashboard.improvement_chart import chart, table
from dashboard.reports import improvements as report
from dashboard.reports.complaints import workers
from dashboard.reports.effect_words import CAUTION, in_a_sentence, mentions_told, others_told
from dashboard.reports.effects import around, headline, sides, windows
from dashboard.reports.narrow import Narrow
from dashboard.reports.theme_days import daily, target
from dashboard.row_number import number_in
from dashboard.templatetags.earshot import link
from listening.models import Brand, Case, Improvement, Theme


@login_required
def improvements(request: HttpRequest, slug: str) -> HttpResponse:
    brand = brand_for(request, slug)
    context = {
        "brand": brand,
        "board": report.board(brand, timezone.now()),
        "can_work": brand.role in WORKERS,
        "public": report.has_public(brand),
    }
    return render(request, "pages/improvements.html", context)


@login_required
def improvement_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Out of `theme` or `case`, or by hand; with `leave` the case is closed without an answer."""
    brand = brand_for(request, slug, WORKERS)
    case = _case(brand, request.POST.get("case") or request.GET.get("case", ""))
    form = _new_form(request, brand, case)
    if request.method == "POST" and form.is_valid():
        try:
            made = _made(request, brand, case, form)
        except CaseStale as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _said(form, case))
            return redirect("improvement", slug, made.pk)
    context = {"brand": brand, "form": form, "case": case}
    return render(request, "pages/improvement_new.html", context, status=422 if form.errors else 200)


@login_required
def improvement(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    brand = brand_for(request, slug, WORKERS if request.method == "POST" else ANYBODY)
    row, now = _one(brand, pk), timezone.now()
    if request.method != "POST":
        return _page(request, brand, row, now)
    form = WorkForm(request.POST, improvement=row, now=now, workers=workers(brand))
    return _saved(request, row, form, now) or _page(request, brand, row, now, form=form)


@login_required
@require_POST
def improvement_public(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What everybody may read; an admin decides."""
    brand = brand_for(request, slug, ADMINS)
    row, now = _one(brand, pk), timezone.now()
    form = PublicForm(request.POST)
    return _saved(request, row, form, now) or _page(request, brand, row, now, public_form=form)


@login_required
@require_POST
def improvement_case(request: HttpRequest, slug: str, pk: int, case: int) -> HttpResponse:
    """Take a case away from it."""
    brand = brand_for(request, slug, WORKERS)
    row = _one(brand, pk)
    improving.take_case(row, get_object_or_404(row.cases.all(), pk=case), person(request))
    messages.success(request, "The case does not stand behind it any more. The case itself is as it was.")
    return redirect("improvement", slug, pk)


def _saved(request: HttpRequest, row: Improvement, form: WorkForm | PublicForm, now: datetime) -> HttpResponse | None:
    """Back to the page; None where the form is wrong or somebody else was faster, which it then says."""
    if not form.is_valid():
        return None
    try:
        improving.change(row, form.cleaned_data["version"], person(request), now, **form.values)
    except improving.Stale as error:
        form.add_error(None, str(error))
        return None
    messages.success(request, "Saved.")
    return redirect("improvement", row.brand.slug, row.pk)


def _page(request: HttpRequest, brand: Brand, row: Improvement, now: datetime, **forms: Any) -> HttpResponse:
    row = _one(brand, row.pk)
    found = windows(row, now)
    chosen = next((one for one in found if str(one.days) == request.GET.get("days")), headline(found))
    zone = ZoneInfo(brand.time_zone)
    context = {
        "brand": brand,
        "row": row,
        "theme": target(row.theme) if row.theme else None,
        "done_on": row.done_at.astimezone(zone).date() if row.done_at else None,
        "form": WorkForm(improvement=row, now=now, workers=workers(brand)),
        "public_form": PublicForm(
            initial={"public": row.public, "said": row.said, "did": row.did, "version": row.version}
        ),
        "windows": found,
        "window": chosen,
        "verdict": report.verdict(chosen),
        "sentence": in_a_sentence(chosen, zone) if chosen else "",
        "spoken": mentions_told(chosen.effect) if chosen and chosen.effect else "",
        "others": others_told(chosen.effect) if chosen and chosen.effect else "",
        "caution": CAUTION,
        "behind": report.cases_behind(row),
        "can_work": brand.role in WORKERS,
        "is_admin": brand.role == ADMIN,
        **_drawn(brand, row, chosen, now),
        **forms,
    }
    wrong = any(form.errors for form in forms.values())
    return render(request, "pages/improvement.html", context, status=422 if wrong else 200)


def _drawn(brand: Brand, row: Improvement, chosen: Any, now: datetime) -> dict[str, Any]:
    """The chart, its table and the addresses of the complaints before and after; nothing without a theme."""
    if row.theme is None:
        return {}
    found = daily(brand, row.theme, around(row, now))
    narrow = Narrow(theme=str(target(row.theme).pk), complaint=True)
    urls = [link("mentions", brand.slug, narrow, bucket) for bucket in found.buckets]
    figure = chart(found, row, chosen.effect if chosen else None)
    compared = sides(row, chosen.days, now) if chosen else ()
    return {
        "figure": {"figure": figure, "urls": urls},
        "table": table(found, urls),
        "sides": [link("mentions", brand.slug, narrow, side) for side in compared],
    }


def _one(brand: Brand, pk: int) -> Improvement:
    found = Improvement.objects.filter(brand=brand).select_related("brand", "owner", "theme__merged_into")
    return get_object_or_404(found, pk=pk)


def _case(brand: Brand, number: str) -> Case | None:
    """The case that an address or form names; 404 for one of another brand."""
    if not number:
        return None
    return get_object_or_404(Case.objects.filter(brand=brand).select_related("mention__author"), pk=number_in(number))


def _new_form(request: HttpRequest, brand: Brand, case: Case | None) -> NewImprovementForm:
    theme = improving.theme_of(case) if case else _theme(brand, request.GET.get("theme", ""))
    return NewImprovementForm(
        request.POST or None,
        of_case=case is not None,
        brand=brand,
        workers=workers(brand),
        title=theme.title if theme else "",
        theme=theme.pk if theme else None,
        leave=True,
        seen=case.version if case else None,
    )


def _theme(brand: Brand, number: str) -> Theme | None:
    return Theme.objects.filter(brand=brand).shown().filter(pk=number_in(number)).first()


@transaction.atomic
def _made(request: HttpRequest, brand: Brand, case: Case | None, form: NewImprovementForm) -> Improvement:
    user = person(request)
    made = form.cleaned_data.get("into") or improving.make(brand, user, **form.values)
    if case:
        improving.add_case(made, case, user)
        if form.cleaned_data["leave"]:
            improving.leave_alone(case, form.cleaned_data["seen"] or case.version, user, timezone.now())
    return made


def _said(form: NewImprovementForm, case: Case | None) -> str:
    left = " The case is left alone: nobody is written to." if case and form.cleaned_data["leave"] else ""
    return ("The case stands behind it now." if form.cleaned_data.get("into") else "It is made.") + left
