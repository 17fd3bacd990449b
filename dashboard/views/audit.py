"""The page of the audit log: who changed what, filtered by words in the address."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime

from dashboard.access import ADMINS, brand_for, person
from listening.models import AuditEntry, Brand, User

SHOWN = 50


@login_required
def audit(request: HttpRequest, slug: str) -> HttpResponse:
    """Newest first; `before` (ISO time and id) is where the former page ended."""
    brand = brand_for(request, slug, ADMINS)
    entries = _entries(brand, person(request))
    who, verb, text = (request.GET.get(name, "").strip() for name in ("who", "verb", "text"))
    found = entries
    if who.isdigit():
        found = found.filter(user=int(who))
    if verb:
        found = found.filter(verb=verb)
    if text:
        found = found.filter(target__icontains=text)
    rows = list(_after(found, request.GET.get("before", ""))[: SHOWN + 1])
    context = {
        "brand": brand,
        "entries": rows[:SHOWN],
        "next": f"{rows[SHOWN - 1].created_at.isoformat()}_{rows[SHOWN - 1].pk}" if len(rows) > SHOWN else "",
        "verbs": entries.order_by("verb").values_list("verb", flat=True).distinct(),
        "people": User.objects.filter(pk__in=entries.order_by().values("user")).order_by("email"),
        "who": who,
        "verb": verb,
        "text": text,
    }
    return render(request, "pages/settings/audit.html", context)


def _entries(brand: Brand, user: User) -> QuerySet[AuditEntry]:
    """The brand's entries; administrators of the installation also see those that belong to no brand."""
    where = Q(brand=brand) | Q(brand=None) if user.is_superuser else Q(brand=brand)
    return AuditEntry.objects.filter(where).select_related("user")


def _after(found: QuerySet[AuditEntry], mark: str) -> QuerySet[AuditEntry]:
    time, _, pk = mark.rpartition("_")
    moment = _moment(time)
    if moment is None or not pk.isdigit():
        return found
    return found.filter(Q(created_at__lt=moment) | Q(created_at=moment, pk__lt=int(pk)))


def _moment(text: str) -> datetime | None:
    """An aware time, None for whatever else the address may hold."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
