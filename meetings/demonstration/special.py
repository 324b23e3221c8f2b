"""A special meeting of the demonstration, on short notice."""

from datetime import timedelta

from governance.models import Person
from meetings.choices import Mode, Topic
from meetings.demonstration.diary import ZONE, Diary
from meetings.demonstration.gatherings import Event, Gathering, hold
from meetings.demonstration.people import People
from meetings.services.calling import call_special
from meetings.services.notice import waive_notice, waiver_of


def on_short_notice(
    diary: Diary, people: People, index: int, *, reason: str, point: str, event: Event, away: Person
) -> Gathering:
    """A special meeting the next morning; who is away waives notice, the others attend without protest."""
    with diary.next(60 * 24):
        meeting = call_special(
            actor=people.marsh,
            body=people.practice.bodies.get(),
            starts_at=(diary.at + timedelta(days=1)).astimezone(ZONE).replace(hour=7, minute=30),
            place="By video",
            mode=Mode.REMOTE,
            link="https://video.demo.example/riverside-board",
            length=30,
            reason=reason,
            points=point,
        )
    meeting.refresh_from_db()
    with diary.next(90):
        waive_notice(actor=away, meeting=meeting, meaning=waiver_of(meeting))
    return hold(diary, people, meeting, index, events={Topic.QUALITY: event}, absent=[away], sign_after_days=1)
