"""A file as it is understood before anything of it is written."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from governance.models import ImportDraft
from governance.phi import kinds
from governance.sheets.columns import Layout, Reading, Row
from governance.sheets.letters import meant, readings
from governance.sheets.lines import Line


@dataclass(frozen=True)
class Part:
    """The rows that one act writes: all of a file, or those under one decision right."""

    right: str
    title: str
    rows: list[Row]


@dataclass(frozen=True)
class Looks:
    """A column of these rows looks like patient data."""

    column: str
    numbers: list[int]
    kinds: list[str]


@dataclass
class Preview:
    """Each row with what is wrong with it. Nothing is imported while anything is."""

    layout: Layout
    rows: list[Row]
    barred: str = ""
    """Why this person imports none of it."""
    titles: dict[str, str] = field(default_factory=dict)
    """What a part's right is called, by its code."""

    @property
    def wrong(self) -> list[Row]:
        return [row for row in self.rows if row.problems]

    @property
    def sound(self) -> bool:
        """Whether it may be imported."""
        return bool(self.rows) and not self.barred and not self.wrong

    @property
    def parts(self) -> list[Part]:
        """The rows by the right under which each is written, in the order in which they first appear."""
        return [
            Part(right, self.titles.get(right, ""), [row for row in self.rows if row.part == right])
            for right in dict.fromkeys(row.part for row in self.rows)
        ]

    def looks(self, rows: Sequence[Row]) -> list[Looks]:
        """What looks like patient data in the free text of these rows, by column."""
        found = []
        for column in self.layout.columns:
            if column.prose:
                said = {row.number: kinds(row.cells[column.key]) for row in rows}
                numbers = [number for number, seen in said.items() if seen]
                if numbers:
                    seen = dict.fromkeys(kind for number in numbers for kind in said[number])
                    found.append(Looks(column.name, numbers, list(seen)))
        return found


def understood(layout: Layout, draft: ImportDraft) -> list[Row]:
    """The rows of an upload, each cell by its column's rule; while its letters are unknown, as they may read."""
    rows = layout.understand(lines(draft), Reading(month_first=draft.month_first))
    if draft.letters_unknown:
        for row in rows:
            for column in layout.columns:
                if not row.cells[column.key].isascii():
                    row.wrong(column, "has letters that can be read in more than one way; choose the right one above")
    return rows


def lines(draft: ImportDraft) -> list[Line]:
    """The upload's lines, the heading first."""
    found = [Line(number, cells) for number, cells in draft.lines]
    if not draft.letters_unknown:
        return found
    encoding = letter_readings(draft)[0][0]
    return [Line(line.number, [meant(cell, encoding) for cell in line.cells]) for line in found]


def letter_readings(draft: ImportDraft) -> list[tuple[str, str, list[str]]]:
    """How the letters of the upload may be read, each with examples; nothing once that is known."""
    if not draft.letters_unknown:
        return []
    return readings([cell for _, cells in draft.lines for cell in cells])
