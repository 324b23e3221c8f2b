"""The rows of a file as they are handed on: what one is, what a file may hold, and the error of one that is none."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

ROWS, COLUMNS, CELL = 500, 40, 5000
"""Rows below the heading, columns, and characters of one cell."""

_JOINERS = "\u200c\u200d"
"""Invisible, and part of how some scripts are spelled."""


class SheetRefused(ValueError):
    """The file cannot be read as rows; the message says why and what to do."""

    field = "file"


@dataclass(frozen=True)
class Line:
    """A row of the file: its number there, and the text of its cells."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Sheet:
    """What was read: the lines that are not empty, the heading first, and what to know about how they were read."""

    lines: list[Line]
    said: list[str] = field(default_factory=list)
    """Sentences such as which sheet was read."""
    letters_unknown: bool = False
    """Whether the file does not say its encoding; the cells are then held as `governance.sheets.letters` holds them."""


def kept(rows: Iterable[tuple[int, list[str]]], *, letters_unknown: bool = False) -> Iterator[Line]:
    """The rows with anything in them, each within the limits. Raises SheetRefused.

    While the letters are unknown, nothing is said about what is not plain English.
    """
    found = 0
    for number, row in rows:
        if not any(row):
            continue
        while not row[-1]:
            row.pop()
        found += 1
        if found > ROWS + 1:
            raise SheetRefused(f"The file has more than {ROWS} rows. Split it into smaller files.")
        if len(row) > COLUMNS:
            raise SheetRefused(f"Row {number} has more than {COLUMNS} columns.")
        for place, cell in enumerate(row, start=1):
            _fit(cell, f"Cell {letters_of(place)}{number}", letters_unknown)
        yield Line(number, row)


def _fit(cell: str, place: str, letters_unknown: bool) -> None:
    if len(cell) > CELL:
        raise SheetRefused(f"{place} has more than {CELL:,} characters. Shorten it.")
    if cell.isascii() and cell.isprintable():
        return
    for char in cell:
        if letters_unknown and char >= "\x80":
            continue
        if char == "\ufffd":
            raise SheetRefused(
                f"{place} has a letter that was lost before the file came here (“{_around(cell, char)}”)."
                " Correct it in the file, and upload it again."
            )
        if unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs"} and char not in "\n\t" + _JOINERS:
            raise SheetRefused(
                f"{place} has an invisible character, U+{ord(char):04X} ({_named(char)})."
                " Type the cell again, or save the file as CSV in UTF-8, and upload it again."
            )


def _around(cell: str, char: str) -> str:
    at = cell.index(char)
    return cell[max(0, at - 12) : at + 13]


def _named(char: str) -> str:
    return unicodedata.name(char, "a control character").lower()


def letters_of(place: int) -> str:
    """The letters of a column, as a spreadsheet shows them: 1 is A, 27 is AA."""
    letters = ""
    while place:
        place, left = divmod(place - 1, 26)
        letters = chr(ord("A") + left) + letters
    return letters


def plainly(text: str) -> str:
    """A cell's text with line ends as line feeds, common spaces, and nothing before or after."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").strip()
