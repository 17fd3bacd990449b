"""The Quality page: how good the findings of a brand are, on its own labels, and what these labels taught."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from dashboard import adopting, bells
from dashboard.access import ADMINS, WORKERS, brand_for, person
from dashboard.calibration_chart import calibration_chart
from dashboard.labelling.sitting import open_sitting, progress
from dashboard.reports.own_models import LEAST_LABELS, own_models
from dashboard.reports.quality import Quality, quality as report
from listening.models import Brand, BrandModel


@login_required
def quality(request: HttpRequest, slug: str) -> HttpResponse:
    brand = brand_for(request, slug)
    view = report(brand, request.GET.get("sentiment", ""), request.GET.get("complaint", ""))
    sitting = open_sitting(brand, person(request)) if brand.role in WORKERS else None
    context = {
        "brand": brand,
        "view": view,
        "findings": [(one, _figure(one)) for one in (view.sentiment, view.complaint)],
        "models": own_models(brand),
        "can_label": brand.role in WORKERS,
        "can_adopt": brand.role in ADMINS,
        "progress": progress(sitting) if sitting else None,
        "least": LEAST_LABELS,
        "missing": max(0, LEAST_LABELS - view.trainable),
    }
    return render(request, "pages/quality.html", context)


@login_required
@require_POST
def learn(request: HttpRequest, slug: str) -> HttpResponse:
    """Learn from the labels now; what comes of it appears on the page."""
    brand = brand_for(request, slug, ADMINS)
    bells.learn(brand.pk)
    messages.info(request, "Learning from the labels has begun. Reload this page in a moment to see what it brings.")
    return redirect("quality", slug)


@login_required
@require_POST
def own_model(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Put an own model to use, or with `retire` take it out of use."""
    brand = brand_for(request, slug, ADMINS)
    model = get_object_or_404(BrandModel.objects.select_related("brand"), pk=pk, brand=brand)
    messages.add_message(request, *_done(request, brand, model))
    return redirect("quality", slug)


def _done(request: HttpRequest, brand: Brand, model: BrandModel) -> tuple[int, str]:
    user, name = person(request), model.get_kind_display().lower()
    if "retire" in request.POST:
        if adopting.retire(model, user):
            return messages.SUCCESS, f"New mentions of {brand.name} get the engine's {name} alone again."
    elif adopting.adopt(model, user):
        return messages.SUCCESS, f"New mentions of {brand.name} get the corrected {name} from now on."
    return messages.ERROR, "Somebody else changed this in the meantime. Look at what is in use now."


def _figure(found: Quality) -> dict[str, Any]:
    return {"figure": calibration_chart(found.calibration), "urls": []}
