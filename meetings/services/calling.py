"""Calling a meeting: planning a month's by its rule."""

from datetime import date

from audit.acts import service
from decisions.services.rules import RuleBroken, hold
from governance.authority import moment, take_part
from governance.choices import Office
from governance.models import Appointment, Person, Practice
from meetings.models import Meeting
from meetings.series import terms_of
from meetings.services.agenda_items import wanted, write_items
from meetings.services.base import OVERSIGHT, RECORDERS, name_meeting
from meetings.services.seating import write_seats


@service
def plan_meeting(*, actor: Person, practice: Practice, month: date) -> Meeting:
    """Plan the meeting that oversees a month: its day by the rule in force for it, who is expected, and the agenda.

    Raises AuthorityRefused, RuleBroken.
    """
    hold(practice)
    first = month.replace(day=1)
    take_part(
        actor=actor,
        practice=practice,
        verb="meeting.planned",
        offices=RECORDERS,
        right=OVERSIGHT,
        attempted=f"Meeting of {first:%B %Y}",
    )
    terms = next(terms_of(practice), None)
    if terms is None:
        raise RuleBroken("month", "Month: the practice has no series yet; the Medical Director sets the day first.")
    rule, starts_at = terms.at(first), terms.planned(first)
    if rule is None or starts_at is None:
        raise RuleBroken("month", f"Month: the series begins on {terms.begins_on:%-d %B %Y}.")
    if Meeting.objects.filter(body=rule.body, month=first).exists():
        raise RuleBroken("month", f"Month: the meeting of {first:%B %Y} is planned already.")
    at = moment()
    secretary = (
        Appointment.objects.in_force(at)
        .filter(practice=practice, office=Office.RECORDING_SECRETARY)
        .select_related("person")
        .first()
    )
    meeting = Meeting.objects.create(
        practice=practice,
        body=rule.body,
        month=first,
        starts_at=starts_at,
        place=rule.place,
        mode=rule.mode,
        link=rule.link,
        length=rule.length,
        notice_days=rule.notice_days,
        secretary=secretary.person if secretary else None,
    )
    write_seats(meeting, at)
    write_items(meeting, wanted(meeting))
    name_meeting(meeting)
    return meeting
