"""Ask the line about an answer to one mention: it checks the draft, keeps what it said, and takes overrides."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from dashboard.access import WORKERS, brand_for, person
from dashboard.audit import note
from dashboard.reports import mentions as lists
from listening.asking import Stands, answered, ask, override
from listening.models import Brand, LineDecision, Mention

SHOWN = 20


class DraftForm(forms.Form):
    """A draft is looked at and not kept."""

    draft = forms.CharField(
        label="What you would write",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="It is checked and not kept. Empty: only whether this person may be answered.",
    )


@login_required
def asking(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    brand = brand_for(request, slug, WORKERS)
    mention = _mention(brand, pk)
    form = DraftForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        ask(mention, person(request), timezone.now(), form.cleaned_data["draft"])
        form = DraftForm(initial=form.cleaned_data)
    context = {
        "brand": brand,
        "row": lists.rows(brand, [mention])[0],
        "form": form,
        "decisions": _decisions(mention),
        "me": person(request),
    }
    return render(request, "pages/asking.html", context)


@login_required
@require_POST
def decision(request: HttpRequest, slug: str, pk: int, number: int) -> HttpResponse:
    """Override or approve what the line said, or note that the person was answered."""
    brand = brand_for(request, slug, WORKERS)
    kept = get_object_or_404(LineDecision.objects.select_related("line", "mention__author"), pk=number, mention=pk)
    get_object_or_404(Mention, pk=pk, brand=brand)
    now, user, target = timezone.now(), person(request), f"mention {pk}"
    try:
        if "answered" in request.POST:
            answered(kept, now)
            note(user, "answered at the network", brand, target, decision=kept.pk)
            messages.success(request, "Noted. The line knows that this person was answered.")
        else:
            override(kept, user, request.POST.get("reason", "")[:1000], now)
            verb = "approved an answer" if kept.verdict == "ask" else "overrode the line"
            note(user, verb, brand, target, decision=kept.pk)
            messages.success(request, "Noted with your name and reason.")
    except Stands as error:
        messages.error(request, str(error))
    return redirect("asking", slug, pk)


def _mention(brand: Brand, pk: int) -> Mention:
    mentions = Mention.objects.filter(brand=brand, hidden="").select_related("author", "brand").defer(*lists.DEFERRED)
    return get_object_or_404(mentions, pk=pk)


def _decisions(mention: Mention) -> list[LineDecision]:
    kept = mention.decisions.select_related("line", "asked_by", "contact")
    return list(kept.order_by("-created_at", "-pk")[:SHOWN])
