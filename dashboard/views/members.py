"""The page of a brand's members and invitations."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from dashboard.access import ADMINS, brand_for, person
from dashboard.audit import note
from dashboard.forms.members import InviteForm, RoleForm
from dashboard.invitations import invite
from dashboard.members import LastAdmin, Outcome, change_role, invite_all, remove
from listening.models import Brand, Issue, Membership

UNSENT_SHOWN = 20


@login_required
def members(request: HttpRequest, slug: str) -> HttpResponse:
    brand = brand_for(request, slug, ADMINS)
    form = InviteForm(request.POST or None)
    outcomes: list[Outcome] = []
    if request.method == "POST" and form.is_valid():
        role = form.cleaned_data["role"]
        outcomes = invite_all(brand, form.cleaned_data["emails"], role, person(request), timezone.now())
        for outcome in outcomes:
            if outcome.state in ("invited", "renewed"):
                note(person(request), "invited member", brand, outcome.email, role=role)
        form = InviteForm()
    return _page(request, brand, form, outcomes)


def _page(request: HttpRequest, brand: Brand, form: InviteForm, outcomes: list[Outcome]) -> HttpResponse:
    context = {
        "brand": brand,
        "form": form,
        "outcomes": outcomes,
        "members": brand.memberships.select_related("user"),
        "invitations": brand.invitations.filter(accepted_at=None).select_related("invited_by"),
        "roles": Membership.Role.choices,
        "unsent": _unsent(brand),
        "now": timezone.now(),
    }
    return render(request, "pages/settings/members.html", context, status=422 if form.errors else 200)


def _unsent(brand: Brand) -> QuerySet[Issue]:
    """Digests of the last weeks that the mail server did not take, or may not have taken."""
    issues = Issue.objects.filter(subscription__brand=brand, state=Issue.State.FAILED, subscription__active=True)
    return issues.select_related("subscription__user").order_by("-period_start")[:UNSENT_SHOWN]


@login_required
@require_POST
def issue_again(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Queue a digest once more that was not sent; only a person can know that it didn't arrive."""
    brand = brand_for(request, slug, ADMINS)
    issue = get_object_or_404(Issue.objects.select_related("subscription__user"), pk=pk, subscription__brand=brand)
    failed = Issue.objects.filter(pk=pk, state=Issue.State.FAILED)
    if failed.update(state=Issue.State.QUEUED, attempts=0, next_attempt_at=timezone.now(), error=""):
        note(person(request), "sent digest again", brand, issue.subscription.user.email)
        messages.success(request, f"The digest for {issue.subscription.user} is sent again in a moment.")
    return redirect("members", slug)


@login_required
@require_POST
def member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change a member's role, or with `remove` take the membership away."""
    brand = brand_for(request, slug, ADMINS)
    row = get_object_or_404(brand.memberships.select_related("user", "brand"), pk=pk)
    form = RoleForm(request.POST)
    try:
        if "remove" in request.POST:
            remove(row)
            note(person(request), "removed member", brand, row.user.email)
            messages.success(request, f"{row.user} is no longer a member of {brand.name}.")
        elif form.is_valid():
            change_role(row, form.cleaned_data["role"])
            note(person(request), "changed role", brand, row.user.email, role=row.role)
            messages.success(request, f"{row.user} is now {row.get_role_display()} of {brand.name}.")
    except LastAdmin as error:
        messages.error(request, str(error))
    return redirect("members", slug)


@login_required
@require_POST
def invited(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Send an invitation again with a new link, or with `revoke` take it back."""
    brand = brand_for(request, slug, ADMINS)
    row = get_object_or_404(brand.invitations, pk=pk, accepted_at=None)
    if "revoke" in request.POST:
        row.delete()
        note(person(request), "revoked invitation", brand, row.email)
        messages.success(request, f"The invitation of {row.email} is taken back; its link no longer works.")
    else:
        invite(brand, row.email, row.role, person(request), timezone.now())
        note(person(request), "invited member", brand, row.email, role=row.role)
        messages.success(request, f"A new link is on its way to {row.email}.")
    return redirect("members", slug)
