"""An XLSX workbook: the rows of its first sheet that is shown, with everything said that a reader would not see.

Pure functions over bytes. The rows are taken one after the other as the file holds them; nothing is made for the rows
that it leaves out, whatever number a row claims.
"""

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet._reader import FORMULA_TAG, VALUE_TAG, WorkSheetParser

from governance.sheets.lines import COLUMNS, Sheet, SheetRefused, kept, letters_of, plainly

UNPACKED = 40 * 1024 * 1024
"""What a workbook may weigh unpacked: a small file can hold gigabytes of nothing."""
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""Of any sheet."""
NAMED = 5
"""Cells or rows that a refusal names."""

_WORKBOOK = {"[Content_Types].xml", "xl/workbook.xml"}
_UNREADABLE = "This workbook cannot be read. Open it, save it again as .xlsx, and upload that."


def read(data: bytes) -> Sheet:
    """The lines of the first sheet that is not hidden, and which sheet that is. Raises SheetRefused."""
    _a_workbook(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Of what openpyxl leaves out, nothing is read here.
            return _first_shown(data)
    except (SheetRefused, MemoryError):
        raise
    except Exception as error:  # A damaged workbook raises whatever its reader stumbles over.
        raise SheetRefused(_UNREADABLE) from error


def _a_workbook(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
    except Exception as error:  # zipfile raises more than BadZipFile over a damaged directory.
        raise SheetRefused("This is a damaged workbook, or none. Open it, save it again, and upload that.") from error
    if not {part.filename for part in parts} >= _WORKBOOK:
        raise SheetRefused("This is a packed file, but no XLSX workbook.")
    if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
        raise SheetRefused("This workbook holds macros. Save it as .xlsx without them.")
    if len(parts) > 1000 or sum(part.file_size for part in parts) > UNPACKED:
        raise SheetRefused("This workbook unpacks to more than a list of rows would. Save the sheet alone.")


def _first_shown(data: bytes) -> Sheet:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
        if not shown:
            raise SheetRefused("Every sheet of this workbook is hidden. Show the sheet with the rows, and save it.")
        lines = list(kept(_Rows(book, shown[0])))
        return Sheet(lines, _said(shown[0].title, [sheet.title for sheet in shown[1:]], hidden))
    finally:
        book.close()


def _said(title: str, others: list[str], hidden: list[str]) -> list[str]:
    said = [f"Read from the sheet “{title}”."]
    if others:
        said.append(f"Not read: {_listed(others)}.")
    if hidden:
        said.append(f"Not read, since hidden in the workbook: {_listed(hidden)}.")
    return said if others or hidden else []


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(f"“{name[:60]}”" for name in names[:NAMED]) + more


class _Parser(WorkSheetParser):
    """Notes formulas without a saved value, which read as empty cells."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.without_value: list[str] = []

    def parse_cell(self, element: Any) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        # The saved value of a formula may be a text, and that empty; any other empty value is none.
        if (
            element.find(FORMULA_TAG) is not None
            and not element.findtext(VALUE_TAG)
            and (element.get("t") != "str" or element.find(VALUE_TAG) is None)
        ):
            self.without_value.append(f"{letters_of(cell['column'])}{self.row_counter}")
        return cell


class _Rows:
    """The rows of a sheet as text, by number. Raises SheetRefused for what a reader of the sheet would not see."""

    def __init__(self, book: Any, sheet: Any) -> None:
        self.book, self.sheet = book, sheet

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        last, filled = 0, set[int]()
        hidden: list[str] = []
        with self.sheet._get_source() as source:
            parser = _Parser(
                source,
                self.sheet._shared_strings,
                data_only=True,
                epoch=self.book.epoch,
                date_formats=self.book._date_formats,
                timedelta_formats=self.book._timedelta_formats,
            )
            for number, cells in parser.parse():
                if not last < number <= LAST_ROW:
                    raise SheetRefused(
                        f"The sheet “{self.sheet.title}” has a row numbered {number:,} after row {last:,};"
                        f" rows run from 1 to {LAST_ROW:,}. Copy the rows into a new sheet, save that, and upload it."
                    )
                last = number
                row = self._row(number, cells)
                if any(row):
                    filled |= {place for place, cell in enumerate(row, start=1) if cell}
                    if _is(parser.row_dimensions.get(str(number), {}).get("hidden")):
                        hidden.append(str(number))
                parser.row_dimensions.clear()
                self._refuse_formulas(parser.without_value)
                yield number, row
            self._refuse_hidden(hidden, parser, filled)

    def _row(self, number: int, cells: list[dict[str, Any]]) -> list[str]:
        row: list[str] = []
        for cell in cells:
            text, place = _text(cell["value"]), cell["column"]
            if not text:
                continue
            if place <= len(row):
                raise SheetRefused(
                    f"Row {number} of the sheet “{self.sheet.title}” names cell {letters_of(place)}{number} out of"
                    " order. Open the workbook, save it again, and upload that."
                )
            if place > COLUMNS:
                raise SheetRefused(f"Row {number} has more than {COLUMNS} columns: {letters_of(place)} is filled.")
            row += [""] * (place - 1 - len(row)) + [text]
        return row

    def _refuse_formulas(self, cells: list[str]) -> None:
        if cells:
            raise SheetRefused(
                f"Cell {_first(cells)} of the sheet “{self.sheet.title}” holds a formula without a saved value. Open"
                " the workbook in a spreadsheet, save it, and upload it again; or type the value."
            )

    def _refuse_hidden(self, hidden: list[str], parser: _Parser, filled: set[int]) -> None:
        if hidden:
            raise SheetRefused(
                f"The sheet “{self.sheet.title}” has filled rows that are hidden or filtered away: {_first(hidden)}."
                " Show all rows, delete those that you do not mean, and upload it again."
            )
        columns = [
            letters_of(place)
            for said in parser.column_dimensions.values()
            if _is(said.get("hidden"))
            for place in sorted(filled)
            if int(said["min"]) <= place <= int(said["max"])
        ]
        if columns:
            raise SheetRefused(
                f"The sheet “{self.sheet.title}” has filled columns that are hidden: {_first(columns)}."
                " Show all columns, delete those that you do not mean, and upload it again."
            )
        merged = [str(one.ref) for one in parser.merged_cells.mergeCell] if parser.merged_cells else []
        if merged:
            raise SheetRefused(
                f"The sheet “{self.sheet.title}” has merged cells: {_first(merged)}. Only one cell of them has a value."
                " Unmerge them, fill each cell, and upload it again."
            )


def _first(named: list[str]) -> str:
    more = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
    return ", ".join(named[:NAMED]) + more


def _is(said: str | None) -> bool:
    """An attribute of XML Schema's type boolean."""
    return said in {"1", "true"}


def _text(value: object) -> str:
    """A cell as text: days as 2026-11-30, whole numbers without a fraction."""
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date().isoformat()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return plainly(str(value))
