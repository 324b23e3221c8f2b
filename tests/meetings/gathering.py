"""A series, a planned meeting and a meeting in session, made through the services."""

from datetime import date, time, timedelta

from django.utils import timezone

from decisions.models import Proposal
from decisions.services.proposals import propose
from governance.models import Person
from meetings.models import AgendaItem, Attendance, Meeting, Minutes, Motion
from meetings.services.agenda import release_agenda
from meetings.services.calling import plan_meeting
from meetings.services.motions import make_motion, record_votes
from meetings.services.room import adjourn, defer_item, mark, open_meeting
from meetings.services.series import found_series
from tests.cast import Cast


def month_of(cast: Cast, offset: int = 0) -> date:
    """The first day of a month on the practice's clock; 0 is this one."""
    first = cast.practice.local(cast.practice.founded_at).date().replace(day=1)
    for _ in range(offset):
        first = (first + timedelta(days=31)).replace(day=1)
    return first


def series(cast: Cast) -> None:
    found_series(
        actor=cast.director,
        body=cast.body,
        day_rule="last business day",
        time=time(17, 30),
        place="Riverside, conference room",
        mode="hybrid",
        starts_on=month_of(cast),
    )


def proposal(cast: Cast, title: str = "TB testing at the Victorville campus") -> Proposal:
    return propose(
        actor=cast.operations,
        practice=cast.practice,
        kind=Proposal.Kind.NEW_SERVICE,
        title=title,
        summary="TB skin tests and reading at the campus.",
        clinical_effect="Students are tested where they study.",
        operations="A nurse on every weekday; the courier calls at 3:30 p.m.",
        service_name="TB testing",
        site=cast.satellite,
    )


def planned(cast: Cast, offset: int = 0) -> Meeting:
    return plan_meeting(actor=cast.secretary, practice=cast.practice, month=month_of(cast, offset))


def upcoming(cast: Cast) -> Meeting:
    """The next meeting that lies ahead: this month's, or on the evening of its day already the next one's."""
    meeting = planned(cast)
    return meeting if meeting.starts_at > timezone.now() else planned(cast, 1)


def seat(meeting: Meeting, person: Person) -> Attendance:
    return meeting.attendances.get(person=person)


def item_of(meeting: Meeting, topic: str) -> AgendaItem:
    return meeting.items.filter(topic=topic).order_by("position").first()  # type: ignore[return-value]


def opened(cast: Cast, meeting: Meeting, *, with_everybody: bool = True) -> Meeting:
    """Released, attended and opened by the Medical Director."""
    release_agenda(actor=cast.director, meeting=meeting)
    people = [cast.director, cast.physician, cast.alternate] if with_everybody else [cast.director]
    for person in people:
        mark(actor=cast.secretary, attendance=seat(meeting, person), standing="present")
    return open_meeting(actor=cast.director, meeting=meeting)


def carried(cast: Cast, meeting: Meeting, text: str = "To amend the minutes: fifty charts.") -> Motion:
    """A motion that carried under the first open item of a meeting in session."""
    voting = [seat(meeting, one) for one in (cast.director, cast.physician)]
    item = meeting.items.filter(state="open").order_by("position")[0]
    motion = make_motion(actor=cast.secretary, item=item, text=text, mover=voting[0], seconder=voting[1])
    present = meeting.attendances.filter(role="member", presences__left_at=None, presences__isnull=False)
    return record_votes(actor=cast.secretary, motion=motion, votes={one.pk: "for" for one in present})


def meeting_now(cast: Cast) -> Meeting:
    """The meeting of the current month, opened now, of a practice founded whenever."""
    month = cast.practice.local(timezone.now()).date().replace(day=1)
    return opened(cast, plan_meeting(actor=cast.secretary, practice=cast.practice, month=month))


def concluded(cast: Cast, meeting: Meeting) -> Minutes:
    """Every item deferred, and adjourned by the Medical Director."""
    for item in meeting.items.filter(state="open"):
        defer_item(actor=cast.secretary, item=item, reason="Next month.")
    return adjourn(actor=cast.director, meeting=meeting)
