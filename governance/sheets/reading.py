"""A file that somebody uploads, as rows of text: an XLSX workbook or a CSV, told by its content and never by its name.

Formulas are never run: a workbook gives the values that were saved with it. What cannot be read for certain is refused
with its place, never taken to be empty. Hostile files are the rule here: outside tests `read_in_child` is called.
"""

from typing import Any

from audit.documents.base import LimitReached, RenderError
from audit.documents.child import answer_in_child
from governance.sheets import plain, workbooks
from governance.sheets.lines import ROWS, Line, Sheet, SheetRefused

BYTES = 2 * 1024 * 1024
"""What a file may weigh."""
MEMORY_BYTES, SECONDS = 512 << 20, 10
"""What reading a file may take."""

_OTHER = {
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "a workbook of before 2007 or one with a password; save it as .xlsx without one",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}


def read_in_child(data: bytes) -> Sheet:
    """The same as `read`, in a process with limits of memory and time. Raises SheetRefused."""
    try:
        told = answer_in_child(
            "governance.sheets.reading:answer", data, title="sheet", memory_bytes=MEMORY_BYTES, seconds=SECONDS
        )
    except LimitReached:
        raise SheetRefused(
            f"This file takes more than {SECONDS} seconds or {MEMORY_BYTES >> 20} MB to read, which a list of {ROWS}"
            " rows does not. Copy the rows into a new sheet, save that, and upload it."
        ) from None
    except RenderError as error:
        raise SheetRefused("This file cannot be read. Open it, save it again as .xlsx, and upload that.") from error
    if "refused" in told:
        raise SheetRefused(told["refused"])
    return Sheet([Line(*line) for line in told["lines"]], told["said"], told["letters_unknown"])


def answer(data: bytes) -> dict[str, Any]:
    """What `read` finds, as JSON can hold it."""
    try:
        found = read(data)
    except SheetRefused as refused:
        return {"refused": str(refused)}
    return {
        "lines": [[line.number, line.cells] for line in found.lines],
        "said": found.said,
        "letters_unknown": found.letters_unknown,
    }


def read(data: bytes) -> Sheet:
    """The lines of the file; of a workbook, those of the first sheet that is not hidden. Raises SheetRefused."""
    if not data:
        raise SheetRefused("The file is empty.")
    if len(data) > BYTES:
        raise SheetRefused(f"The file is larger than {BYTES // 1024 // 1024} MB. Split it into smaller files.")
    for start, called in _OTHER.items():
        if data.startswith(start):
            raise SheetRefused(f"This is {called}, not an XLSX workbook or a CSV file.")
    found = workbooks.read(data) if data.startswith(b"PK") else plain.read(data)
    if not found.lines:
        raise SheetRefused("The file has no rows." + "".join(f" {said}" for said in found.said))
    if len(found.lines) == 1:
        raise SheetRefused("The file has a heading and no row below it." + "".join(f" {said}" for said in found.said))
    return found
