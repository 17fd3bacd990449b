"""One case: its post and what belongs around it, the work on it, and who else is writing."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from dashboard.access import WORKERS, brand_for, person
from dashboard.cases import typing, undoing
from dashboard.cases.changing import Stale
from dashboard.cases.conflict import Conflict, conflict
from dashboard.cases.panel import reply_panel
from dashboard.cases.snoozing import CHOICES
from dashboard.cases.working import save, take_on
from dashboard.forms.inbox import Asked
from dashboard.forms.work import WorkForm, values_of
from dashboard.improving import improvements_of
from dashboard.reports import around, cases as report
from dashboard.reports.complaints import workers
from dashboard.reports.mentions import DEFERRED
from dashboard.reports.wanted_cases import LABELS, looked_up
from dashboard.revealing import revealing
from dashboard.views.row_context import of_row
from listening.asking import look
from listening.models import Brand, Case, Line, Mention


@login_required
def case(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The page; with a POST the work on it is saved, if nobody changed the case meanwhile."""
    if request.method != "POST":
        brand = brand_for(request, slug)
        found = _case(brand, pk)
        return page(request, brand, found, _form(request, brand, found))
    brand = brand_for(request, slug, WORKERS)
    found = _case(brand, pk)
    form = _form(request, brand, found)
    if not form.is_valid():
        return page(request, brand, found, form, status=422)
    told = form.cleaned_data
    try:
        save(found, told["version"], person(request), timezone.now(), told["note"].strip(), **form.changes)
    except Stale:
        return _stale(request, brand, pk, form)
    messages.success(request, "Saved.")
    return redirect(f"{reverse('case', args=[slug, pk])}{_query(request)}")


def _stale(request: HttpRequest, brand: Brand, pk: int, form: WorkForm) -> HttpResponse:
    """Nothing was saved: what the colleague set, and below it what this person wanted."""
    found = _case(brand, pk)
    clash = conflict(found, form.was, values_of(found), person(request))
    again = WorkForm(found, brand, person(request), workers(brand), timezone.now(), form.over(found))
    return page(request, brand, found, again, clash, status=409)


def page(
    request: HttpRequest, brand: Brand, found: Case, form: WorkForm, clash: Conflict | None = None, status: int = 200
) -> HttpResponse:
    now, user = timezone.now(), person(request)
    wanted = looked_up(brand, Asked.of(request.GET, user).wanted)
    mention, policy = found.mention, Line.objects.of(brand).read()
    asked = look(mention, policy, now)
    head = report.head(brand, found, now, asked[0])
    before, after = report.neighbours(brand, wanted, found, now)
    context = of_row(brand) | {
        "head": head,
        "work": found,
        "mention": mention,
        "form": form,
        "clash": clash,
        "notes": found.notes.select_related("author"),
        "past": around.past(brand, mention, asked),
        "thread": around.thread(brand, mention),
        "same_theme": around.same_theme(brand, mention, now),
        "snoozes": CHOICES,
        "improve": improvements_of(found),
        "panel": None if mention.hidden else reply_panel(found, user, now, policy=policy, asked=asked),
        "revealing": revealing(found, user, now, (policy, asked)) if brand.role in WORKERS else None,
        "writing": typing.writing(found, user, now),
        "before": before,
        "after": after,
        "tab": LABELS[wanted.tab],
        "query": urlencode(wanted.params),
        "undo": undoing.undoable(brand, user, now),
        "undo_seconds": undoing.UNDO.seconds,
        "me": user,
    }
    return render(request, "pages/case.html", context, status=status)


@login_required
@require_POST
def is_typing(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Somebody writes a note or a reply: colleagues with the page open see who."""
    brand = brand_for(request, slug, WORKERS)
    place = request.POST.get("place", "")
    if place not in typing.PLACES:
        return HttpResponse("Say whether it is a note or a reply.", status=422)
    typing.tell(get_object_or_404(Case, pk=pk, brand=brand), person(request), place, timezone.now())
    return HttpResponse(status=204)


@login_required
@require_POST
def take(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A mention becomes a case of whoever takes it on; where there is one already, this leads there."""
    brand = brand_for(request, slug, WORKERS)
    mentions = Mention.objects.filter(brand=brand, hidden="", own=False).defer(*DEFERRED)
    mention = get_object_or_404(mentions, pk=pk)
    try:
        found = take_on(mention, person(request))
    except Stale:
        found = Case.objects.get(mention=mention)
    return redirect("case", slug, found.pk)


def _case(brand: Brand, pk: int) -> Case:
    cases = Case.objects.filter(brand=brand).select_related("assignee", "mention__author").defer(*report.UNREAD)
    case = get_object_or_404(cases, pk=pk)
    case.mention.brand = case.brand = brand
    return case


def _form(request: HttpRequest, brand: Brand, found: Case) -> WorkForm:
    data = request.POST if request.method == "POST" else None
    return WorkForm(found, brand, person(request), workers(brand), timezone.now(), data)


def _query(request: HttpRequest) -> str:
    return f"?{request.GET.urlencode()}" if request.GET else ""
