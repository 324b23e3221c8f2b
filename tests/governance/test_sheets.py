"""Files that people import: what is read, what is refused, and what each cell means."""

import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from governance.sheets import reading
from governance.sheets.columns import Column, Layout, Reading, ambiguous, choice, day, text
from governance.sheets.reading import SheetRefused, read
from governance.sheets.templates import workbook

LAYOUT = Layout([
    Column(key="title", name="Title", meaning="What it is.", rule=text(20), required=True, prose=True),
    Column(key="due_on", name="Due on", meaning="A day.", rule=day),
    Column(key="kind", name="Kind", meaning="One of two.", rule=choice([("strong", "Strong"), ("weak", "Weak")])),
])  # fmt: skip


def packed(book: Workbook) -> bytes:
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def sheet(*rows: list[object]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    return packed(book)


def rezipped(data: bytes, name: str, content: bytes) -> bytes:
    """The workbook with one of its parts replaced, or added."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return kept.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        "\ufeffTitle,Due on\r\nHours,2026-11-30\r\n\r\nCafé,\r\n".encode(),
        "Title;Due on\nHours;2026-11-30\n;;\nCafé\n".encode("cp1252"),
        sheet(["Title", "Due on"], ["Hours", date(2026, 11, 30)], [None, None], ["Café"]),
    ],
    ids=["utf-8", "windows", "workbook"],
)
def test_rows_are_read(data: bytes) -> None:
    lines = read(data)
    assert [line.cells for line in lines] == [["Title", "Due on"], ["Hours", "2026-11-30"], ["Café"]]
    assert [line.number for line in lines] == [1, 2, 4]


def test_a_workbook_gives_values_as_text() -> None:
    lines = read(sheet(["a", "b", "c", "d"], [7.0, 7.5, True, "=1+1"]))
    # The formula was never computed by a spreadsheet, so there is no value.
    assert lines[1].cells == ["7", "7.5", "True"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"Title\n", "no row below"),
        (b"\n,,\n", "no row"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\xd0\xcf\x11\xe0....", "before 2007"),
        ("Title\nx\n".encode("utf-16"), "UTF-16"),
        (b"Title\n\x81\n", "UTF-8 or Windows-1252"),
        (b"Title\nx\x00y\n", "control character"),
        (b'Title\n"x\n', "cannot be read"),
        (b"PK\x03\x04 and nothing", "damaged"),
        (rezipped(sheet(["a"], ["b"]), "xl/vbaProject.bin", b"x"), "macros"),
        (rezipped(sheet(["a"], ["b"]), "xl/worksheets/sheet1.xml", b"<oops"), "cannot be read"),
        (b"Title\n" + b"x" * (reading.CELL + 1) + b"\n", "more than 5,000 characters"),
        (b"Title\n" + b"x\n" * (reading.ROWS + 1), "more than 500 rows"),
        (b"Title\n" + b"x," * 40 + b"x\n", "more than 40 columns"),
        (b"x" * (reading.BYTES + 1), "larger than 2 MB"),
    ],
)
def test_what_is_no_list_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(SheetRefused, match=said):
        read(data)


def test_a_packed_file_that_is_no_workbook_is_refused() -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as other:
        other.writestr("word/document.xml", "<w/>")
    with pytest.raises(SheetRefused, match="no XLSX workbook"):
        read(kept.getvalue())


def test_a_small_file_that_unpacks_to_a_large_one_is_refused() -> None:
    data = rezipped(sheet(["a"], ["b"]), "xl/media/nothing.bin", bytes(reading.UNPACKED))
    assert len(data) < reading.BYTES
    with pytest.raises(SheetRefused, match="unpacks to more"):
        read(data)


def test_a_workbook_whose_text_expands_is_refused() -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
    )
    with pytest.raises(SheetRefused, match="cannot be read"):
        read(rezipped(sheet(["a"], ["b"]), "xl/worksheets/sheet1.xml", bomb))


def understood(*rows: str, month_first: bool | None = None) -> list[list[tuple[str, str]]]:
    lines = read(("title, DUE ON ,kind\n" + "\n".join(rows)).encode())
    return [row.problems for row in LAYOUT.understand(lines, Reading(month_first))]


def test_each_cell_is_told_by_column_and_rule() -> None:
    problems = understood(
        "Hours,2026-02-30,strong", ",11/30/2026,STRONG", "A title of more than twenty,soon,mild", "#REF!"
    )
    assert problems == [
        [("Due on", "“2026-02-30” is no day of the calendar; write it as 2026-11-30 or 11/30/2026")],
        [("Title", "may not be empty")],
        [
            ("Title", "at most 20 characters, and this has 27"),
            ("Due on", "“soon” is no date; write it as 2026-11-30 or 11/30/2026"),
            ("Kind", "“mild” is none of these: Strong, Weak"),
        ],
        [("Title", "holds a spreadsheet's error, #REF!")],
    ]


def test_a_date_that_reads_both_ways_is_asked_about() -> None:
    rows = ["a,03/04/2026", "b,05/05/2026", "c,25/12/2026"]
    assert [bool(problems) for problems in understood(*rows)] == [True, False, True]
    lines = read(("title,due on\n" + "\n".join(rows)).encode())
    assert ambiguous(LAYOUT, lines)
    assert not ambiguous(LAYOUT, lines[:1] + lines[2:])
    said = {
        order: [row.values["due_on"] for row in LAYOUT.understand(lines, Reading(order))] for order in (True, False)
    }
    assert said[True] == [date(2026, 3, 4), date(2026, 5, 5), None]
    assert said[False] == [date(2026, 4, 3), date(2026, 5, 5), date(2026, 12, 25)]


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("Title,Owner", "“Owner” in the heading is no column"),
        ("Title,,Kind", "The heading of column 2 is no column"),
        ("Title,title", "stands twice"),
        ("Due on,Kind", "lacks the column Title"),
    ],
)
def test_a_wrong_heading_is_refused(heading: str, said: str) -> None:
    with pytest.raises(SheetRefused, match=said):
        LAYOUT.heading(read(f"{heading}\nx\n".encode())[0])


def test_the_template_reads_back() -> None:
    book = load_workbook(io.BytesIO(workbook(LAYOUT, "Roster")))
    assert book.sheetnames == ["Roster", "Columns"]
    book["Roster"]["A2"], book["Roster"]["B2"] = "Hours", date(2026, 11, 30)
    (row,) = LAYOUT.understand(read(packed(book)), Reading())
    assert (row.problems, row.values["due_on"]) == ([], date(2026, 11, 30))
