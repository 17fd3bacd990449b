"""The page "complaints" of a brand."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dashboard.access import brand_for


@login_required
def complaints(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "pages/complaints.html", {"brand": brand_for(request, slug)})


@login_required
def complaint(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return render(request, "pages/complaints.html", {"brand": brand_for(request, slug)})
