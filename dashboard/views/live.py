"""The page "live" of a brand."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dashboard.access import brand_for


@login_required
def live(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "pages/live.html", {"brand": brand_for(request, slug)})
