"""The page of the first start, which is also that of each new brand."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from dashboard.access import require_superuser
from dashboard.begin import begin
from dashboard.forms.start import StartForm
from dashboard.preview import Preview, preview_start
from dashboard.views.home import START_SEEN
from listening.models import Brand


@login_required
def start(request: HttpRequest) -> HttpResponse:
    """For the administrator of an installation that listens for nothing of its own yet."""
    require_superuser(request)
    request.session[START_SEEN] = True
    return _page(request, first=True)


@login_required
def brand_new(request: HttpRequest) -> HttpResponse:
    return _page(request, first=False)


def _page(request: HttpRequest, first: bool) -> HttpResponse:
    user = require_superuser(request)
    form = StartForm(request.POST or None)
    found: Preview | None = None
    if request.method == "POST" and ("preview" in request.POST or "fetch" in request.POST):
        found = preview_start(form, fetch="fetch" in request.POST)
    elif request.method == "POST" and form.is_valid():
        brand = begin(form, user, timezone.now())
        messages.success(request, f"Listening for {brand.name}. The first mentions appear here by themselves.")
        return redirect("overview", brand.slug)
    sample = Brand.objects.filter(is_sample=True, kind=Brand.Kind.OWN).first()
    context = {"form": form, "first": first, "sample": sample, "preview": found}
    return render(request, "pages/start.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def start_query(request: HttpRequest) -> HttpResponse:
    """The query part alone: the suggestion for the name that is being typed, and its preview."""
    require_superuser(request)
    form = StartForm(request.POST)
    found = preview_start(form, fetch="fetch" in request.POST)
    return render(request, "pages/_start_query.html", {"form": form, "preview": found})
