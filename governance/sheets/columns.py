"""What the columns of a file mean: the heading matched, each cell checked by its column's rule. Pure functions."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from governance.sheets.lines import Line, SheetRefused

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:T00:00:00)?")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_WHOLE = re.compile(r"[0-9]{1,9}")
_BROKEN = re.compile(r"#(?:REF|N/A|VALUE|DIV/0|NAME|NUM|NULL|SPILL|CALC)[!?]?")


class Unclear(ValueError):
    """What a cell says breaks its column's rule; the message says which, in plain words."""


class Ambiguous(Unclear):
    """A date that reads both ways; the person is asked once for the whole file."""


@dataclass(frozen=True)
class Reading:
    """How the person said dates such as 03/04/2026 are to be read; None until asked."""

    month_first: bool | None = None


Rule = Callable[[str, Reading], Any]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: its name, what it means, an example, and the rule by which a cell becomes a value."""

    key: str
    name: str
    meaning: str
    example: str = ""
    rule: Rule
    required: bool = False
    prose: bool = False
    """Free text, looked through for patient data."""


def text(longest: int) -> Rule:
    """Text of at most so many characters."""

    def rule(cell: str, _: Reading) -> str:
        if len(cell) > longest:
            raise Unclear(f"at most {longest} characters, and this has {len(cell)}")
        return cell

    return rule


def choice(choices: Sequence[tuple[str, str]]) -> Rule:
    """One of these, by its word; case and spaces do not matter."""
    known = {_folded(word): value for value, label in choices for word in (label, value)}
    offered = ", ".join(str(label) for _, label in choices)

    def rule(cell: str, _: Reading) -> str:
        if _folded(cell) not in known:
            raise Unclear(f"“{cell}” is none of these: {offered}")
        return known[_folded(cell)]

    return rule


def whole(least: int, most: int) -> Rule:
    """A whole number within these, in digits."""

    def rule(cell: str, _: Reading) -> int:
        if not _WHOLE.fullmatch(cell) or not least <= int(cell) <= most:
            raise Unclear(f"“{cell}” is no whole number from {least} to {most}")
        return int(cell)

    return rule


def day(cell: str, reading: Reading) -> date:
    """A day as 2026-11-30, or month first as 11/30/2026. Raises Ambiguous where that reads both ways."""
    if iso := _ISO.fullmatch(cell):
        return _date(cell, *(int(part) for part in iso.groups()))
    slashed = _SLASHED.fullmatch(cell)
    if not slashed:
        raise Unclear(f"“{cell}” is no date; write it as 2026-11-30 or 11/30/2026")
    first, second, year = (int(part) for part in slashed.groups())
    if reading.month_first is None and first != second and first <= 12 and second <= 12:
        raise Ambiguous(f"“{cell}” reads both ways; say above whether the month or the day stands first")
    month, of_month = (second, first) if reading.month_first is False else (first, second)
    return _date(cell, year, month, of_month)


def _date(cell: str, year: int, month: int, of_month: int) -> date:
    try:
        found = date(year, month, of_month)
    except ValueError:
        raise Unclear(f"“{cell}” is no day of the calendar; write it as 2026-11-30 or 11/30/2026") from None
    if not 1900 <= found.year <= 2200:
        raise Unclear(f"“{cell}” is no year to be meant")
    return found


@dataclass
class Row:
    """A row as it is understood, with everything that is wrong with it."""

    number: int
    values: dict[str, Any]
    cells: dict[str, str]
    problems: list[tuple[str, str]] = field(default_factory=list)
    """Name of the column, and the rule it breaks; a sentence without its full stop."""
    notes: list[str] = field(default_factory=list)
    part: str = ""
    """The decision right under which the row is written; empty where it needs none."""

    def wrong(self, column: Column | str, message: str) -> None:
        """Note a problem, once."""
        problem = (column if isinstance(column, str) else column.name, message.rstrip("."))
        if problem not in self.problems:
            self.problems.append(problem)

    def sound(self, *keys: str) -> bool:
        """Whether each of these cells is filled and was understood."""
        return all(self.values.get(key) not in (None, "") for key in keys)


@dataclass(frozen=True)
class Layout:
    """The columns a kind of file has."""

    columns: Sequence[Column]

    def heading(self, line: Line) -> list[Column]:
        """The column under each cell of the heading. Raises SheetRefused for one unknown, missing or named twice."""
        known = {_folded(word): column for column in self.columns for word in (column.name, column.key)}
        found = []
        for place, cell in enumerate(line.cells, start=1):
            column = known.get(_folded(cell))
            if column is None:
                said = f"“{cell}” in the heading" if cell else f"The heading of column {place}"
                raise SheetRefused(f"{said} is no column of this file. The columns are: {self.names}.")
            if column in found:
                raise SheetRefused(f"The column {column.name} stands twice in the heading.")
            found.append(column)
        for column in self.columns:
            if column.required and column not in found:
                raise SheetRefused(f"The heading lacks the column {column.name}. The columns are: {self.names}.")
        return found

    def understand(self, lines: Sequence[Line], reading: Reading) -> list[Row]:
        """The rows below the heading, each cell by its column's rule. Raises SheetRefused for a wrong heading."""
        found = self.heading(lines[0])
        return [self._row(line, found, reading) for line in lines[1:]]

    def _row(self, line: Line, found: list[Column], reading: Reading) -> Row:
        cells = dict.fromkeys((column.key for column in self.columns), "")
        row = Row(number=line.number, values={}, cells=cells)
        if len(line.cells) > len(found):
            row.wrong("Row", f"has {len(line.cells)} cells, and the heading names {len(found)} columns")
        for column, cell in zip(found, line.cells, strict=False):
            cells[column.key] = cell
        for column in self.columns:
            row.values[column.key] = self._value(column, cells[column.key], row, reading)
        return row

    def _value(self, column: Column, cell: str, row: Row, reading: Reading) -> Any:
        if not cell:
            if column.required:
                row.wrong(column, "may not be empty")
            return None
        if _BROKEN.fullmatch(cell):
            row.wrong(column, f"holds a spreadsheet's error, {cell}")
            return None
        try:
            return column.rule(cell, reading)
        except Unclear as problem:
            row.wrong(column, str(problem))
            return None

    @property
    def names(self) -> str:
        return ", ".join(column.name for column in self.columns)


def ambiguous(layout: Layout, lines: Sequence[Line]) -> bool:
    """Whether any date of the file reads both ways."""
    for line in lines[1:]:
        for column, cell in zip(layout.heading(lines[0]), line.cells, strict=False):
            if column.rule is day and cell:
                try:
                    day(cell, Reading())
                except Ambiguous:
                    return True
                except Unclear:
                    continue
    return False


def _folded(word: str) -> str:
    return re.sub(r"[\s_\-]+", " ", word).strip().casefold()
