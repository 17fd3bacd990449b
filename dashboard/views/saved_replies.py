"""The page of a brand's saved replies: add, change, remove."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from dashboard.access import ADMINS, brand_for, person
from dashboard.audit import note
from dashboard.forms.replies import SavedReplyForm
from dashboard.row_number import number_in
from dashboard.taken import Taken
from listening.models import Brand, SavedReply


@login_required
def saved_replies(request: HttpRequest, slug: str) -> HttpResponse:
    brand = brand_for(request, slug, ADMINS)
    if "remove" in request.POST:
        return _remove(request, brand)
    editing = _one(brand, request.GET["edit"]) if "edit" in request.GET else None
    form = SavedReplyForm(request.POST or None, brand=brand, saved=editing)
    if request.method == "POST" and form.is_valid():
        try:
            saved = form.save(person(request))
        except Taken as error:
            form.add_error("name", str(error))
        else:
            verb = "changed saved reply" if editing else "added saved reply"
            note(person(request), verb, brand, f"saved reply {saved.pk}")
            messages.success(request, "Saved.")
            return redirect("saved_replies", slug)
    replies = brand.saved_replies.select_related("changed_by")
    context = {"brand": brand, "form": form, "replies": replies, "editing": editing}
    return render(request, "pages/settings/replies.html", context, status=422 if form.errors else 200)


def _remove(request: HttpRequest, brand: Brand) -> HttpResponse:
    saved = _one(brand, request.POST["remove"])
    note(person(request), "removed saved reply", brand, f"saved reply {saved.pk}")
    saved.delete()
    messages.success(request, "Removed.")
    return redirect("saved_replies", brand.slug)


def _one(brand: Brand, told: str) -> SavedReply:
    return get_object_or_404(brand.saved_replies, pk=number_in(told))
