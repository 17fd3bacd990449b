"""What the templates of a mention and of a complaint need beside the row itself."""

from typing import Any

from django.utils import timezone

from dashboard.access import WORKERS
from dashboard.forms.case import NOBODY, STATUSES
from dashboard.reports.complaints import workers
from dashboard.revealing import names_shown
from listening.models import Brand, User


def of_row(brand: Brand) -> dict[str, Any]:
    return {"brand": brand, "can_work": brand.role in WORKERS}


def of_case(brand: Brand, user: User | None = None) -> dict[str, Any]:
    """With `user` the rows show them the names that they asked for; lists without cases never do."""
    names = names_shown(user, brand, timezone.now()) if user else {}
    people = ((NOBODY, "Nobody"), *((user.pk, str(user)) for user in workers(brand)))
    more = {"case_form": True, "shape": "case", "statuses": tuple(STATUSES), "workers": people, "names": names}
    return of_row(brand) | more
