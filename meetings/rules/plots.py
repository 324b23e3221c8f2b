"""The geometry of the plots: from plain values to places on a sheet. Units are pixels of the SVG's own view box."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, log10

MARK = 10
"""Width of a mark."""
LINE = 26
"""Height of a row with one lane."""
LANES = 6
"""Marks of one moment are laid side by side, this many at most; further ones lie over each other."""
LETTER = 6.4
"""Mean width of a letter of the labels."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark at its place. `side`: "pc", a filled square, or "mso", an open circle; `out`: beyond the limit."""

    x: float
    y: float
    side: str
    out: bool = False

    @property
    def left(self) -> float:
        return self.x - MARK / 2

    @property
    def top(self) -> float:
        return self.y - MARK / 2


@dataclass(frozen=True, slots=True)
class Tick:
    """A word at a place of an axis."""

    at: float
    word: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its label, the line it lies on, and what stands at its end."""

    label: str
    label_x: float
    label_y: float
    y: float
    value: str = ""
    value_x: float = 0


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot of a width: rows with their marks between `left` and `right`, ticks under them."""

    width: int
    height: int
    left: float
    right: float
    bottom: float
    rows: tuple[Row, ...]
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    limit: float | None = None
    """Height of the limit's line, where there is one."""


def shortened(label: str, room: float) -> str:
    """The label, cut with an ellipsis where it needs more than `room`."""
    letters = max(4, int(room / LETTER))
    return label if len(label) <= letters else label[: letters - 1].rstrip() + "…"


def lanes(places: Iterable[float], gap: float = MARK + 2) -> list[int]:
    """A lane for each place, in the order given: within a lane, none lies nearer to the one before than `gap`."""
    found, last = [], list[float]()
    for place in places:
        lane = next((number for number, end in enumerate(last) if place - end >= gap), len(last))
        lane = min(lane, LANES - 1)
        if lane == len(last):
            last.append(place)
        last[lane] = place
        found.append(lane)
    return found


def steps(most: int, room: int = 5) -> list[int]:
    """Round numbers from 0 to at least `most`, at most about `room` steps apart from each other."""
    size = max(1, ceil(most / room))
    power = 10 ** int(log10(size))
    size = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= size)
    return list(range(0, size * ceil(max(most, 1) / size) + 1, size))


def _frame(width: int, gutter: int) -> tuple[float, float]:
    return (gutter or MARK * 3), width - MARK * 3


def _label(label: str, y: float, width: int, gutter: int) -> tuple[str, float, float]:
    """Beside the row where there is a gutter, else over it."""
    if gutter:
        return shortened(label, gutter - 14), 0, y + 4
    return shortened(label, width), 0, y - 12


def dots(rows: Sequence[tuple[str, str, int]], *, width: int, gutter: int) -> Plot:
    """One row for each (label, side, count), its mark at the count."""
    left, right = _frame(width, gutter)
    scale = steps(max((count for _, _, count in rows), default=0))
    size = LINE if gutter else LINE + 18
    lines, marks = [], []
    for number, (label, side, count) in enumerate(rows):
        y = 6.0 + size * (number + 1) - LINE / 2
        x = left + (right - left) * count / scale[-1]
        lines.append(Row(*_label(label, y, width, gutter), y, str(count), x + MARK))
        marks.append(Mark(x, y, side))
    bottom = 6.0 + size * len(rows) + 2
    ticks = tuple(Tick(left + (right - left) * one / scale[-1], str(one)) for one in scale)
    return Plot(width, int(bottom + 22), left, right, bottom, tuple(lines), tuple(marks), ticks)


def months_between(start: date, end: date, most: int) -> list[date]:
    """The first days of months in a period, evenly thinned to `most`."""
    count = (end.year - start.year) * 12 + end.month - start.month
    first = [
        date(start.year + (start.month - 1 + n) // 12, (start.month - 1 + n) % 12 + 1, 1) for n in range(count + 1)
    ]
    inside = [day for day in first if day >= start]
    return inside[:: max(1, ceil(len(inside) / most))]


def _days(start: date, end: date, left: float, right: float) -> tuple[Tick, ...]:
    """Ticks at the firsts of months, as many as there is room for; with the year where the period leaves one."""
    span = max(1, (end - start).days)
    shown = months_between(start, end, max(1, int((right - left) / 70)))
    form = "%b %Y" if start.year != end.year else "%b"
    return tuple(Tick(left + (right - left) * (day - start).days / span, f"{day:{form}}") for day in shown)


def timeline(
    rows: Sequence[tuple[str, Sequence[tuple[date, str]]]], *, start: date, end: date, width: int, gutter: int
) -> Plot:
    """One row for each (label, marks), a mark for each (day, side) at its day; days outside lie on the edge."""
    left, right = _frame(width, gutter)
    span = max(1, (end - start).days)
    lines, marks, y = [], list[Mark](), 6.0
    for label, found in rows:
        ordered = sorted((min(max((day - start).days / span, 0), 1), side) for day, side in found)
        places = [left + (right - left) * share for share, _ in ordered]
        taken = lanes(places)
        y += (0 if gutter else 18) + LINE / 2
        lines.append(Row(*_label(label, y, width, gutter), y, str(len(found)), 0))
        marks += [
            Mark(x, y + lane * (MARK + 2), side) for x, lane, (_, side) in zip(places, taken, ordered, strict=True)
        ]
        y += LINE / 2 + max(taken, default=0) * (MARK + 2)
    bottom = y + 2
    ticks = _days(start, end, left, right)
    return Plot(width, int(bottom + 22), left, right, bottom, tuple(lines), tuple(marks), ticks)


_HEIGHTS = ((1, "1 s"), (10, "10 s"), (60, "1 min"), (600, "10 min"), (3600, "1 h"), (86400, "1 day"), (604800, "1 wk"))


def times(
    points: Sequence[tuple[date, float]], *, start: date, end: date, width: int, limit: float, height: int = 240
) -> Plot:
    """A mark for each (day, seconds), higher the longer, on a scale of powers of ten; those under `limit` are out."""
    left, right, top, bottom = 52.0, width - MARK * 3.0, 12.0, height - 24.0
    span = max(1, (end - start).days)
    most = max([seconds for _, seconds in points] + [86400])
    shown = _HEIGHTS[: bisect_right([size for size, _ in _HEIGHTS], most) + 1]
    decades = log10(max(most, shown[-1][0]))

    def place(seconds: float) -> float:
        return bottom - (bottom - top) * log10(max(seconds, 1)) / decades

    marks = [
        Mark(left + (right - left) * min(max((day - start).days / span, 0), 1), place(seconds), "pc", seconds < limit)
        for day, seconds in points
    ]
    rows = tuple(Row(word, 0, place(size) + 4, place(size)) for size, word in shown)
    ticks = _days(start, end, left, right)
    return Plot(width, height, left, right, bottom, rows, tuple(marks), ticks, place(limit))
