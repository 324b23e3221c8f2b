"""Calling a meeting: planning a month's by its rule, moving it, canceling it, calling it again."""

from datetime import date, datetime

from audit.acts import service
from audit.workflow import next_state
from decisions.services.rules import RuleBroken, hold, said
from governance.authority import moment, take_part
from governance.choices import Office
from governance.models import Appointment, Person, Practice
from meetings.choices import Mode
from meetings.models import Meeting
from meetings.rules.workflow import BEFORE_SESSION, MEETING, MeetingEvent, MeetingState
from meetings.series import next_month, terms_of
from meetings.services.agenda_items import wanted, write_items
from meetings.services.base import OVERSIGHT, RECORDERS, enter_meeting, name_meeting, require_state
from meetings.services.notices import Notice, write_notices
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


@service
def move_meeting(
    *, actor: Person, meeting: Meeting, starts_at: datetime, place: str, mode: str, reason: str, link: str = ""
) -> Meeting:
    """Call a meeting for another time or place, with the reason; one that was canceled is called again.

    By a chair. It stays the meeting of its month, whose lateness counts from the day by the rule. A released agenda is
    released anew before the meeting opens. Raises AuthorityRefused, IllegalTransition, RuleBroken.
    """
    meeting, _ = enter_meeting(actor, meeting, "meeting.moved", chair=True, reason=reason, attempted=str(meeting))
    said(place=place, reason=reason)
    if mode not in Mode:
        raise RuleBroken("mode", f"Mode: “{mode}” is none of {', '.join(Mode)}.")
    day, last = meeting.practice.local(starts_at).date(), next_month(next_month(meeting.month))
    if starts_at <= moment():
        raise RuleBroken("starts_at", "Starts at: a meeting is called for a time to come.")
    if not meeting.month <= day < last:
        raise RuleBroken(
            "starts_at",
            f"Starts at: the meeting of {meeting.month:%B %Y} lies between {meeting.month:%-d %B %Y} and the end of "
            "the month after.",
        )
    if meeting.state == MeetingState.CANCELED:
        meeting.state = next_state(MEETING, meeting.state, MeetingEvent.CALL_AGAIN)
    else:
        require_state(meeting, *BEFORE_SESSION)
        wanted = (starts_at, place.strip(), mode, link)
        if wanted == (meeting.starts_at, meeting.place, meeting.mode, meeting.link):
            raise RuleBroken("starts_at", "Starts at: it is called for that time, place and mode already.")
    meeting.starts_at, meeting.place, meeting.mode, meeting.link = starts_at, place.strip(), mode, link
    return _changed(meeting, reason, Notice.MOVED)


@service
def cancel_meeting(*, actor: Person, meeting: Meeting, reason: str) -> Meeting:
    """Cancel a meeting that is not opened yet; its month is a finding unless it is called again.

    By a chair. Raises AuthorityRefused, IllegalTransition, RuleBroken.
    """
    meeting, _ = enter_meeting(actor, meeting, "meeting.canceled", chair=True, reason=reason, attempted=str(meeting))
    said(reason=reason)
    meeting.state = next_state(MEETING, meeting.state, MeetingEvent.CANCEL)
    return _changed(meeting, reason, Notice.CANCELED)


def _changed(meeting: Meeting, reason: str, notice: Notice) -> Meeting:
    meeting.change_reason = reason.strip()
    meeting.sequence += 1
    meeting.save()
    write_notices(meeting, notice)
    return meeting
