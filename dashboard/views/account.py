"""The page of the person who is signed in: name, time zone, password, digests."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from dashboard.access import brand_for, person
from dashboard.audit import note
from dashboard.forms.account import DigestForm, ProfileForm
from dashboard.frame import KEYS, OFF
from listening.models import Brand, Subscription, User

YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Digest:
    """One brand's digest as its form shows it."""

    brand: Brand
    form: DigestForm


@login_required
def account(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=person(request))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("account")
    context = {"form": form, "digests": _digests(person(request))}
    return render(request, "pages/account.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def keys(request: HttpRequest) -> HttpResponse:
    """Single keys act or not, in this browser; like the theme it is a cookie."""
    off = request.POST.get("keys") == OFF
    answer = redirect("account")
    answer.set_cookie(KEYS, OFF if off else "on", max_age=YEAR, samesite="Lax", secure=request.is_secure())
    messages.success(request, "Keys are off: nothing happens when you press one." if off else "Keys are on.")
    return answer


@login_required
@require_POST
def subscription(request: HttpRequest, slug: str) -> HttpResponse:
    """When the digest of one brand comes, or that it doesn't."""
    brand = brand_for(request, slug)
    form = DigestForm(request.POST, instance=_subscription(person(request), brand), prefix=brand.slug)
    if form.is_valid():
        row = form.save(commit=False)
        row.unsubscribed_at = None if row.active else row.unsubscribed_at or timezone.now()
        row.save()
        note(person(request), "changed digest", brand, person(request).email, active=row.active)
        messages.success(request, f"Saved. {_sentence(row)}")
    else:
        messages.error(request, "Choose a weekday and an hour from the lists. Nothing was changed.")
    return redirect("account")


def _digests(user: User) -> list[Digest]:
    return [
        Digest(brand, DigestForm(instance=_subscription(user, brand), prefix=brand.slug))
        for brand in Brand.objects.visible_to(user)
    ]


def _subscription(user: User, brand: Brand) -> Subscription:
    """The person's subscription, else one that is not saved and off."""
    found = Subscription.objects.filter(user=user, brand=brand).first()
    return found or Subscription(user=user, brand=brand, active=False)


def _sentence(row: Subscription) -> str:
    if not row.active:
        return f"You get no digest of {row.brand}."
    day = DigestForm.base_fields["weekday"].choices[row.weekday][1]  # type: ignore[attr-defined]
    return f"The digest of {row.brand} comes on {day}s at {row.hour:02}:00, {row.brand.time_zone} time."
