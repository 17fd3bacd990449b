"""The pages of what becomes a case by itself: the brand's service level and rules, and one rule with its preview."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from dashboard.access import ADMINS, brand_for, person
from dashboard.cases.ruling import apply_to_past, keep_rule, remove_rule, rules_of, set_rules
from dashboard.cases.trying import Trial, try_all, try_one
from dashboard.forms.case_rules import CaseRuleForm, CaseRulesForm
from dashboard.taken import Taken
from listening.models import Brand, CaseRule


@login_required
def case_settings(request: HttpRequest, slug: str) -> HttpResponse:
    """The rules as a whole; with `count` in the address also what they would open of the last days."""
    brand = brand_for(request, slug, ADMINS)
    rules = rules_of(brand)
    form = CaseRulesForm(request.POST or None, rules=rules)
    if request.method == "POST" and form.is_valid():
        if set_rules(brand, form.cleaned_data, person(request), timezone.now()):
            messages.success(request, "Saved. It holds for what is collected from now on.")
        return redirect("case_settings", slug)
    context = {
        "brand": brand,
        "rules": rules,
        "form": form,
        "rule_set": brand.case_rule_set.select_related("assignee"),
        "trial": try_all(rules, timezone.now()) if rules.pk and "count" in request.GET else None,
    }
    return render(request, "pages/settings/cases.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def case_rules_apply(request: HttpRequest, slug: str) -> HttpResponse:
    brand = brand_for(request, slug, ADMINS)
    opened = apply_to_past(brand, person(request), timezone.now())
    messages.success(request, f"{opened:,} case{'' if opened == 1 else 's'} opened." if opened else "Nothing to open.")
    return redirect("case_settings", slug)


@login_required
def case_rule_new(request: HttpRequest, slug: str) -> HttpResponse:
    return _editor(request, brand_for(request, slug, ADMINS), None)


@login_required
def case_rule(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    brand = brand_for(request, slug, ADMINS)
    return _editor(request, brand, get_object_or_404(brand.case_rule_set, pk=pk))


def _editor(request: HttpRequest, brand: Brand, rule: CaseRule | None) -> HttpResponse:
    """Without JavaScript the button "preview" comes back here; with it, `case_rule_preview` answers."""
    form = CaseRuleForm(request.POST or None, brand=brand, rule=rule)
    if request.method == "POST" and "preview" not in request.POST and form.is_valid():
        try:
            kept = keep_rule(brand, rule, form.cleaned_data, person(request), timezone.now())
        except Taken as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, f"“{kept.name}” is saved. It holds for what is collected from now on.")
            return redirect("case_settings", brand.slug)
    wanted = rule if not form.is_bound else _told(form) if "preview" in request.POST else None
    context = {"brand": brand, "rule": rule, "form": form, "trial": _trial(brand, wanted)}
    return render(request, "pages/settings/case_rule.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def case_rule_preview(request: HttpRequest, slug: str) -> HttpResponse:
    """What the rule that is being written would have opened, alone."""
    brand = brand_for(request, slug, ADMINS)
    form = CaseRuleForm(request.POST, brand=brand)
    context = {"brand": brand, "form": form, "trial": _trial(brand, _told(form))}
    return render(request, "pages/settings/_case_trial.html", context)


def _told(form: CaseRuleForm) -> CaseRule | None:
    """What the form says, where it makes sense."""
    form.is_valid()
    return form.rule


def _trial(brand: Brand, rule: CaseRule | None) -> Trial | None:
    return try_one(rule, rules_of(brand).only_answerable, timezone.now()) if rule else None


@login_required
@require_POST
def case_rule_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    brand = brand_for(request, slug, ADMINS)
    rule = get_object_or_404(brand.case_rule_set, pk=pk)
    remove_rule(rule, person(request))
    messages.success(request, f"“{rule.name}” is deleted. The cases that it opened stay.")
    return redirect("case_settings", slug)
