"""A brand's public page, and the settings that open it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboard.access import ADMINS, brand_for, person
from dashboard.audit import note
from dashboard.forms.notice import NoticeForm
from dashboard.reports.improvements import has_public, public
from dashboard.reports.notice import DAYS, told
from listening.models import Brand, Notice
from listening.models.person import NAMES_SHOWN


@require_safe
def notice(request: HttpRequest, slug: str) -> HttpResponse:
    """For everybody, without a login. A page that is not open does not tell whether there is such a brand."""
    found = Notice.objects.select_related("brand").filter(brand__slug=slug, public=True).first()
    if found is None:
        raise Http404("There is no such page.")
    return _page(request, found)


@require_safe
def said_and_done(request: HttpRequest, slug: str) -> HttpResponse:
    """For everybody: what an admin made public of what was improved. Without any there is no such page."""
    brand = Brand.objects.filter(slug=slug).first()
    found = public(brand) if brand else []
    if not found:
        raise Http404("There is no such page.")
    context = {"brand": brand, "found": found, "notice": Notice.objects.filter(brand=brand, public=True).first()}
    return render(request, "pages/said_and_done.html", context)


def _page(request: HttpRequest, found: Notice) -> HttpResponse:
    now = timezone.now()
    context = {"notice": found, "brand": found.brand, "told": told(found.brand, now), "now": now}
    context["improved"] = has_public(found.brand)
    return render(request, "pages/notice.html", context | {"days": DAYS, "names_shown": NAMES_SHOWN.days})


@login_required
def notice_settings(request: HttpRequest, slug: str) -> HttpResponse:
    """With `preview` the page itself, open or not."""
    brand = brand_for(request, slug, ADMINS)
    found = Notice.objects.filter(brand=brand).first() or Notice(brand=brand)
    if "preview" in request.GET:
        return _page(request, found)
    form = NoticeForm(request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        note(person(request), "changed public page", brand, brand.name, public=found.public)
        messages.success(request, _said(brand, found))
        return redirect("notice_settings", slug)
    context = {"brand": brand, "form": form, "notice": found}
    return render(request, "pages/settings/notice.html", context, status=422 if form.errors else 200)


def _said(brand: Brand, found: Notice) -> str:
    return "The page is open to everybody." if found.public else f"Saved. Nobody but admins of {brand.name} sees it."
