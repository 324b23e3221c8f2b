"""Meetings as iCalendar (RFC 5545, RFC 5546): the invitation to one meeting, and a person's own calendar."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from functools import lru_cache

from django.conf import settings
from django.urls import reverse
from icalendar import CLASS, STATUS, Calendar, Event, Timezone, vCalAddress

from governance.models import Person
from meetings.choices import Role
from meetings.models import Attendance, Meeting
from meetings.rules.workflow import MeetingState
from meetings.selectors.calling import answer_of

PRODUCT = "-//Brightline//Oversight record//EN"
REFRESH = timedelta(hours=1)
"""How often a calendar is asked to read its address again."""


def invitation(meeting: Meeting, seats: Sequence[Attendance], since: datetime) -> bytes:
    """The invitation to a meeting with everybody who is asked; once it is canceled, its cancelation.

    `since` is the moment since when it is called as it is.
    """
    event = _event(meeting, since)
    event.attendees = [_attendee(seat, meeting) for seat in seats if seat.person.account]
    return _calendar([event], [meeting], method="CANCEL" if meeting.state == MeetingState.CANCELED else "REQUEST")


def feed(meetings: Sequence[Meeting], issued: Mapping[int, datetime]) -> bytes:
    """A person's calendar of these meetings. It tells nobody who else is asked."""
    calendar = [_event(meeting, issued[meeting.pk]) for meeting in meetings]
    return _calendar(calendar, meetings, method="PUBLISH", name="Brightline")


def uid(meeting: Meeting) -> str:
    """By which a calendar knows the meeting again, however often it is called anew, wherever the record moves."""
    return f"meeting-{meeting.pk}@{meeting.practice_id}"


def _calendar(events: Sequence[Event], meetings: Iterable[Meeting], *, method: str, name: str = "") -> bytes:
    calendar = Calendar()  # Calendar.new would give it an identity by chance, and no two answers would be alike
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("method", method)
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
    spans: dict[str, list[int]] = {}
    for meeting in meetings:
        spans.setdefault(meeting.practice.time_zone, []).append(meeting.starts_at.year)
    # A calendar has one component at least; of an empty one it is the clock.
    for zone, years in sorted(spans.items()) or [("UTC", [1970])]:
        calendar.add_component(_zone(zone, min(years) - 1, max(years) + 2))
    for event in events:
        calendar.add_component(event)
    return calendar.to_ical()


@lru_cache(maxsize=64)
def _zone(name: str, first: int, last: int) -> Timezone:
    """The clock of a practice with its daylight saving between the beginnings of two years."""
    return Timezone.from_tzid(name, first_date=date(first, 1, 1), last_date=date(last, 1, 1))


def _event(meeting: Meeting, since: datetime) -> Event:
    practice, url = meeting.practice, page_of(meeting)
    start = practice.local(meeting.starts_at)
    return Event.new(
        uid=uid(meeting),
        sequence=meeting.sequence,
        stamp=since,
        last_modified=since,
        start=start,
        end=practice.local(meeting.starts_at + timedelta(minutes=meeting.length)),
        summary=f"{'Special meeting, ' if meeting.special else ''}{meeting.body}, {practice}",
        description=f"Agenda, papers and your answer: {url}",
        location=", ".join(part for part in (meeting.place, meeting.link) if part),
        status=_status(meeting),
        classification=CLASS.PRIVATE,
        url=url,
        organizer=_organizer(meeting),
    )


def page_of(meeting: Meeting, name: str = "meeting") -> str:
    """The address of the meeting's page, or of another page of it."""
    return f"{settings.SITE_URL}{reverse(f'meetings:{name}', args=[meeting.practice.slug, meeting.code])}"


def _status(meeting: Meeting) -> STATUS:
    if meeting.state == MeetingState.CANCELED:
        return STATUS.CANCELLED
    return STATUS.TENTATIVE if meeting.state == MeetingState.PLANNED else STATUS.CONFIRMED


def _address(person: Person | None, name: str) -> vCalAddress:
    account = person.account if person else None
    found = vCalAddress(f"mailto:{account.email if account else parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    found.params["CN"] = name
    return found


def _organizer(meeting: Meeting) -> vCalAddress:
    """The recording secretary, to whom a calendar's own answers go; without one the installation's address."""
    secretary = meeting.secretary
    return _address(secretary, str(secretary) if secretary else meeting.practice.name)


def _attendee(seat: Attendance, meeting: Meeting) -> vCalAddress:
    found = _address(seat.person, seat.name)
    found.params["CUTYPE"] = "INDIVIDUAL"
    found.params["ROLE"] = "REQ-PARTICIPANT" if seat.role == Role.MEMBER else "OPT-PARTICIPANT"
    found.params["PARTSTAT"] = (answer_of(seat, meeting) or "needs-action").upper()
    found.params["RSVP"] = "TRUE"
    return found
