"""The page of a brand's rules about complaints: the threshold, on the team's own labels, and phrases for kinds."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from dashboard.access import ADMINS, brand_for, person
from dashboard.forms.complaint_rules import ENGINE, PhraseForm, ThresholdForm
from dashboard.reports.threshold import choice
from dashboard.row_number import number_in
from dashboard.ruling import add_phrase, remove_phrase, rules_of, set_threshold
from listening.models import Brand, ComplaintRules
from listening.models.complaint_rules import KINDS


@login_required
def complaint_settings(request: HttpRequest, slug: str) -> HttpResponse:
    brand = brand_for(request, slug, ADMINS)
    if request.method != "POST":
        return _page(request, brand, PhraseForm(brand=brand))
    form = ThresholdForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose one of the thresholds of the table.")
    elif set_threshold(brand, form.cleaned_data["threshold"], person(request)):
        messages.success(request, "Saved. New posts are judged by it at once; stored ones follow now.")
    return redirect("complaint_settings", slug)


def _page(request: HttpRequest, brand: Brand, form: PhraseForm) -> HttpResponse:
    rules = rules_of(brand)
    context = {
        "brand": brand,
        "rules": rules,
        "chosen": ENGINE if rules.threshold is None else f"{rules.threshold:.2f}",
        "choice": choice(brand),
        "form": form,
        "phrases": brand.kind_phrases.select_related("created_by"),
        "labels": dict(KINDS),
        "following": _following(rules),
    }
    return render(request, "pages/settings/complaints.html", context, status=422 if form.errors else 200)


def _following(rules: ComplaintRules) -> bool:
    """Whether stored mentions are still being brought up to the rules."""
    return not rules.applied.endswith(f" rules-{rules.number}")


@login_required
def complaint_progress(request: HttpRequest, slug: str) -> HttpResponse:
    """How far stored mentions are, alone, for refreshing."""
    brand = brand_for(request, slug, ADMINS)
    rules = rules_of(brand)
    context = {"brand": brand, "rules": rules, "following": _following(rules)}
    return render(request, "pages/settings/_following.html", context)


@login_required
@require_POST
def kind_phrases(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a phrase, or with `remove` take one away."""
    brand = brand_for(request, slug, ADMINS)
    if "remove" in request.POST:
        phrase = get_object_or_404(brand.kind_phrases, pk=number_in(request.POST["remove"]))
        remove_phrase(phrase, person(request))
        messages.success(request, f"“{phrase.phrase}” no longer decides what a complaint is about.")
        return redirect("complaint_settings", slug)
    form = PhraseForm(request.POST, brand=brand)
    if not form.is_valid():
        return _page(request, brand, form)
    add_phrase(brand, form.cleaned_data["kind"], form.cleaned_data["phrase"], person(request))
    messages.success(request, "Added. New complaints use it at once; stored ones follow now.")
    return redirect("complaint_settings", slug)
