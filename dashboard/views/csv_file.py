"""A table that is handed out as a CSV file, as spreadsheets take it."""

import csv
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

BEGINS_FORMULA = "=+-@\t\r\n＝＋－＠"  # spreadsheets read the wide ones as the narrow ones


def csv_file(name: str, columns: Sequence[str], rows: Iterable[Iterable[object]]) -> HttpResponse:
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer["Cache-Control"] = "no-store"
    table = csv.writer(answer)
    table.writerow(columns)
    table.writerows([_harmless(str(cell)) for cell in row] for row in rows)
    return answer


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (owasp.org/www-community/attacks/CSV_Injection)."""
    return f"'{cell}" if cell[:1] in BEGINS_FORMULA and cell else cell
