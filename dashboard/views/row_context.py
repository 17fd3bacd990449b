"""What the templates of a mention and of a complaint need beside the row itself."""

from typing import Any

from dashboard.access import WORKERS
from dashboard.forms.case import NOBODY, STATUSES
from dashboard.reports.complaints import workers
from listening.models import Brand


def of_row(brand: Brand) -> dict[str, Any]:
    return {"brand": brand, "can_work": brand.role in WORKERS}


def of_case(brand: Brand) -> dict[str, Any]:
    people = ((NOBODY, "Nobody"), *((user.pk, str(user)) for user in workers(brand)))
    more = {"case_form": True, "shape": "case", "statuses": tuple(STATUSES), "workers": people}
    return of_row(brand) | more
