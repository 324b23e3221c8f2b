"""Lists as CSV files that a spreadsheet opens without running anything."""

import csv
from collections.abc import Iterable

from django.http import HttpResponse

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(cell: object) -> str:
    """The text of a cell; one that a spreadsheet would take for a formula gets an apostrophe before it."""
    text = str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_response(name: str, heading: list[str], rows: Iterable[Iterable[object]]) -> HttpResponse:
    """A CSV download, in UTF-8 with the mark that spreadsheets want."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(heading)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return response
