"""How each month of a period turned out: held, late, without quorum, not signed, or without any meeting."""

from dataclasses import dataclass
from datetime import date

from governance.models import Person, Practice
from governance.pack import bounds
from meetings.models import Meeting, Series
from meetings.rules.cadence import MonthStatus, month_status
from meetings.rules.workflow import MeetingState
from meetings.series import next_month, terms_of


@dataclass(frozen=True)
class Month:
    """A month of a body: the rule in force for it, the day by that rule, its meeting if any, and its status."""

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
        for meeting in every.filter(practice=practice, special=0, month__gte=start.replace(day=1), month__lte=end)
        .select_related("body", "chair__person", "minutes__signature")
        .order_by("month")
    }
    result = []
    for terms in terms_of(practice):
        first = max(start, terms.begins_on).replace(day=1)
        while first <= end:
            rule, at = terms.at(first), terms.planned(first)
            if rule and at:
                planned, meeting = at.date(), found.get((rule.body_id, first))
                held = practice.local(meeting.opened_at).date() if meeting and meeting.opened_at else planned
                due = meeting is not None or planned <= today
                if due and (start <= planned <= end or start <= held <= end):
                    result.append(Month(rule, first, planned, meeting, status_of(practice, meeting, planned, today)))
            first = next_month(first)
    return sorted(result, key=lambda month: (month.planned, month.series.pk))


def special_meetings(practice: Practice, start: date, end: date, *, person: Person | None) -> list[Meeting]:
    """The special meetings called for a day of the period; they count for no month. One query.

    With `person`, only meetings that exist for that person.
    """
    first, after = bounds(practice, start, end)
    every = Meeting.objects.visible_to(person) if person else Meeting.objects.all()
    found = every.filter(practice=practice, special__gt=0, starts_at__gte=first, starts_at__lt=after)
    return list(found.select_related("practice", "body", "chair__person", "minutes__signature").order_by("starts_at"))


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
        canceled=bool(meeting and meeting.state == MeetingState.CANCELED),
    )
