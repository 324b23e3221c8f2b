"""What the demonstration's people do about agendas: items proposed and answered, a meeting moved, time given."""

from datetime import timedelta

from meetings.choices import STANDING, Purpose, Topic
from meetings.demonstration.diary import Diary
from meetings.demonstration.people import People
from meetings.models import Meeting
from meetings.services.agenda import add_item
from meetings.services.agenda_edits import edit_item
from meetings.services.calling import move_meeting
from meetings.services.proposed_items import accept_item, decline_item, propose_item

MINUTES_EACH = {Topic.QUALITY: 10, Topic.CREDENTIALING: 8, Topic.SCOPE: 12}
OTHERWISE = 5


def an_hour_later(people: People, diary: Diary, meeting: Meeting) -> None:
    """The chair moves a planned meeting by an hour."""
    with diary.next(20):
        move_meeting(
            actor=people.marsh,
            meeting=meeting,
            starts_at=meeting.starts_at + timedelta(hours=1),
            place=meeting.place,
            mode=meeting.mode,
            link=meeting.link,
            reason="Dr. Ortiz is in clinic until six.",
        )
    meeting.refresh_from_db()


def shuttle(people: People, diary: Diary, meeting: Meeting) -> None:
    """The management company proposes a point, and the chair takes it onto the agenda."""
    with diary.next(30):
        proposed = propose_item(
            actor=people.prado,
            practice=people.practice,
            topic=Topic.CLINICAL_OPERATIONS,
            title="Shuttle between the campuses on clinic days",
            purpose=Purpose.INFORMATION,
            presenter=str(people.prado),
            budget=5,
            reason="Students miss appointments at Victorville when the noon bus is full.",
        )
    with diary.next(60):
        accept_item(actor=people.marsh, proposed=proposed, meeting=meeting, answer="For information, five minutes.")


ROUTINE = ("Holiday hours of both sites, as last year", "Flu vaccine lots received and logged")


def routine(people: People, diary: Diary, meeting: Meeting) -> None:
    """Two points that nobody expects to discuss go onto the consent agenda."""
    for title in ROUTINE:
        with diary.next(4):
            add_item(
                actor=people.vale,
                meeting=meeting,
                topic=Topic.OTHER,
                title=title,
                purpose=Purpose.INFORMATION,
                consent=True,
            )


def volume(people: People, diary: Diary) -> None:
    """The management company proposes a point that the chair declines."""
    with diary.next(30):
        proposed = propose_item(
            actor=people.quill,
            practice=people.practice,
            topic=Topic.CLINICAL_OPERATIONS,
            title="Visits per hour by clinician",
            reason="To compare the sites before the budget is drawn up.",
        )
    with diary.next(60 * 5):
        decline_item(
            actor=people.marsh,
            proposed=proposed,
            answer="How many patients a clinician sees is for the physicians (DR-04), and is not compared before this body.",
        )


def survey(people: People, diary: Diary) -> None:
    """A point that waits for the chair's answer."""
    with diary.next(1):
        propose_item(
            actor=people.cole,
            practice=people.practice,
            topic=Topic.QUALITY,
            title="Waiting-room survey of the term",
            purpose=Purpose.INFORMATION,
            presenter=str(people.cole),
            budget=10,
            reason="212 answers are in; the members asked in the spring to see them.",
        )


def give_time(people: People, diary: Diary, meeting: Meeting) -> None:
    """The secretary gives the standing topics their minutes, and the Medical Director presents the first."""
    for item in meeting.items.filter(topic__in=STANDING, proposal=None, corrective_action=None).order_by("position"):
        with diary.next(0.5):
            edit_item(
                actor=people.vale,
                item=item,
                topic=item.topic,
                title=item.title,
                purpose=item.purpose,
                presenter_person=people.marsh if item.topic == Topic.QUALITY else None,
                budget=MINUTES_EACH.get(Topic(item.topic), OTHERWISE),
            )
