"""Meetings in lists: how each month turned out, the next one, and what belongs to one meeting's page."""

from dataclasses import dataclass
from datetime import date, timedelta

from governance.models import Person, Practice
from meetings.models import Meeting, Series
from meetings.months import status_of
from meetings.rules.cadence import MonthlyRule, MonthStatus, MonthWord, occurrence, parse_day
from meetings.rules.workflow import MeetingState

KIND = {
    MonthWord.HELD: "ok",
    MonthWord.MISSED: "late",
    MonthWord.NO_QUORUM: "late",
    MonthWord.QUORUM_LOST: "late",
    MonthWord.PLANNED: "",
}
"""How a month's word is shown; what is not named here is due."""


@dataclass(frozen=True)
class Month:
    """A month of oversight: what was planned, the meeting if there is one, and how it turned out."""

    first: date
    planned: date
    meeting: Meeting | None
    status: MonthStatus

    @property
    def kind(self) -> str:
        return KIND.get(self.status.word, "due")


def meetings_of(practice: Practice, person: Person, since: date = date.min) -> list[Meeting]:
    """The meetings of that month and later with body and minutes, the newest first; one query."""
    seen = Meeting.objects.visible_to(person).filter(practice=practice, month__gte=since)
    return list(seen.select_related("body", "minutes").order_by("-month"))


def a_year_before(today: date) -> date:
    """The first day of the twelfth month back, this one counted."""
    return date(today.year - (today.month < 12), today.month % 12 + 1, 1)


def series_of(practice: Practice) -> Series | None:
    return Series.objects.filter(practice=practice).select_related("body").order_by("pk").first()


def months(practice: Practice, series: Series | None, held: list[Meeting], today: date, count: int) -> list[Month]:
    """The last `count` months up to this one, the oldest first; none before the series began. No query."""
    if series is None:
        return []
    by_month = {meeting.month: meeting for meeting in held}
    rule = MonthlyRule(parse_day(series.day_rule), series.time, practice.zone)
    first, found = today.replace(day=1), []
    for _ in range(count):
        planned = occurrence(rule, first.year, first.month).date()
        if planned < series.starts_on and first not in by_month:
            break
        found.append(_month(practice, first, planned, by_month.get(first), today))
        first = (first - timedelta(days=1)).replace(day=1)
    return found[::-1]


def _month(practice: Practice, first: date, planned: date, meeting: Meeting | None, today: date) -> Month:
    return Month(first, planned, meeting, status_of(practice, meeting, planned, today))


def next_meeting(held: list[Meeting], today: date) -> Meeting | None:
    """The meeting that is in session, else the next one to be held; one whose month is over was missed."""
    running = [meeting for meeting in held if meeting.state == MeetingState.IN_SESSION]
    ahead = [
        meeting for meeting in held if meeting.state != MeetingState.ADJOURNED and meeting.month >= today.replace(day=1)
    ]
    return min(running or ahead, key=lambda meeting: meeting.starts_at, default=None)
