"""Show the name of a case's person to who works on it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from dashboard import revealing
from dashboard.access import WORKERS, brand_for, person
from dashboard.views.coming_back import back
from listening.models import Case


@login_required
@require_POST
def reveal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    brand = brand_for(request, slug, WORKERS)
    case = get_object_or_404(Case.objects.select_related("brand", "mention__author"), pk=pk, brand=brand)
    try:
        revealing.reveal(case, person(request), timezone.now())
    except revealing.Hidden as error:
        messages.error(request, str(error))
    return back(request, brand)
