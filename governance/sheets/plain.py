"""A CSV file, however it is separated and encoded. Pure functions over bytes."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from governance.sheets import letters
from governance.sheets.lines import Sheet, SheetRefused, kept, plainly

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_DECLARED = re.compile(r"sep=(.)[ \t]*(?:\r\n|\r|\n|\Z)", re.IGNORECASE)
"""The line by which Excel is told how a file is separated. It is no row."""
_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def read(data: bytes) -> Sheet:
    """The lines of a CSV file. Raises SheetRefused."""
    text, said, unknown = _decoded(data)
    if declared := _DECLARED.match(text):
        mark, text = declared[1], text[declared.end() :]
        if mark.isalnum() or mark in "\"' ":
            raise SheetRefused(f"The first line says that “{mark}” separates the columns. Separate them by commas.")
    else:
        mark = _separator(text)
    lines = list(kept(enumerate(_rows(text, mark, unknown), start=1), letters_unknown=unknown))
    if mark != ",":
        said.append(f"Read as columns separated by {_SEPARATORS.get(mark, f'“{mark}”')}.")
    return Sheet(lines, said, unknown)


def _decoded(data: bytes) -> tuple[str, list[str], bool]:
    """The text, how it was read where that is no matter of course, and whether the letters are still to be told."""
    for mark, encoding in _UTF_16.items():
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding), ["Read as UTF-16, as the file says."], False
            except UnicodeDecodeError:
                raise SheetRefused("The file says it is UTF-16, and is not. Save it as CSV in UTF-8.") from None
    if b"\x00" in data:
        raise SheetRefused(
            "This is not plain text, or UTF-16 without its mark: it has zero bytes. Save it as CSV in UTF-8."
        )
    marked = data.startswith(codecs.BOM_UTF8)
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode(), [], False
    except UnicodeDecodeError as error:
        if marked:
            row = data.count(b"\n", 0, error.start) + 1
            raise SheetRefused(f"The file says it is UTF-8, and line {row} is not. Save it again as UTF-8.") from None
    if not letters.readings([letters.held(data)]):
        row = _first_odd_line(data)
        raise SheetRefused(
            f"The letters of line {row} are in an encoding that cannot be told. Save the file as CSV in UTF-8."
        )
    return letters.held(data), [], True


def _first_odd_line(data: bytes) -> int:
    """The first line with anything but plain English letters."""
    return next(number for number, line in enumerate(data.split(b"\n"), start=1) if not line.isascii())


def _separator(text: str) -> str:
    """What separates the cells of the first line that has any, outside quotation marks."""
    heading = next((line for line in re.split(r"[\r\n]", text) if line.strip(" ,;\t")), "")
    bare = re.sub(r'"[^"]*"', "", heading)
    return max(_SEPARATORS, key=bare.count)


def _rows(text: str, mark: str, unknown: bool) -> Iterator[list[str]]:
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True):
            # What a byte stands for is not known yet, so it is no space either.
            yield [cell.strip(" \t\r\n") if unknown else plainly(cell) for cell in row]
    except csv.Error as broken:
        raise SheetRefused(f"This CSV file cannot be read: {broken}. Save it as CSV in UTF-8.") from None
