"""The page that asks before all cases of a list change: how many, which list, and what happens to them."""

from collections.abc import Iterator, Mapping

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from dashboard.access import WORKERS, brand_for, person
from dashboard.cases.selecting import change_selected
from dashboard.forms.inbox import Asked, BulkForm
from dashboard.reports.complaints import workers
from dashboard.reports.wanted_cases import LABELS, NOBODY, Wanted
from dashboard.templatetags.earshot import network
from dashboard.views.inbox import sentences
from listening.models import Brand, Case, Selection, User
from listening.models.selection import KEPT_FOR

GONE = "That was asked too long ago, or is done already. Choose the cases again."


@login_required
def whole(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """With a POST they change, if they still are as they were when the question was asked."""
    brand, user, now = brand_for(request, slug, WORKERS), person(request), timezone.now()
    selection = Selection.objects.filter(brand=brand, user=user, pk=pk, created_at__gt=now - KEPT_FOR).first()
    if selection is None or (selection.used_at and request.method != "POST"):
        messages.error(request, GONE)
        return redirect("inbox", slug)
    where = f"{reverse('inbox', args=[slug])}?{selection.query}"
    if selection.used_at:  # the second half of a double click
        return redirect(where)
    team = workers(brand)
    form = BulkForm(QueryDict(selection.asked), brand, user, team, now)
    if not form.is_valid():
        messages.error(request, " ".join(str(said) for errors in form.errors.values() for said in errors))
        return redirect(where)
    if request.method != "POST":
        return _ask(request, brand, selection, form, {str(one.pk): one for one in team})
    for sentence in sentences(change_selected(selection, now, form.say, **form.changes)):
        messages.warning(request, sentence)
    return redirect(where)


def _ask(
    request: HttpRequest, brand: Brand, selection: Selection, form: BulkForm, team: Mapping[str, User]
) -> HttpResponse:
    context = {
        "brand": brand,
        "n": len(selection.cases),
        "say": form.say,
        "which": list(_which(Asked.of(QueryDict(selection.query), person(request)).wanted, team)),
        "at": selection.created_at,
        "next": f"{reverse('inbox', args=[brand.slug])}?{selection.query}",
    }
    return render(request, "pages/inbox_confirm.html", context)


def _which(wanted: Wanted, team: Mapping[str, User]) -> Iterator[str]:
    """The list, in words."""
    yield LABELS[wanted.tab]
    if wanted.text:
        yield f"Words: {wanted.text}"
    if wanted.kind:
        yield str(Case.Kind(wanted.kind).label)
    if wanted.network:
        yield network(wanted.network)
    if wanted.tag:
        yield f"Tag: {wanted.tag}"
    if wanted.assignee:
        yield (
            "Assignee: Nobody"
            if wanted.assignee == NOBODY
            else f"Assignee: {team.get(wanted.assignee, 'somebody who left')}"
        )
