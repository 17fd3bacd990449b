"""What the templates of a mention and of a complaint need beside the row itself."""

from typing import Any

from dashboard.access import WORKERS
from dashboard.reports.complaints import workers
from listening.models import Brand, Case


def of_row(brand: Brand) -> dict[str, Any]:
    return {"brand": brand, "can_work": brand.role in WORKERS}


def of_case(brand: Brand) -> dict[str, Any]:
    more = {"case_form": True, "shape": "case", "statuses": Case.Status.choices, "workers": workers(brand)}
    return of_row(brand) | more
