"""Files that people import: what is read, what is refused, and what each cell means."""

import io
import re
import zipfile
from datetime import date
from time import process_time
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from governance.sheets import reading
from governance.sheets.columns import Column, Layout, Reading, ambiguous, choice, day, text
from governance.sheets.letters import meant, readings
from governance.sheets.lines import CELL, ROWS, SheetRefused
from governance.sheets.reading import read, read_in_child
from governance.sheets.templates import workbook
from governance.sheets.workbooks import UNPACKED

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
        "Title;Due on\nHours;2026-11-30\n;;\nCafé\n".encode(),
        "sep=;\nTitle;Due on\nHours;2026-11-30\n;;\nCafé\n".encode(),
        "Title\tDue on\nHours\t2026-11-30\n\t\nCafé\n".encode(),
        "Title\tDue on\r\nHours\t2026-11-30\r\n\r\nCafé\r\n".encode("utf-16"),
        sheet(["Title", "Due on"], ["Hours", date(2026, 11, 30)], [None, None], ["Café"]),
    ],
    ids=["utf-8", "semicolons", "declared", "tabs", "utf-16", "workbook"],
)
def test_rows_are_read(data: bytes) -> None:
    lines = read(data).lines
    assert [line.cells for line in lines] == [["Title", "Due on"], ["Hours", "2026-11-30"], ["Café"]]
    assert [line.number for line in lines] == [1, 2, 4]


def test_a_workbook_gives_values_as_text() -> None:
    assert read(sheet(["a", "b", "c"], [7.0, 7.5, True])).lines[1].cells == ["7", "7.5", "True"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"Title\n", "no row below"),
        (b"\n,,\n", "no rows"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\xd0\xcf\x11\xe0....", "before 2007"),
        ("Title\nx\n".encode("utf-16-le"), "UTF-16 without its mark"),
        (b"\xff\xfeTitle\nx\xd8", "says it is UTF-16, and is not"),
        (b"\xef\xbb\xbfTitle\n\xe9\n", "says it is UTF-8, and line 2 is not"),
        (b"Title\nx\x00y\n", "zero bytes"),
        (b"Title\nx\x07y\n", r"Cell A2 .* invisible character, U\+0007"),
        ("Title\nAna\u200b Ruiz\n".encode(), r"Cell A2 .* U\+200B \(zero width space\)"),
        ("Title,b\nx,Jos\ufffd\n".encode(), "Cell B2 has a letter that was lost"),
        (b"sep=e\nTitle\nx\n", "Separate them by commas"),
        (b'Title\n"x\n', "cannot be read"),
        (b"PK\x03\x04 and nothing", "damaged"),
        (rezipped(sheet(["a"], ["b"]), "xl/vbaProject.bin", b"x"), "macros"),
        (rezipped(sheet(["a"], ["b"]), "xl/worksheets/sheet1.xml", b"<oops"), "cannot be read"),
        (b"Title\n" + b"x" * (CELL + 1) + b"\n", "more than 5,000 characters"),
        (b"Title\n" + b"x\n" * (ROWS + 1), "more than 500 rows"),
        (b"Title\n" + b"x," * 40 + b"x\n", "more than 40 columns"),
        (b"x" * (reading.BYTES + 1), "larger than 2 MB"),
    ],
)
def test_what_is_no_list_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(SheetRefused, match=said):
        read(data)


def workbook_of(*, state: Any = "visible") -> Workbook:
    """Two sheets, of which the first is in this state."""
    book = Workbook()
    first = book.active
    assert first is not None
    first.title, first.sheet_state = "Lookups", state
    first.append(["Code"])
    first.append(["1"])
    roster = book.create_sheet("Roster")
    for row in (["Title", "Due on"], ["Hours", "2026-11-30"], ["Doors", "2026-12-01"]):
        roster.append(row)
    return book


def test_a_hidden_sheet_is_not_read_and_that_is_said() -> None:
    for state in ("hidden", "veryHidden"):
        found = read(packed(workbook_of(state=state)))
        assert found.lines[1].cells == ["Hours", "2026-11-30"]
        assert found.said == ["Read from the sheet “Roster”.", "Not read, since hidden in the workbook: “Lookups”."]
    assert read(packed(workbook_of())).said == ["Read from the sheet “Lookups”.", "Not read: “Roster”."]
    book = workbook_of(state="hidden")
    raw = packed(book)
    with zipfile.ZipFile(io.BytesIO(raw)) as parts:
        listed = parts.read("xl/workbook.xml")
    with pytest.raises(SheetRefused, match="Every sheet of this workbook is hidden"):
        read(rezipped(raw, "xl/workbook.xml", listed.replace(b'state="visible"', b'state="hidden"')))


def test_what_a_reader_of_the_sheet_would_not_see_is_refused_by_its_place() -> None:
    book = workbook_of(state="hidden")
    book["Roster"].row_dimensions[3].hidden = True
    with pytest.raises(SheetRefused, match=r"“Roster” has filled rows that are hidden or filtered away: 3\."):
        read(packed(book))
    book["Roster"].row_dimensions[3].hidden = False
    book["Roster"].column_dimensions["B"].hidden = True
    with pytest.raises(SheetRefused, match=r"filled columns that are hidden: B\."):
        read(packed(book))
    book["Roster"].column_dimensions["B"].hidden = False
    book["Roster"].row_dimensions[9].hidden = True
    assert len(read(packed(book)).lines) == 3, "an empty row may be hidden"
    book["Roster"].merge_cells("A2:A3")
    with pytest.raises(SheetRefused, match=r"merged cells: A2:A3\."):
        read(packed(book))


def test_a_formula_without_a_saved_value_is_not_an_empty_cell() -> None:
    data = sheet(["Title", "Due on"], ["Hours", None], ["Doors", "=DATE(2026,12,31)"])
    with pytest.raises(SheetRefused, match="Cell B3 of the sheet “Sheet” holds a formula without a saved value"):
        read(data)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        content = parts.read("xl/worksheets/sheet1.xml")
    for saved, cells in ((b"<v>31</v>", ["Doors", "31"]), (b"<v></v>", ["Doors"])):
        kept = content.replace(b'<c r="B3">', b'<c r="B3" t="str">')
        kept = re.sub(rb"<v ?/>|<v></v>", saved, kept)
        assert saved in kept
        assert read(rezipped(data, "xl/worksheets/sheet1.xml", kept)).lines[2].cells == cells


NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def numbered(*rows: tuple[str, str], text: str = "x") -> bytes:
    """A workbook whose rows and cells are numbered so, each with this text."""
    said = "".join(f'<row r="{row}"><c r="{cell}" t="inlineStr"><is><t>{text}</t></is></c></row>' for row, cell in rows)
    content = f'<worksheet xmlns="{NAMESPACE}"><sheetData>{said}</sheetData></worksheet>'
    return rezipped(sheet(["a"], ["b"]), "xl/worksheets/sheet1.xml", content.encode())


def test_nothing_is_made_for_the_rows_and_columns_that_a_file_leaves_out() -> None:
    started = process_time()
    assert [line.number for line in read(numbered(("1", "A1"), ("1048576", "A1048576"))).lines] == [1, 1048576]
    for rows, said in (
        ([("1", "A1"), (f"{10**15}", "A2")], "a row numbered 1,000,000,000,000,000 after row 1"),
        ([("5", "A5"), ("5", "A5")], "a row numbered 5 after row 5"),
        ([("1", "A1"), ("2", "XFD2")], "more than 40 columns: XFD is filled"),
        ([("1", "A1"), ("x", "A2")], "cannot be read"),
    ):
        with pytest.raises(SheetRefused, match=said):
            read(numbered(*rows))
    assert process_time() - started < 2


def test_a_file_is_read_in_a_process_with_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    data = sheet(["Title"], ["Hours"])
    assert read_in_child(data) == read(data)
    with pytest.raises(SheetRefused, match="a PDF"):
        read_in_child(b"%PDF-1.7")
    monkeypatch.setattr(reading, "MEMORY_BYTES", 60 << 20)
    with pytest.raises(SheetRefused, match="takes more than 10 seconds or 60 MB to read"):
        read_in_child(numbered(("1", "A1"), ("2", "A2"), text="x" * (18 << 20)))


def test_letters_that_read_more_than_one_way_are_asked_about() -> None:
    for encoding in ("cp1252", "mac_roman"):
        found = read("Name\nJosé Núñez\nAna\n".encode(encoding))
        assert found.letters_unknown
        assert meant(found.lines[1].cells[0], encoding) == "José Núñez"
    offered = readings(["Tom\xe1\x9a Dvo\xf8\xe1k", "Ana"])
    assert [(name, examples) for name, _, examples in offered] == [
        ("cp1252", ["Tomáš Dvořák".replace("ř", "ø")]),
        ("mac_roman", ["Tom·ö Dvo¯·k"]),
        ("cp1250", ["Tomáš Dvořák"]),
    ]
    assert not read("Name\nJosé\n".encode()).letters_unknown
    with pytest.raises(SheetRefused, match="letters of line 2 are in an encoding that cannot be told"):
        read(b"Name\n\x81\x98\xad\xca\xf0\x80\x0b\n")


def test_a_packed_file_that_is_no_workbook_is_refused() -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as other:
        other.writestr("word/document.xml", "<w/>")
    with pytest.raises(SheetRefused, match="no XLSX workbook"):
        read(kept.getvalue())


def test_a_small_file_that_unpacks_to_a_large_one_is_refused() -> None:
    data = rezipped(sheet(["a"], ["b"]), "xl/media/nothing.bin", bytes(UNPACKED))
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
    lines = read(("title, DUE ON ,kind\n" + "\n".join(rows)).encode()).lines
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
    lines = read(("title,due on\n" + "\n".join(rows)).encode()).lines
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
        LAYOUT.heading(read(f"{heading}\nx\n".encode()).lines[0])


def test_the_template_reads_back() -> None:
    book = load_workbook(io.BytesIO(workbook(LAYOUT, "Roster")))
    assert book.sheetnames == ["Roster", "Columns"]
    book["Roster"]["A2"], book["Roster"]["B2"] = "Hours", date(2026, 11, 30)
    (row,) = LAYOUT.understand(read(packed(book)).lines, Reading())
    assert (row.problems, row.values["due_on"]) == ([], date(2026, 11, 30))
