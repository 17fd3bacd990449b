"""The page of a brand's record of legitimate interest: read it, change it, adopt it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from dashboard.access import ADMINS, brand_for, person
from dashboard.audit import note
from dashboard.forms.interest import InterestForm
from listening.interest import DRAFT, adopt, text_of
from listening.models import Interest
from listening.revise import ring_sources


@login_required
def interest(request: HttpRequest, slug: str) -> HttpResponse:
    brand = brand_for(request, slug, ADMINS)
    record = Interest.objects.of(brand)
    text = text_of(record) if record else DRAFT
    form = InterestForm(request.POST if request.method == "POST" else None, text=text)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            made = adopt(brand, person(request), form.text, timezone.now())
            note(person(request), "adopted legitimate interest", brand, brand.name, version=made.version)
        ring_sources(brand)
        messages.success(request, f"Adopted as {made}. {brand.name} may be listened for.")
        return redirect("interest", slug)
    versions = brand.interests.select_related("author")
    context = {"brand": brand, "form": form, "record": record, "versions": versions}
    return render(request, "pages/settings/interest.html", context, status=422 if form.errors else 200)
