"""The labelling page: one mention after another, the machine's answer hidden until the person has given theirs."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from dashboard.access import WORKERS, brand_for, person
from dashboard.forms.label import SENTIMENTS, LabelForm, WhichForm
from dashboard.labelling import sitting as sittings
from dashboard.reports.marking import said
from dashboard.reports.mentions import who
from listening.models import Answer, Brand, Sitting
from listening.veil import veiled

NOTHING = "There is nothing left to label: every scored mention of the last 90 days has your answer."


@login_required
def label(request: HttpRequest, slug: str) -> HttpResponse:
    """The next mention of the open sitting; a POST answers, skips, undoes or begins."""
    brand = brand_for(request, slug, WORKERS)
    sitting = sittings.open_sitting(brand, person(request))
    if request.method == "POST":
        return _told(request, brand, sitting)
    if sitting is None:
        return redirect("quality", slug)
    progress = sittings.progress(sitting)
    if progress.mention is None:
        return _finished(request, brand, sitting)
    context = {
        "brand": brand,
        "progress": progress,
        "mention": progress.mention,
        "who": who(progress.mention),
        "title": veiled(progress.mention.title, progress.mention.author),
        "text": said(progress.mention),
        "sentiments": SENTIMENTS,
        "answers": Answer.choices,
    }
    return render(request, "pages/label.html", context)


def _told(request: HttpRequest, brand: Brand, sitting: Sitting | None) -> HttpResponse:
    if sitting is None or "begin" in request.POST:
        if sittings.begin(brand, person(request), timezone.now()) is None:
            messages.info(request, NOTHING)
            return redirect("quality", brand.slug)
    elif "undo" in request.POST:
        sittings.undo(sitting)
    elif "skip" in request.POST:
        which = WhichForm(request.POST)
        if which.is_valid():
            sittings.skip(sitting, which.cleaned_data["mention"])
    else:
        _answered(request, sitting)
    if sitting and sittings.progress(sitting).mention is None:
        return _finished(request, brand, sitting)
    return redirect("label", brand.slug)


def _answered(request: HttpRequest, sitting: Sitting) -> None:
    form = LabelForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(said) for errors in form.errors.values() for said in errors))
        return
    told = form.cleaned_data
    sittings.answer(sitting, told["mention"], told["sentiment"], told["complaint"])


def _finished(request: HttpRequest, brand: Brand, sitting: Sitting) -> HttpResponse:
    sittings.finish(sitting, timezone.now())
    messages.success(request, "The sitting is finished, thank you. Its labels count in the figures below.")
    return redirect("quality", brand.slug)
