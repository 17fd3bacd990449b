"""The page of the audit log: who changed what, filtered by words in the address."""

import json
from datetime import date, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date, parse_datetime

from dashboard.access import ADMINS, brand_for, person
from dashboard.audit import GROUPS, SETTINGS, in_group, note
from dashboard.reports.period import DAY, day_start
from dashboard.row_number import number_in
from dashboard.views.csv_file import csv_file
from listening.models import AuditEntry, Brand, User

SHOWN = 50
MOST_EXPORTED = 100_000
COLUMNS = ("time", "who", "what", "target", "details")
FILTERS = ("group", "who", "verb", "text", "since", "until")


@login_required
def audit(request: HttpRequest, slug: str) -> HttpResponse:
    """Newest first; `before` (ISO time and id) is where the former page ended."""
    brand = brand_for(request, slug, ADMINS)
    entries = _entries(brand, person(request))
    asked = _asked(request)
    found = _filtered(entries, asked, ZoneInfo(brand.time_zone))
    rows = list(_after(found, request.GET.get("before", ""))[: SHOWN + 1])
    context = {
        "brand": brand,
        "entries": rows[:SHOWN],
        "next": f"{rows[SHOWN - 1].created_at.isoformat()}_{rows[SHOWN - 1].pk}" if len(rows) > SHOWN else "",
        "verbs": entries.order_by("verb").values_list("verb", flat=True).distinct(),
        "people": User.objects.filter(pk__in=entries.order_by().values("user")).order_by("email"),
        "groups": [*((name, label) for name, (label, _) in GROUPS.items()), (SETTINGS, "Settings and the rest")],
        **asked,
        "asked": urlencode({name: value for name, value in asked.items() if value}),
    }
    return render(request, "pages/settings/audit.html", context)


@login_required
def audit_export(request: HttpRequest, slug: str) -> HttpResponse:
    """The entries that the filters leave, as CSV, the newest first; that somebody took them is an entry too."""
    brand = brand_for(request, slug, ADMINS)
    asked = _asked(request)
    found = _filtered(_entries(brand, person(request)), asked, ZoneInfo(brand.time_zone))[:MOST_EXPORTED]
    rows = (
        (
            one.created_at.isoformat(),
            one.user or "Earshot",
            one.verb,
            one.target,
            json.dumps(one.detail, ensure_ascii=False),
        )
        for one in found
    )
    answer = csv_file(f"audit-{brand.slug}", COLUMNS, rows)
    note(person(request), "exported audit log", brand, brand.name, filters=[v for v in asked.values() if v])
    return answer


def _asked(request: HttpRequest) -> dict[str, str]:
    """The filters as the address has them; Postgres knows no NUL."""
    return {name: request.GET.get(name, "").replace("\x00", "").strip()[:200] for name in FILTERS}


def _filtered(entries: QuerySet[AuditEntry], asked: dict[str, str], zone: ZoneInfo) -> QuerySet[AuditEntry]:
    """`since` and `until` are days in the brand's time zone, both included; what can't be read is ignored."""
    if who := number_in(asked["who"]):
        entries = entries.filter(user=who)
    entries = entries.filter(in_group(asked["group"]))
    if asked["verb"]:
        entries = entries.filter(verb=asked["verb"])
    if asked["text"]:
        entries = entries.filter(target__icontains=asked["text"])
    if since := _day(asked["since"]):
        entries = entries.filter(created_at__gte=day_start(since, zone))
    if until := _day(asked["until"]):
        entries = entries.filter(created_at__lt=day_start(until + DAY, zone))
    return entries


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _entries(brand: Brand, user: User) -> QuerySet[AuditEntry]:
    """The brand's entries; administrators of the installation also see those that belong to no brand."""
    where = Q(brand=brand) | Q(brand=None) if user.is_superuser else Q(brand=brand)
    return AuditEntry.objects.filter(where).select_related("user")


def _after(found: QuerySet[AuditEntry], mark: str) -> QuerySet[AuditEntry]:
    time, _, number = mark.rpartition("_")
    moment, pk = _moment(time), number_in(number)
    if moment is None or not pk:
        return found
    return found.filter(Q(created_at__lt=moment) | Q(created_at=moment, pk__lt=pk))


def _moment(text: str) -> datetime | None:
    """An aware time, None for whatever else the address may hold."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
