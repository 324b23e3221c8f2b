"""What the boundary report read of a window, and the lists behind its numbers."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from audit.models import Act
from governance.authority import moment
from governance.choices import Side
from governance.models import DecisionRight
from governance.selectors.catalogue import catalogue_at
from meetings.boundary.headings import rights_by_heading
from meetings.boundary.texts import OWN_FIGURES, TITLES
from meetings.months import Month, months
from meetings.rules.boundary import Share, band_of, duration
from meetings.selectors import boundary as record
from meetings.selectors.boundary import Event, Window
from meetings.selectors.past import past_meetings

Cell = dict[str, Any]


class Lists:
    """Reads the record of a window once, and makes the figures and the lists of it."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.practice = window.practice

    # What was read

    @cached_property
    def rights(self) -> dict[str, DecisionRight]:
        """The catalogue in force at the end of the period, or now. Two queries."""
        found = catalogue_at(self.practice, min(moment(), self.window.moments[1]))
        return {right.code: right for right in found.rights} if found else {}

    @cached_property
    def done(self) -> dict[tuple[str, str], int]:
        return record.by_right(self.window, Act.Outcome.DONE)

    @cached_property
    def refusals(self) -> list[tuple[str, date, str]]:
        found = record.days(self.window, Act.Outcome.REFUSED)
        return [(right, self.practice.local(at).date(), side) for right, at, side in found]

    @cached_property
    def determined(self) -> list[record.Determined]:
        return record.determined(self.window)

    @cached_property
    def early(self) -> list[Event]:
        return record.executed_early(self.window)

    @cached_property
    def late(self) -> list[Event]:
        """Determinations of what was done already, and decisions entered later than they were taken."""
        after = [
            self._event(one, word="after it was done")
            for one in self.determined
            if one.row.proposal.from_item_id is not None
        ]
        return after + record.entered_late(self.window)

    @cached_property
    def months(self) -> list[Month]:
        today = self.practice.local(moment()).date()
        return months(self.practice, self.window.start, self.window.end, person=self.window.reader, today=today)

    @cached_property
    def recusals(self) -> list[Event]:
        return record.recusals(self.window)

    @cached_property
    def proposals(self) -> list[Event]:
        return [self._event(one) for one in self.determined]

    @cached_property
    def approvals(self) -> list[tuple[Event, float | None]]:
        return [(self._event(one, word=duration(one.seconds)), one.seconds) for one in self.determined if one.approved]

    def _event(self, one: record.Determined, word: str = "") -> Event:
        row = one.row
        put = Side(one.put_by)
        alone = row.sole_physician
        return Event(
            at=row.decided_at, who=str(row.person), office=row.appointment.get_office_display(), side=row.side,
            what=f"{row.proposal}, revision {row.revision_number}",
            detail=f"Put by {row.proposer}, {put.label.lower()}. {row.rationale}"
            + (f" Conditions: {row.conditions}" if row.conditions else ""),
            right=row.proposal.right.code, word=word or one.course.label + (", sole physician" if alone else ""),
            url=record.proposal_url(self.window, row.proposal),
            facets={
                "course": one.course, "put": put.lower(), "right": row.proposal.right.code,
                "band": band_of(one.seconds), "alone": "yes" if alone else "no",
            },
        )  # fmt: skip

    def held_before(self) -> list[list[dict[str, str]]]:
        """Meetings of the period that were held before the practice began here: told apart, and never counted."""
        window = self.window
        return [
            [
                {
                    "text": f"{self.practice.local(one.meeting.held_at):%B %Y}",
                    "url": reverse("meetings:past", args=[self.practice.slug, one.meeting.pk]),
                },
                {"text": one.meeting.body.name},
                {"text": f"entered {self.practice.local(one.at):%-d %b %Y} by {one.act.actor_name}"},
                {"tag": "held, entered afterwards", "tag_kind": "due"},
            ]
            for one in past_meetings(self.practice, window.reader)
            if window.start <= self.practice.local(one.meeting.held_at).date() <= window.end
        ]

    def meetings(self) -> list[Event]:
        """The months of the period as events: who chaired, and how the month stands."""
        return [
            Event(
                at=month.meeting.opened_at if month.meeting and month.meeting.opened_at else month.planned,
                who=str(month.meeting.chair.person) if month.meeting and month.meeting.chair else "",
                office=month.meeting.chair.get_office_display() if month.meeting and month.meeting.chair else "",
                side=Side.PC if month.meeting and month.meeting.chair else "",
                what=f"{month.series.body.name}, {month.first:%B %Y}", word=month.status.text,
                detail=f"Planned for {month.planned:%-d %b %Y}.",
                url=reverse("meetings:meeting", args=[self.practice.slug, month.meeting.code]) if month.meeting else "",
                facets={
                    "chair": chair_of(month), "held": "no" if self.held_on(month) is None else "yes",
                    "finding": "yes" if month.status.finding else "no",
                    "state": month.status.word,
                },
            )
            for month in self.months
        ]  # fmt: skip

    # The lists behind the numbers

    def events(self, slug: str, only: dict[str, str]) -> Sequence[Event]:
        """The list behind a figure, narrowed by the facets given; KeyError where the reader has no such figure."""
        if slug not in self.slugs:
            raise KeyError(slug)
        if slug in {"decisions", "refused"}:
            wanted: dict[str, Any] = {key: only[key] for key in ("right", "side") if key in only}
            if "heading" in only:
                wanted["right__in"] = rights_by_heading(self.rights.values()).get(only["heading"], [])
            return (
                record.decided(self.window, **wanted) if slug == "decisions" else record.refused(self.window, **wanted)
            )
        found = {
            "proposals": lambda: self.proposals,
            "before-approval": lambda: self.early,
            "after-the-fact": lambda: self.late,
            "time": lambda: [event for event, _ in self.approvals],
            "chair": self.meetings,
            "months": self.meetings,
            "recusals": lambda: self.recusals,
        }[slug]()
        if "heading" in only:
            codes = rights_by_heading(self.rights.values()).get(only["heading"], [])
            found = [event for event in found if event.right in codes]
        wanted = {key: value for key, value in only.items() if key != "heading"}
        return [
            event for event in found if all(event.facets.get(key) in value.split(",") for key, value in wanted.items())
        ]

    @property
    def slugs(self) -> tuple[str, ...]:
        """The figures that the reader sees: what is of others alone is not for the management side."""
        return OWN_FIGURES if self.window.own else tuple(TITLES)

    def url(self, slug: str, **only: str) -> str:
        """The address of the list behind a number."""
        period = {"start": self.window.start.isoformat(), "end": self.window.end.isoformat()}
        address = reverse("meetings:boundary_list", args=[self.practice.slug, slug])
        return f"{address}?{urlencode({**period, **only})}"

    def linked(self, slug: str, value: int, **only: str) -> Cell:
        """A counted cell that leads to its list; nothing leads from none."""
        return {"text": str(value), "numeric": True, "url": self.url(slug, **only) if value else ""}

    @cached_property
    def under_pc(self) -> Share:
        held = {
            key: number for key, number in self.done.items()
            if (right := self.rights.get(key[0])) is not None and right.holder == Side.PC
        }  # fmt: skip
        return Share(sum(number for (_, side), number in held.items() if side == Side.PC), sum(held.values()))

    def held_on(self, month: Month) -> date | None:
        """The day of a month's meeting on the practice's clock."""
        return self.day(month.meeting.opened_at) if month.meeting and month.meeting.opened_at else None

    def day(self, at: Any) -> date:
        return self.practice.local(at).date() if hasattr(at, "hour") else at

    def name(self, code: str) -> str:
        right = self.rights.get(code)
        return f"{code} {right.name}" if right else code or "No right: an act that wants an office"


def chair_of(month: Month) -> str:
    """The office in the chair of a month's meeting, else "nobody"."""
    meeting = month.meeting
    return str(meeting.chair.office) if meeting and meeting.opened_at and meeting.chair else "nobody"
