"""Meetings in lists: how each month turned out, the next one, and what belongs to one meeting's page."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from governance.models import Person, Practice
from meetings.models import Meeting
from meetings.months import status_of
from meetings.rules.cadence import MonthStatus, MonthWord
from meetings.rules.workflow import BEFORE_SESSION, MeetingState
from meetings.series import Terms, next_month, terms_of

KIND = {
    MonthWord.HELD: "ok",
    MonthWord.MISSED: "late",
    MonthWord.CANCELED: "late",
    MonthWord.NO_QUORUM: "late",
    MonthWord.QUORUM_LOST: "late",
    MonthWord.PLANNED: "",
}
"""How a month's word is shown; what is not named here is due."""


@dataclass(frozen=True)
class Month:
    """A month of oversight: the day by the rule, the meeting if there is one, and how it turned out."""

    first: date
    planned: date
    meeting: Meeting | None
    status: MonthStatus
    at: datetime | None = None
    """The moment by the rule in force for the month; None where there was none."""

    @property
    def kind(self) -> str:
        return KIND.get(self.status.word, "due")


def meetings_of(practice: Practice, person: Person, since: date = date.min) -> list[Meeting]:
    """The meetings of that month and later with body and minutes, the newest first; one query."""
    seen = Meeting.objects.visible_to(person).filter(practice=practice, month__gte=since)
    found = list(seen.select_related("body", "minutes").order_by("-month", "-starts_at"))
    for meeting in found:
        meeting.practice = practice
    return found


def a_year_before(today: date) -> date:
    """The first day of the twelfth month back, this one counted."""
    return date(today.year - (today.month < 12), today.month % 12 + 1, 1)


def rules_of(practice: Practice) -> Terms:
    """The rules by which the practice's oldest body meets; none before the first is set. One query."""
    return next(terms_of(practice), Terms([]))


def months(practice: Practice, terms: Terms, held: list[Meeting], today: date, count: int) -> list[Month]:
    """The last `count` months up to this one, the oldest first; none before the first rule began. No query."""
    by_month = {meeting.month: meeting for meeting in held if not meeting.special}
    first, found = today.replace(day=1), []
    for _ in range(count):
        planned = terms.planned(first)
        if planned is None and first not in by_month:
            break
        found.append(_month(practice, first, planned, by_month.get(first), today))
        first = (first - timedelta(days=1)).replace(day=1)
    return found[::-1]


def ahead(practice: Practice, terms: Terms, held: list[Meeting], today: date, count: int) -> list[Month]:
    """The next `count` months after this one by the rules decided for them, planned or not yet planned. No query."""
    by_month = {meeting.month: meeting for meeting in held if not meeting.special}
    first, found = today, []
    for _ in range(count):
        first = next_month(first)
        planned = terms.planned(first)
        if planned or first in by_month:
            found.append(_month(practice, first, planned, by_month.get(first), today))
    later = sorted(month for month in by_month if month > first)
    return found + [_month(practice, month, terms.planned(month), by_month[month], today) for month in later]


def _month(practice: Practice, first: date, at: datetime | None, meeting: Meeting | None, today: date) -> Month:
    """A month; one with a meeting and no rule for it is judged by the day for which it was called."""
    planned = at.date() if at else practice.local(meeting.starts_at).date() if meeting else first
    return Month(first, planned, meeting, status_of(practice, meeting, planned, today), at)


def next_meeting(held: list[Meeting], today: date) -> Meeting | None:
    """The meeting that is in session, else the next to be held; what is missed is none."""
    running = [meeting for meeting in held if meeting.state == MeetingState.IN_SESSION]
    waiting = [meeting for meeting in held if meeting.state in BEFORE_SESSION and not meeting.missed(today)]
    return min(running or waiting, key=lambda meeting: meeting.starts_at, default=None)
