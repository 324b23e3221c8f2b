"""The empty file to download: the columns' names, and beside them what each means."""

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from governance.sheets.columns import Layout, day
from governance.sheets.lines import ROWS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(layout: Layout, title: str) -> bytes:
    """An .xlsx workbook: a sheet with the heading, and a second one that explains the columns."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    sheet.append([column.name for column in layout.columns])
    for place, column in enumerate(layout.columns, start=1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = max(14, len(column.name) + 4)
        sheet[f"{letter}1"].font = Font(bold=True)
        form = "yyyy-mm-dd" if column.rule is day else "@"
        for row in range(2, min(ROWS, 200) + 2):
            sheet[f"{letter}{row}"].number_format = form
    sheet.freeze_panes = "A2"
    told = book.create_sheet("Columns")
    told.append(["Column", "Required", "Means", "Example"])
    for column in layout.columns:
        told.append([column.name, "yes" if column.required else "", column.meaning, column.example])
    for letter, width in (("A", 20), ("B", 10), ("C", 90), ("D", 32)):
        told.column_dimensions[letter].width = width
        told[f"{letter}1"].font = Font(bold=True)
    for cells in told.iter_rows(min_row=2):
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.number_format = "@"
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()
