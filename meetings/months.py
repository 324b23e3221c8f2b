"""How each month of a period turned out: held, late, without quorum, not signed, or without any meeting."""

from dataclasses import dataclass
from datetime import date, timedelta

from governance.models import Person, Practice
from meetings.models import Meeting, Series
from meetings.rules.cadence import MonthlyRule, MonthStatus, month_status, occurrence, parse_day


@dataclass(frozen=True)
class Month:
    """A month of a series: when it was planned for, its meeting if there is one, and its status."""

    series: Series
    first: date
    planned: date
    meeting: Meeting | None
    status: MonthStatus


def months(practice: Practice, start: date, end: date, *, person: Person | None, today: date) -> list[Month]:
    """The months from `start` to `end` in which a body of the practice should have met, in two queries.

    A month counts by the day it was planned for and the day its meeting was held; one planned later than `today` is
    left out unless it has a meeting.
    With `person`, only meetings that exist for that person.
    """
    every = Meeting.objects.visible_to(person) if person else Meeting.objects.all()
    found = {
        (meeting.body_id, meeting.month): meeting
        for meeting in every.filter(practice=practice, month__gte=start.replace(day=1), month__lte=end)
        .select_related("body", "chair__person", "minutes__signature")
        .order_by("month")
    }
    result = []
    for series in Series.objects.filter(practice=practice).select_related("body").order_by("pk"):
        rule = MonthlyRule(parse_day(series.day_rule), series.time, practice.zone)
        first = max(start, series.starts_on).replace(day=1)
        while first <= end:
            planned = occurrence(rule, first.year, first.month).date()
            meeting = found.get((series.body_id, first))
            held = practice.local(meeting.opened_at).date() if meeting and meeting.opened_at else planned
            due = planned >= series.starts_on and (meeting or planned <= today)
            if due and (start <= planned <= end or start <= held <= end):
                result.append(Month(series, first, planned, meeting, status_of(practice, meeting, planned, today)))
            first = (first + timedelta(days=31)).replace(day=1)
    return sorted(result, key=lambda month: (month.planned, month.series.pk))


def status_of(practice: Practice, meeting: Meeting | None, planned: date, today: date) -> MonthStatus:
    """How the month of a planned meeting stands; `meeting` is None where nobody called one. No query."""
    opened = meeting.opened_at if meeting else None
    minutes = getattr(meeting, "minutes", None)
    return month_status(
        planned=planned,
        held_on=practice.local(opened).date() if opened else None,
        quorate=bool(meeting and meeting.quorate_start),
        adjourned=bool(meeting and meeting.adjourned_at),
        minutes_signed=bool(minutes and minutes.signature_id),
        today=today,
        quorum_lost=bool(meeting and meeting.quorum_lost_at),
    )
