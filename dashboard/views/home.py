"""The start page: the person's brands with their week, or at once the one brand they have."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from dashboard.access import person
from dashboard.reports.period import Period, last_days
from dashboard.reports.volume import Totals, totals
from listening.models import Brand

DAYS = 7
START_SEEN = "start_seen"
"""In the session: the set-up page was offered once, so the sample can be looked at."""


@dataclass(frozen=True, slots=True)
class Card:
    brand: Brand
    period: Period
    totals: Totals


@login_required
def home(request: HttpRequest) -> HttpResponse:
    brands = list(Brand.objects.visible_to(person(request)).order_by("name"))
    if _begins(request, brands):
        return redirect("start")
    if len(brands) == 1 and not request.GET:
        return redirect("overview", brands[0].slug)
    brands.sort(key=lambda brand: (list(Brand.Kind).index(Brand.Kind(brand.kind)), brand.name.lower()))
    return render(request, "pages/home.html", {"cards": [_card(brand) for brand in brands], "days": DAYS})


def _card(brand: Brand) -> Card:
    period = last_days(DAYS, ZoneInfo(brand.time_zone), timezone.now())
    return Card(brand, period, totals([brand], period))


def _begins(request: HttpRequest, brands: list[Brand]) -> bool:
    """Whether the administrator has nothing of their own yet: then the first visit leads to the set-up page."""
    nothing = all(brand.is_sample for brand in brands)
    return nothing and person(request).is_superuser and (not brands or not request.session.get(START_SEEN))
