"""The page of a brand's settings: what it is, its accounts, pause, and delete."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from dashboard.access import ADMINS, brand_for, person, require_superuser
from dashboard.audit import note
from dashboard.forms.brands import BrandForm, DeleteBrandForm
from dashboard.removal import remove_brand, remove_sample
from listening.revise import ring_sources

PAGE = "pages/settings/brand.html"


@login_required
def brand_settings(request: HttpRequest, slug: str) -> HttpResponse:
    brand = brand_for(request, slug, ADMINS)
    form = BrandForm(request.POST or None, instance=brand, user=person(request))
    if request.method == "POST" and form.is_valid():
        form.save()
        ring_sources(brand)
        note(person(request), "changed brand", brand, brand.name, fields=form.changed_data)
        messages.success(request, "Saved. The next pull uses it.")
        return redirect("brand_settings", slug)
    status = 422 if form.errors else 200
    return render(request, PAGE, {"brand": brand, "form": form, "delete": DeleteBrandForm(brand=brand)}, status=status)


@login_required
@require_POST
def brand_pause(request: HttpRequest, slug: str) -> HttpResponse:
    brand = brand_for(request, slug, ADMINS)
    brand.paused = request.POST.get("paused") == "yes"
    brand.save(update_fields=["paused"])
    note(person(request), "paused brand" if brand.paused else "resumed brand", brand, brand.name)
    ring_sources(brand)
    said = "is paused: nothing new is collected until you resume it" if brand.paused else "is being listened for again"
    messages.success(request, f"{brand.name} {said}.")
    return redirect("brand_settings", slug)


@login_required
@require_POST
def brand_delete(request: HttpRequest, slug: str) -> HttpResponse:
    brand = brand_for(request, slug, ADMINS)
    delete = DeleteBrandForm(request.POST, brand=brand)
    if not delete.is_valid():
        form = BrandForm(instance=brand, user=person(request))
        return render(request, PAGE, {"brand": brand, "form": form, "delete": delete}, status=422)
    name = brand.name
    remove_brand(brand)
    note(person(request), "deleted brand", None, name)
    messages.success(request, f"{name} and everything collected for it is deleted.")
    return redirect("home")


@login_required
@require_POST
def sample_remove(request: HttpRequest) -> HttpResponse:
    admin = require_superuser(request)
    brands = remove_sample()
    note(admin, "removed sample data", None, "", brands=brands)
    messages.success(request, "The sample data is gone." if brands else "There was no sample data.")
    return redirect("home")
