"""Selecting: all cases of a list at once, as they are now, and what is done to them once somebody has said yes."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.utils import timezone

from dashboard.cases.bulk import MOST_AT_ONCE, Outcome, change_many
from dashboard.reports.cases import of_tab
from dashboard.reports.wanted_cases import Wanted, looked_up
from listening.models import Brand, Selection, User
from listening.models.selection import KEPT_FOR


def select(brand: Brand, user: User, wanted: Wanted, asked: dict[str, str]) -> Selection:
    """Keep which cases fit now, and in which version. Raises ValueError with a sentence for people."""
    fitting = of_tab(brand, looked_up(brand, wanted)).order_by("pk").values_list("pk", "version")
    found = list(fitting[: MOST_AT_ONCE + 1])
    if not found:
        raise ValueError("No case fits any more. Reload the list.")
    if len(found) > MOST_AT_ONCE:
        raise ValueError(f"More than {MOST_AT_ONCE:,} cases fit. Take a filter, and change them in parts.")
    Selection.objects.filter(brand=brand, created_at__lt=timezone.now() - KEPT_FOR).delete()
    cases, versions = (list(column) for column in zip(*found, strict=True))
    told = {"asked": urlencode(asked), "query": urlencode(wanted.params)}
    return Selection.objects.create(brand=brand, user=user, cases=cases, versions=versions, **told)


@transaction.atomic
def change_selected(selection: Selection, now: datetime, say: str, **changes: Any) -> Outcome:
    """Change those of the selection that nobody changed since; the second half of a double click changes nothing."""
    held = Selection.objects.select_for_update(of=("self",)).select_related("brand", "user").get(pk=selection.pk)
    if held.used_at:
        return Outcome()
    seen = dict(zip(held.cases, held.versions, strict=True))
    outcome = change_many(held.brand, held.user, seen, now, say, **changes)
    Selection.objects.filter(pk=held.pk).update(used_at=now, cases=[], versions=[], asked="")
    return outcome
