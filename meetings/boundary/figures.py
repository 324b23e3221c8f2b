"""The boundary report: for a period, how the line between physicians and management company operated.

Each figure has numbers, a table and a plot; every number leads to the list of what it counts. All of it is computed
from the record when it is asked for.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from governance.choices import Office, Side
from meetings.boundary.headings import OTHER, applies, headings, rights_by_heading, standing_of
from meetings.boundary.lists import Cell, Lists, chair_of
from meetings.boundary.texts import HELP, TITLES
from meetings.rules import plots
from meetings.rules.boundary import (
    QUICK_SECONDS,
    Band,
    Course,
    Reading,
    Share,
    Weakness,
    band_of,
    duration,
    longest_run,
    median,
    weaknesses,
)
from meetings.selectors.boundary import Event, Window

WIDE, NARROW = 700, 340
"""Widths of a plot: for a page and paper, and for a small screen."""
GUTTER = 250
FEW_ROWS = 10
"""Rows of a figure's own table where that is the list; the list behind it has them all."""

TOUCHED = ",".join(course for course in Course if course is not Course.AS_PROPOSED)
"""The courses in which the physicians changed, returned or refused something."""

CHAIR = {
    str(Office.MEDICAL_DIRECTOR): "Medical Director",
    str(Office.ALTERNATE_CHAIR): "Alternate chair",
    "nobody": "Nobody: no meeting was held",
}


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number with what it counts; `only` narrows the figure's list to it."""

    label: str
    value: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure of the report."""

    slug: str
    numbers: list[Number]
    columns: list[Cell]
    rows: list[list[Cell]]
    url: str
    plot: str = ""
    """Which template draws it: dots, timeline, times; empty where there is nothing to draw."""
    sheets: list[plots.Plot] = field(default_factory=list)
    """The plot for a wide and for a narrow sheet."""
    heads: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        return TITLES[self.slug]

    @property
    def shows(self) -> str:
        return HELP[self.slug][0]

    @property
    def proves_not(self) -> str:
        return HELP[self.slug][1]


@dataclass(frozen=True, kw_only=True)
class Report:
    """The whole of it, as page, pack and CSV show it."""

    window: Window
    figures: list[Figure]
    weaknesses: list[tuple[Weakness, str]]
    heading_columns: list[Cell]
    heading_rows: list[list[Cell]]
    applies: bool
    standing: str

    @property
    def whole(self) -> bool:
        """Whether it is the whole report, not a person's own part."""
        return self.window.own is None

    @property
    def empty(self) -> bool:
        """Whether nothing at all falls into the period."""
        return not any(figure.rows for figure in self.figures)


class Figures(Lists):
    """Makes the figures of a window."""

    def figure(
        self, slug: str, numbers: list[Number], columns: Iterable[str], rows: list[list[Cell]], **more: Any
    ) -> Figure:
        heads = [one.code for one in headings() if slug in one.figures]
        return Figure(
            slug=slug, numbers=numbers, rows=rows, url=self.url(slug), heads=heads,
            columns=[{"label": one.removesuffix("#"), "numeric": one.endswith("#")} for one in columns], **more,
        )  # fmt: skip

    def number(self, label: str, value: object, slug: str = "", note: str = "", **only: str) -> Number:
        return Number(label=label, value=str(value), note=note, url=self.url(slug, **only) if slug else "")

    def timeline(self, rows: list[tuple[str, list[tuple[date, str]]]]) -> dict[str, Any]:
        """A timeline plot for both widths; nothing where no mark would stand in it."""
        if not any(marks for _, marks in rows):
            return {}
        start, end = self.window.start, self.window.end
        return {
            "plot": "timeline",
            "sheets": [
                plots.timeline(rows, start=start, end=end, width=width, gutter=gutter)
                for width, gutter in ((WIDE, GUTTER), (NARROW, 0))
            ],
        }

    def decisions(self) -> Figure:
        total = sum(self.done.values())
        by_pc = sum(number for (_, side), number in self.done.items() if side == Side.PC)
        under = self.under_pc
        ordered = sorted(self.done.items(), key=lambda one: (-one[1], one[0]))
        rows = [
            [
                {"text": self.name(right)},
                {"text": side, "side": side.lower()},
                self.linked("decisions", number, right=right, side=side),
            ]
            for (right, side), number in ordered
        ]
        drawn = [(self.name(right), side.lower(), number) for (right, side), number in ordered]
        sheets = [plots.dots(drawn, width=w, gutter=g) for w, g in ((WIDE, GUTTER), (NARROW, 0))]
        numbers = [self.number("Acts under a decision right", total, "decisions")]
        if not self.window.own:
            numbers += [
                self.number("By the physicians", Share(by_pc, total), "decisions", side=Side.PC),
                self.number("Under the rights of the physicians, by the physicians", under, "decisions", side=Side.PC),
            ]
        return self.figure(
            "decisions", numbers, ("Right", "Decided by", "Acts#"), rows,
            plot="dots" if rows else "", sheets=sheets if rows else [],
        )  # fmt: skip

    def changed(self) -> Figure:
        counts = Counter((one.course, one.put_by) for one in self.determined)
        of_mso = [one.course for one in self.determined if one.put_by == Side.MSO]
        touched = [course for course in of_mso if course is not Course.AS_PROPOSED]
        numbers = [
            self.number("Proposals determined", len(self.determined), "proposals"),
            self.number(
                "Put by the management side: changed, returned or refused",
                Share(len(touched), len(of_mso)), "proposals", put="mso", course=TOUCHED,
            ),
            self.number(
                "Longest run approved as proposed", longest_run(one is Course.AS_PROPOSED for one in of_mso),
                "proposals", put="mso",
            ),
        ]  # fmt: skip
        rows = [
            [
                {"text": course.label.capitalize()},
                *(
                    self.linked("proposals", counts[course, side], course=course, put=side.lower())
                    for side in (Side.MSO, Side.PC)
                ),
            ]
            for course in Course
        ]
        drawn = [
            (
                course.label.capitalize(),
                [(self.day(one.row.decided_at), one.put_by.lower()) for one in self.determined if one.course is course],
            )
            for course in Course
        ]
        columns = ("Course", "Put by the management side#", "Put by the physician side#")
        return self.figure("proposals", numbers, columns, rows if self.determined else [], **self.timeline(drawn))

    def refused(self) -> Figure:
        counts = Counter((right, side) for right, _, side in self.refusals)
        ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        rows = [
            [
                {"text": self.name(right)},
                {"text": side or "no office", "side": side.lower()},
                self.linked("refused", number, right=right, side=side),
            ]
            for (right, side), number in ordered
        ]
        drawn = [
            (self.name(code), [(day, side.lower()) for right, day, side in self.refusals if right == code])
            for code in dict.fromkeys(right for (right, _), _ in ordered)
        ]
        numbers = [self.number("Attempts refused", len(self.refusals), "refused")]
        if not self.window.own:
            crossed = sum(number for (_, side), number in counts.items() if side == Side.MSO)
            numbers.append(self.number("By the management side", crossed, "refused", side=Side.MSO))
        return self.figure("refused", numbers, ("Right", "Attempted by", "Attempts#"), rows, **self.timeline(drawn))

    def listed(self, slug: str, label: str, events: list[Event]) -> Figure:
        """A figure whose table is the list itself."""
        rows = [
            [
                {"text": event.what, "url": event.url},
                {"text": f"{self.day(event.at):%-d %b %Y}"},
                {"text": event.who, "note": event.office},
                {"text": event.word},
            ]
            for event in events[:FEW_ROWS]
        ]
        drawn = [(label, [(self.day(event.at), event.side.lower()) for event in events])]
        return self.figure(
            slug, [self.number(label, len(events), slug)], ("What", "When", "Who", "How it stands"), rows,
            **self.timeline(drawn),
        )  # fmt: skip

    def time(self) -> Figure:
        known = [seconds for _, seconds in self.approvals if seconds is not None]
        quick = sum(seconds < QUICK_SECONDS for seconds in known)
        counts = Counter(band_of(seconds) for _, seconds in self.approvals)
        rows = [
            [{"text": band.label.capitalize()}, self.linked("time", counts[band], band=band)]
            for band in Band
            if self.approvals
        ]
        points = [(self.day(event.at), seconds) for event, seconds in self.approvals if seconds is not None]
        sheets = [
            plots.times(points, start=self.window.start, end=self.window.end, width=width, limit=QUICK_SECONDS)
            for width in (WIDE, NARROW)
        ]
        numbers = [
            self.number("Approvals", len(self.approvals), "time"),
            self.number(
                "Median time open before approval", duration(median(known)) if known else "none on record", "time"
            ),
            self.number(
                f"Given within {QUICK_SECONDS} seconds", Share(quick, len(self.approvals)), "time", band=Band.MINUTE
            ),
        ]
        return self.figure(
            "time", numbers, ("From opening to approving", "Approvals#"), rows,
            plot="times" if points else "", sheets=sheets if points else [],
        )  # fmt: skip

    def chair(self) -> Figure:
        chairs = Counter(chair_of(month) for month in self.months)
        held = sum(number for who, number in chairs.items() if who != "nobody")
        rows = [
            [{"text": words}, self.linked("chair", chairs[who], chair=who)]
            for who, words in CHAIR.items()
            if self.months
        ]
        drawn = [
            (
                words,
                [
                    (event_day, "pc" if who != "nobody" else "mso")
                    for month in self.months
                    if chair_of(month) == who and (event_day := self.held_on(month))
                ],
            )
            for who, words in CHAIR.items()
            if who != "nobody"
        ]
        numbers = [
            self.number("Meetings held", Share(held, len(self.months)), "chair", held="yes"),
            self.number(
                "Chaired by the Medical Director", Share(chairs[Office.MEDICAL_DIRECTOR], held),
                "chair", chair=Office.MEDICAL_DIRECTOR,
            ),
        ]  # fmt: skip
        return self.figure("chair", numbers, ("In the chair", "Months#"), rows, **self.timeline(drawn))

    def cadence(self) -> Figure:
        findings = [month for month in self.months if month.status.finding]
        rows = [
            [
                {"text": f"{month.first:%B %Y}", "url": event.url},
                {"text": month.series.body.name},
                {"text": f"{month.planned:%-d %b %Y}"},
                {"tag": month.status.text, "tag_kind": "late" if month.status.finding else "ok"},
            ]
            for month, event in zip(self.months, self.meetings(), strict=True)
        ]
        rows += self.held_before()
        numbers = [
            self.number("Months due", len(self.months), "months"),
            self.number(
                "Missed, late or without quorum", Share(len(findings), len(self.months)), "months", finding="yes"
            ),
        ]
        return self.figure("months", numbers, ("Month", "Body", "Planned for", "How it stands"), rows)

    def heading_table(self) -> tuple[list[Cell], list[list[Cell]]]:
        """The headings of section 1191 with what happened under the rights of each."""
        by_heading = rights_by_heading(self.rights.values())
        refusals = Counter(right for right, _, _ in self.refusals)
        courses = Counter(
            one.row.proposal.right.code for one in self.determined if one.course is not Course.AS_PROPOSED
        )
        table = []
        for code, words in [*((one.code, one.words) for one in headings()), (OTHER, "Other rights of the physicians")]:
            rights = by_heading[code]
            named = next((one.figures for one in headings() if one.code == code), ())
            seen = ", ".join(TITLES[slug].lower() for slug in named if slug in self.slugs)
            cells = [
                *(
                    self.linked(
                        "decisions", sum(self.done.get((one, side), 0) for one in rights), heading=code, side=side
                    )
                    for side in (() if self.window.own else (Side.PC, Side.MSO))
                ),
                self.linked("refused", sum(refusals[one] for one in rights), heading=code),
                self.linked("proposals", sum(courses[one] for one in rights), heading=code, course=TOUCHED),
            ]
            table.append(
                [
                    {"text": code if code != OTHER else "none"},
                    {"text": words, "note": f"Shown by: {seen}." if seen else ", ".join(rights)},
                    *(cells if rights else [{} for _ in cells]),
                ]
            )
        columns = [
            "Heading", "What the section bars others from",
            *(() if self.window.own else ("By the physicians#", "By the management company#")),
            "Attempts refused#", "Changed, returned or refused#",
        ]  # fmt: skip
        return [{"label": one.removesuffix("#"), "numeric": one.endswith("#")} for one in columns], table

    def report(self) -> Report:
        """Everything the reader sees of the period."""
        makers = {
            "decisions": self.decisions,
            "proposals": self.changed,
            "refused": self.refused,
            "before-approval": lambda: self.listed("before-approval", "Done before approval", self.early),
            "after-the-fact": lambda: self.listed("after-the-fact", "Decided after the fact", self.late),
            "time": self.time,
            "months": self.cadence,
            "chair": self.chair,
            "recusals": lambda: self.listed("recusals", "Recusals", self.recusals),
        }
        figures = [makers[slug]() for slug in self.slugs]
        columns, rows = self.heading_table()
        return Report(
            window=self.window,
            figures=figures,
            weaknesses=self.weak() if not self.window.own else [],
            heading_columns=columns,
            heading_rows=rows,
            applies=applies(self.practice),
            standing=standing_of(self.practice, self.window.end),
        )

    def weak(self) -> list[tuple[Weakness, str]]:
        """The weaknesses, each with the address of its list."""
        reading = Reading(
            courses=[one.course for one in self.determined if one.put_by == Side.MSO],
            seconds=[seconds for _, seconds in self.approvals],
            under_pc=self.under_pc,
            findings=Share(sum(month.status.finding for month in self.months), len(self.months)),
            before_approval=len(self.early),
            after_the_fact=len(self.late),
            alone=sum(one.row.sole_physician for one in self.determined),
        )
        return [
            (one, self.url(one.figure, **dict([one.only.split("=")] if one.only else [])))
            for one in weaknesses(reading)
        ]
