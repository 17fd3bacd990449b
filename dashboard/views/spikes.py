"""Spikes: when something stood out, how strong, and what drove it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from dashboard.access import brand_for
from dashboard.reports import spikes as report
from dashboard.views.row_context import of_row


@login_required
def spikes(request: HttpRequest, slug: str) -> HttpResponse:
    """The latest spikes of a brand, and what is still being learned."""
    brand = brand_for(request, slug)
    return render(request, "pages/spikes.html", of_row(brand) | {"view": report.spikes(brand, timezone.now())})
