"""A file that somebody uploads, as rows of text: an XLSX workbook or a CSV, told by its content and never by its name.

Pure functions over bytes. Formulas are never run: a workbook gives the values that were saved with it.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from openpyxl import load_workbook

BYTES = 2 * 1024 * 1024
"""What a file may weigh."""
UNPACKED = 40 * 1024 * 1024
"""What a workbook may weigh unpacked: a small file can hold gigabytes of nothing."""
ROWS, COLUMNS, CELL = 500, 40, 5000
"""Rows below the heading, columns, and characters of one cell."""

_WORKBOOK = {"[Content_Types].xml", "xl/workbook.xml"}
_OTHER = {
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "a workbook of before 2007 or one with a password; save it as .xlsx without one",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\xff\xfe": "a text in UTF-16; save it as CSV in UTF-8",
    b"\xfe\xff": "a text in UTF-16; save it as CSV in UTF-8",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class SheetRefused(ValueError):
    """The file cannot be read as rows; the message says why and what to do."""

    field = "file"


@dataclass(frozen=True)
class Line:
    """A row of the file: its number there, and the text of its cells."""

    number: int
    cells: list[str]


def read(data: bytes) -> list[Line]:
    """The lines of the file that are not empty, the heading first; of a workbook, those of its first sheet.

    Raises SheetRefused.
    """
    if not data:
        raise SheetRefused("The file is empty.")
    if len(data) > BYTES:
        raise SheetRefused(f"The file is larger than {BYTES // 1024 // 1024} MB; divide it.")
    for start, called in _OTHER.items():
        if data.startswith(start):
            raise SheetRefused(f"This is {called}, not an XLSX workbook or a CSV file.")
    lines = list(_kept(_workbook(data) if data.startswith(b"PK") else _csv(data)))
    if not lines:
        raise SheetRefused("The file holds no row.")
    if len(lines) == 1:
        raise SheetRefused("The file holds a heading and no row below it.")
    return lines


def _kept(rows: Iterable[list[str]]) -> Iterator[Line]:
    """The rows with anything in them, each within the limits."""
    found = 0
    for number, row in enumerate(rows, start=1):
        if not any(row):
            continue
        while not row[-1]:
            row.pop()
        found += 1
        if found > ROWS + 1:
            raise SheetRefused(f"The file holds more than {ROWS} rows; divide it.")
        if len(row) > COLUMNS:
            raise SheetRefused(f"Row {number} has more than {COLUMNS} columns.")
        for cell in row:
            if len(cell) > CELL:
                raise SheetRefused(f"A cell of row {number} holds more than {CELL:,} characters.")
            if _CONTROL.search(cell):
                raise SheetRefused(f"A cell of row {number} holds a control character; the file is no plain text.")
        yield Line(number, row)


def _workbook(data: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
    except zipfile.BadZipFile:
        raise SheetRefused("This is a damaged workbook, or none.") from None
    if not {part.filename for part in parts} >= _WORKBOOK:
        raise SheetRefused("This is a packed file, but no XLSX workbook.")
    if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
        raise SheetRefused("This workbook holds macros; save it as .xlsx without them.")
    if len(parts) > 1000 or sum(part.file_size for part in parts) > UNPACKED:
        raise SheetRefused("This workbook unpacks to more than a list of rows would; save the sheet alone.")
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            sheet = book.worksheets[0]
            # What the file says of its own size may be wrong.
            sheet.reset_dimensions()
            for row in sheet.iter_rows(max_col=COLUMNS + 1, values_only=True):
                yield [_text(value) for value in row]
        finally:
            book.close()
    except SheetRefused:
        raise
    except Exception:  # A damaged workbook raises whatever its reader stumbles over.
        raise SheetRefused("This workbook cannot be read; open it, save it again as .xlsx, and try that.") from None


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
    return _plain(str(value))


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").strip()


def _csv(data: bytes) -> Iterator[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            raise SheetRefused("This is no text in UTF-8 or Windows-1252; save it as CSV in UTF-8.") from None
    heading = next((line for line in text.splitlines() if line.strip(" ,;\t")), "")
    mark = ";" if heading.count(";") > heading.count(",") else ","
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True):
            yield [_plain(cell) for cell in row]
    except csv.Error as broken:
        raise SheetRefused(f"This CSV file cannot be read: {broken}.") from None
