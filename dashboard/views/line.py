"""The page of the line: everybody reads it, admins move it and see at once what that would have done."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dashboard.access import ADMIN, ADMINS, brand_for, person
from dashboard.drawing import Outdated, draw
from dashboard.forms.line import LineForm, initial
from dashboard.reports.line import examples, reach
from listening.line import PRESETS, Policy
from listening.line.changes import differences, in_words
from listening.line.presets import SURVEY
from listening.line.terms import TERMS
from listening.models import Brand, Line

PAGE = "pages/line.html"
VERSIONS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Version:
    """One entry of the history: a line and what it changed."""

    line: Line
    changed: list[str]


@login_required
def line(request: HttpRequest, slug: str) -> HttpResponse:
    brand = brand_for(request, slug)
    live = Line.objects.of(brand)
    if request.method != "POST":
        return _page(request, brand, live, LineForm(initial=initial(live.read(), live.name)))
    brand_for(request, slug, ADMINS)
    form = LineForm(request.POST)
    if not form.is_valid() or form.policy is None or "preview" in request.POST:
        return _page(request, brand, live, form)
    try:
        moved = draw(brand, form.policy, form.cleaned_data["name"], form.cleaned_data["version"], person(request))
    except Outdated as error:
        form.add_error(None, str(error))
        return _page(request, brand, live, form)
    messages.success(request, f"Version {moved.version} of the line holds now." if moved else "Nothing changed.")
    return redirect("line", slug)


@login_required
@require_http_methods(["GET", "POST"])
def line_preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The preview alone: of the line in force for every member, of another one while an admin moves it."""
    brand = brand_for(request, slug, ADMINS) if request.method == "POST" else brand_for(request, slug)
    live, form = Line.objects.of(brand).read(), LineForm(request.POST or None)
    policy: Policy | None = live
    if form.is_bound:
        policy = form.policy if form.is_valid() else None
    return render(request, "pages/_line_preview.html", _preview(brand, policy, live) | {"brand": brand, "form": form})


def _page(request: HttpRequest, brand: Brand, live: Line, form: LineForm) -> HttpResponse:
    policy = form.policy if form.is_bound else live.read()
    late = not form.is_bound and "effect" not in request.GET  # it walks over 90 days: the page does not wait for it
    context = {
        "brand": brand,
        "live": live,
        "form": form,
        "can_move": brand.role == ADMIN,
        "presets": PRESETS,
        "survey": SURVEY,
        "sentences": in_words(live.read()),
        "versions": _versions(brand),
        "terms": [(name, terms.why) for name, terms in TERMS.items() if terms.why],
        "late": late,
    } | ({} if late else _preview(brand, policy, live.read()))
    return render(request, PAGE, context, status=422 if form.is_bound and form.errors else 200)


def _preview(brand: Brand, policy: Policy | None, live: Policy) -> dict[str, Any]:
    if policy is None:
        return {"reach": None}
    now = timezone.now()
    moved = policy != live
    through, spared = examples(brand, policy, live, now)
    before = reach(brand, live, now) if moved else None
    return {"reach": reach(brand, policy, now), "before": before, "through": through, "spared": spared}


def _versions(brand: Brand) -> list[Version]:
    lines = list(brand.lines.select_related("author").order_by("-version")[: VERSIONS_SHOWN + 1])
    policies = [one.read() for one in lines]
    changed = [differences(old, new) for new, old in zip(policies, policies[1:], strict=False)]
    last: list[list[str]] = [[]] if len(lines) <= VERSIONS_SHOWN else []
    return [Version(one, what) for one, what in zip(lines, [*changed, *last], strict=False)]
