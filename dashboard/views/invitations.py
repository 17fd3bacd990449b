"""The page behind the link of an invitation mail."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from dashboard.audit import note
from dashboard.forms.account import JoinForm
from dashboard.invitations import accept, join, open_invitation
from listening.models import Invitation, User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGE = "pages/invitation.html"


@never_cache
@sensitive_post_parameters()
def invitation(request: HttpRequest, key: str) -> HttpResponse:
    """Looking changes nothing (mail scanners open links); a press of the button accepts."""
    found = open_invitation(key, timezone.now())
    if found is None:
        return render(request, PAGE, {"invitation": None}, status=410)
    if isinstance(request.user, User):
        return _signed_in(request, found, request.user)
    if User.objects.filter(email__iexact=found.email).exists():
        return render(request, PAGE, {"invitation": found, "known": True})
    return _newcomer(request, found)


def _signed_in(request: HttpRequest, found: Invitation, user: User) -> HttpResponse:
    mine = user.email.lower() == found.email.lower()
    if request.method == "POST" and mine and accept(found, user, timezone.now()):
        return _welcome(request, found, user)
    return render(request, PAGE, {"invitation": found, "mine": mine, "other": not mine})


def _newcomer(request: HttpRequest, found: Invitation) -> HttpResponse:
    form = JoinForm(request.POST or None, email=found.email)
    if request.method == "POST" and form.is_valid():
        user = join(found, form.cleaned_data["name"], form.cleaned_data["password1"], timezone.now())
        if user is not None:
            login(request, user, backend=BACKEND)
            return _welcome(request, found, user)
    return render(request, PAGE, {"invitation": found, "form": form}, status=422 if form.errors else 200)


def _welcome(request: HttpRequest, found: Invitation, user: User) -> HttpResponse:
    note(user, "accepted invitation", found.brand, found.email, role=found.role)
    messages.success(request, f"Welcome. You see {found.brand.name} as {found.get_role_display()}.")
    return redirect("overview", found.brand.slug)
