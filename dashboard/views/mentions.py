"""The list of mentions of a brand, one mention, and correcting it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dashboard.access import brand_for


@login_required
def mentions(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "pages/mentions.html", {"brand": brand_for(request, slug)})


@login_required
def mention(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return render(request, "pages/mentions.html", {"brand": brand_for(request, slug)})


@login_required
def correct(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return render(request, "pages/mentions.html", {"brand": brand_for(request, slug)})
