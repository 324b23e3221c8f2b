"""What is mailed about meetings: plain text in the practice's words, with no item of an agenda and no title in it."""

from email.message import MIMEPart
from typing import Any

from django.template.loader import render_to_string

from governance.mail import Letter
from governance.models import Person, Practice
from meetings.calendar import invitation, page_of
from meetings.models import Meeting, MinutesVersion
from meetings.rules.notice import asked_words
from meetings.rules.workflow import MeetingState
from meetings.selectors.calling import asked, issued_at
from meetings.selectors.minutes import last_day, may_comment, open_for_comment
from meetings.selectors.notice import first_release
from meetings.services.notices import Notice

_SUBJECTS = {
    Notice.RELEASED: "agenda of the {kind} of {day}",
    Notice.AMENDED: "new agenda of the {kind} of {day}",
    Notice.MOVED: "the {kind} is now on {day}",
    Notice.CANCELED: "the {kind} of {day} is canceled",
}
_STATES = {
    Notice.RELEASED: {MeetingState.AGENDA_RELEASED},
    Notice.AMENDED: {MeetingState.AGENDA_RELEASED},
    Notice.MOVED: {MeetingState.PLANNED, MeetingState.AGENDA_RELEASED},
    Notice.CANCELED: {MeetingState.CANCELED},
}
"""While the meeting stands in these states, what a notice tells is still so."""


def notice(practice: Practice, person: Person, arguments: dict[str, Any]) -> Letter | None:
    """The notice of a meeting with its invitation file.

    Nothing, where the person is not asked any more or may not see the meeting, or a later notice tells otherwise.
    """
    told = Notice(arguments["notice"])
    seen = Meeting.objects.visible_to(person).select_related("practice", "body", "secretary__account")
    meeting = seen.filter(practice=practice, pk=arguments["meeting"]).first()
    if meeting is None or meeting.state not in _STATES[told] or meeting.sequence != arguments["sequence"]:
        return None
    seats = asked(meeting)
    if not any(seat.person_id == person.pk for seat in seats):
        return None
    starts_at, given = practice.local(meeting.starts_at), first_release(meeting)
    context = {
        "person": person,
        "practice": practice,
        "meeting": meeting,
        "starts_at": starts_at,
        "zone": starts_at.tzname(),
        "notice": told.value,
        "page": page_of(meeting),
        "asked": asked_words(0, meeting.notice_hours) if given and given.short_hours else "",
    }
    text = render_to_string("meetings/mail/notice.txt", context)
    canceled = meeting.state == MeetingState.CANCELED
    data = invitation(meeting, seats, issued_at([meeting])[meeting.pk])
    return Letter(
        subject=f"{practice.name}: {_SUBJECTS[told].format(kind=meeting.kind, day=f'{starts_at:%-d %B %Y}')}",
        text=text,
        parts=[_calendar_part(data, method="CANCEL" if canceled else "REQUEST")],
    )


def circulated(practice: Practice, person: Person, arguments: dict[str, Any]) -> Letter | None:
    """That minutes lie before the person for comment; nothing, once they do no longer."""
    version = MinutesVersion.objects.select_related("minutes__meeting__body", "minutes__meeting__practice").get(
        pk=arguments["version"], minutes__meeting__practice=practice
    )
    meeting = version.minutes.meeting
    if not open_for_comment(version) or not may_comment(person, meeting):
        return None
    held = practice.local(meeting.starts_at)
    context = {
        "person": person,
        "meeting": meeting,
        "held": held,
        "last": last_day(version),
        "page": page_of(meeting, "minutes"),
    }
    return Letter(
        subject=f"{practice.name}: minutes of {held:%-d %B %Y} to comment on",
        text=render_to_string("meetings/mail/circulated.txt", context),
    )


def _calendar_part(data: bytes, *, method: str) -> MIMEPart:
    part = MIMEPart()
    part.set_content(
        data, maintype="text", subtype="calendar", disposition="attachment", filename="invitation.ics",
        params={"method": method, "charset": "utf-8"},
    )  # fmt: skip
    return part
