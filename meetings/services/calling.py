"""Calling a meeting: planning a month's by its rule, a special one, moving it, canceling it, calling it again."""

from datetime import date, datetime, timedelta

from django.db.models import Max

from audit.acts import service
from audit.workflow import next_state
from decisions.services.rules import RuleBroken, hold, said
from governance.authority import moment, take_part
from governance.choices import Office
from governance.models import Appointment, Body, Person, Practice
from governance.offices import CHAIRS
from meetings.choices import Mode, Topic
from meetings.models import Meeting
from meetings.rules.points import parse_points
from meetings.rules.workflow import BEFORE_SESSION, MEETING, MeetingEvent, MeetingState
from meetings.series import next_month, terms_of
from meetings.services.agenda import write_release
from meetings.services.agenda_items import Draft, wanted, write_items
from meetings.services.base import OVERSIGHT, RECORDERS, enter_meeting, name_meeting, require_state
from meetings.services.notices import Notice, write_notices
from meetings.services.seating import write_seats
from meetings.services.series import LONGEST

FARTHEST = timedelta(days=60)
"""How far ahead a special meeting is called."""


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
    if Meeting.objects.filter(body=rule.body, month=first, special=0).exists():
        raise RuleBroken("month", f"Month: the meeting of {first:%B %Y} is planned already.")
    at = moment()
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
        secretary=_secretary(practice, at),
    )
    write_seats(meeting, at)
    write_items(meeting, wanted(meeting))
    name_meeting(meeting)
    return meeting


@service
def call_special(
    *,
    actor: Person,
    body: Body,
    starts_at: datetime,
    place: str,
    mode: str,
    reason: str,
    points: str,
    link: str = "",
    length: int = 60,
    release: bool = True,
) -> Meeting:
    """Call a special meeting between the monthly ones, for the points named, a line for each; by a chair.

    With `release` its agenda is released and the notice sent at once. Short notice refuses nothing: who of the members
    waives it, attends or protests is told member by member. Raises AuthorityRefused, RuleBroken.
    """
    practice = body.practice
    hold(practice)
    take_part(
        actor=actor,
        practice=practice,
        verb="meeting.called",
        offices=CHAIRS,
        right=OVERSIGHT,
        licensed=True,
        reason=reason,
        attempted=f"Special meeting of the {body}",
    )
    said(reason=reason, place=place)
    at, local = moment(), practice.local(starts_at)
    _require_mode(mode)
    if not at < starts_at <= at + FARTHEST:
        raise RuleBroken(
            "starts_at", f"Starts at: a meeting is called for a time to come, {FARTHEST.days} days ahead at most."
        )
    if not 1 <= length <= LONGEST:
        raise RuleBroken("length", f"Length: a meeting lasts 1 to {LONGEST} minutes, not {length}.")
    drafts = {(topic, title): Draft(topic=topic, title=title) for topic, title in parse_points(points)}
    if not drafts:
        raise RuleBroken("points", "Points: a special meeting is called for at least one point.")
    month = local.date().replace(day=1)
    last = Meeting.objects.filter(practice=practice, month=month).aggregate(n=Max("special"))["n"]
    meeting = Meeting.objects.create(
        practice=practice,
        body=body,
        month=month,
        special=(last or 0) + 1,
        call_reason=reason.strip(),
        starts_at=starts_at,
        place=place.strip(),
        mode=mode,
        link=link,
        length=length,
        notice_hours=body.special_notice,
        secretary=_secretary(practice, at),
    )
    write_seats(meeting, at)
    order = list(Topic)
    write_items(meeting, sorted(drafts.values(), key=lambda one: order.index(one.topic)))
    name_meeting(meeting)
    if release:
        write_release(meeting, at)
    return meeting


def _secretary(practice: Practice, at: datetime) -> Person | None:
    held = Appointment.objects.in_force(at).filter(practice=practice, office=Office.RECORDING_SECRETARY)
    found = held.select_related("person").first()
    return found.person if found else None


def _require_mode(mode: str) -> None:
    if mode not in Mode:
        raise RuleBroken("mode", f"Mode: “{mode}” is none of {', '.join(Mode)}.")


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
    _require_mode(mode)
    day, last = meeting.practice.local(starts_at).date(), next_month(next_month(meeting.month))
    if starts_at <= moment():
        raise RuleBroken("starts_at", "Starts at: a meeting is called for a time to come.")
    if not meeting.month <= day < last:
        raise RuleBroken(
            "starts_at",
            f"Starts at: the {meeting.kind} of {meeting.month:%B %Y} lies between {meeting.month:%-d %B %Y} and the "
            "end of the month after.",
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
