"""Notices by mail, asked for inside their act: that a meeting is called, moved or canceled, or minutes circulated."""

from collections.abc import Iterable
from enum import StrEnum

from governance.mail import post
from governance.models import Person
from meetings.models import Meeting, MinutesVersion
from meetings.selectors.calling import asked


class Notice(StrEnum):
    """What a notice tells."""

    RELEASED = "released"
    AMENDED = "amended"
    MOVED = "moved"
    CANCELED = "canceled"


def write_notices(meeting: Meeting, notice: Notice) -> None:
    """Ask for a mail to everybody who is expected, inside the current act.

    What becomes of a meeting that was only planned, and never called, is mailed to nobody.
    """
    if notice in (Notice.MOVED, Notice.CANCELED) and meeting.notice_at is None:
        return
    people = [seat.person for seat in asked(meeting)]
    arguments = {"meeting": meeting.pk, "notice": notice, "sequence": meeting.sequence}
    post(kind="notice", practice=meeting.practice, people=people, arguments=arguments)


def write_circulated(version: MinutesVersion, people: Iterable[Person]) -> None:
    """Ask for a mail to those who may comment on a circulated version, inside the current act."""
    meeting = version.minutes.meeting
    post(kind="circulated", practice=meeting.practice, people=people, arguments={"version": version.pk})
