"""The inbox: the team's cases by tabs, changing many at once, and taking that back."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from dashboard.access import WORKERS, brand_for, person
from dashboard.cases import bulk, undoing
from dashboard.cases.selecting import select
from dashboard.cases.snoozing import CHOICES
from dashboard.forms.inbox import Asked, BulkForm
from dashboard.reports import cases as report
from dashboard.reports.complaints import workers
from dashboard.reports.period import last_days
from dashboard.reports.spread import spread
from dashboard.reports.wanted_cases import NOBODY, looked_up
from dashboard.templatetags.earshot import network
from dashboard.views.coming_back import back
from dashboard.views.row_context import of_row
from listening.models import Brand, Case

NETWORK_DAYS = 90


@login_required
def inbox(request: HttpRequest, slug: str) -> HttpResponse:
    return page(request, brand_for(request, slug))


def page(request: HttpRequest, brand: Brand) -> HttpResponse:
    """The inbox of the address; the part that changes alone, where htmx asks for it."""
    now, user = timezone.now(), person(request)
    asked = Asked.of(request.GET, user)
    wanted = looked_up(brand, asked.wanted)
    listing = report.listing(brand, wanted, asked.after, now, asked.size)
    team, tabs = workers(brand), report.counts(brand, wanted)
    context = of_row(brand) | {
        "asked": asked,
        "wanted": asked.wanted,
        "query": urlencode(asked.params),
        "full_query": urlencode(asked.params | ({"after": asked.after} if asked.after else {})),
        "listing": listing,
        "tabs": tabs,
        "whole": next(tab for tab in tabs if tab.name == wanted.tab) if listing.next or asked.after else None,
        "most_at_once": bulk.MOST_AT_ONCE,
        "tags": report.tags(listing.lines),
        "networks": [(one, network(one)) for one in _networks(brand, asked.wanted.network)],
        "kinds": Case.Kind.choices,
        "people": [(NOBODY, "Nobody"), *((str(one.pk), str(one)) for one in team)],
        "snoozes": CHOICES,
        "undo": undoing.undoable(brand, user, now),
        "undo_seconds": undoing.UNDO.seconds,
        "me": user,
    }
    return render(request, "pages/_inbox.html" if getattr(request, "htmx", False) else "pages/inbox.html", context)


def _networks(brand: Brand, chosen: str) -> list[str]:
    period = last_days(NETWORK_DAYS, ZoneInfo(brand.time_zone), timezone.now())
    return list(dict.fromkeys([*spread(brand, period).networks, *filter(None, [chosen])]))


@login_required
@require_POST
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Change the cases that were chosen, once somebody was told how many they are."""
    brand = brand_for(request, slug, WORKERS)
    user, now = person(request), timezone.now()
    form = BulkForm(request.POST, brand, user, workers(brand), now)
    if not form.is_valid():
        messages.error(request, " ".join(str(said) for errors in form.errors.values() for said in errors))
        return _again(request, brand)
    if form.cleaned_data["whole"]:
        return _select(request, brand, form)
    if not form.was_told:
        return _confirm(request, brand, form)
    outcome = bulk.change_many(brand, user, form.seen, now, form.say, **form.changes)
    for sentence in sentences(outcome):
        messages.warning(request, sentence)
    done = outcome.changed or outcome.again or "here" not in request.POST
    return _again(request, brand, "next" if done else "here")


def _select(request: HttpRequest, brand: Brand, form: BulkForm) -> HttpResponse:
    """All cases of the list: which they are is kept, and the next page asks with their number."""
    wanted = Asked.of(request.GET, person(request)).wanted
    try:
        selection = select(brand, person(request), wanted, form.asked)
    except ValueError as error:
        messages.error(request, str(error))
        return _again(request, brand)
    url = reverse("inbox_whole", args=[brand.slug, selection.pk])
    return HttpResponseClientRedirect(url) if getattr(request, "htmx", False) else redirect(url)


def sentences(outcome: bulk.Outcome) -> Iterator[str]:
    """What somebody has to know beside how many changed."""
    if outcome.skipped:
        left = "It was left as it is" if outcome.skipped == 1 else "They were left as they are"
        yield f"A colleague changed {bulk.counted(outcome.skipped)} meanwhile. {left}: look again."
    if outcome.same and not (outcome.changed or outcome.again):
        yield f"Nothing to change: {bulk.counted(outcome.same)} {'is' if outcome.same == 1 else 'are'} so already."


def _confirm(request: HttpRequest, brand: Brand, form: BulkForm) -> HttpResponse:
    sent = [(name, value) for name, values in request.POST.lists() for value in values]
    context: dict[str, Any] = {
        "brand": brand,
        "n": len(form.seen),
        "say": form.say,
        "sent": [(name, value) for name, value in sent if name not in {"csrfmiddlewaretoken", "told"}],
        "next": request.POST.get("next", ""),
    }
    return render(request, "pages/inbox_confirm.html", context)


@login_required
@require_POST
def undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a change of many cases back."""
    brand = brand_for(request, slug, WORKERS)
    try:
        undone = undoing.undo(brand, person(request), pk, timezone.now())
    except undoing.TooLate as error:
        messages.error(request, str(error))
        return _again(request, brand)
    if undone and undone.kept:
        messages.warning(request, f"A colleague changed {bulk.counted(undone.kept)} since: left as they made it.")
    if undone:
        messages.success(request, f"Undone: {bulk.counted(undone.back)} as before.")
    return _again(request, brand)


def _again(request: HttpRequest, brand: Brand, field: str = "next") -> HttpResponse:
    """The list as it is now: in its place with a script, else the page that the form named."""
    return page(request, brand) if getattr(request, "htmx", False) else back(request, brand, "inbox", field)
