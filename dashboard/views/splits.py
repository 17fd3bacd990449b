"""Taking a mention out of a group of posts that say the same, and putting it back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from dashboard.access import WORKERS, brand_for, person
from dashboard.splitting import join, split as take_out
from dashboard.views.coming_back import back
from listening.models import Mention


@login_required
@require_POST
def split(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    brand = brand_for(request, slug, WORKERS)
    mention = get_object_or_404(Mention.objects.filter(brand=brand, hidden="").only("pk", "brand"), pk=pk)
    if "undo" in request.POST:
        done, said = join(mention, person(request)), "It stands in its group again."
    else:
        done, said = take_out(mention, person(request)), "It stands in a row of its own now, and stays there."
    if done:
        messages.success(request, said)
    return back(request, brand)
