"""The notice of a meeting by mail: asked for inside the act that calls, moves or cancels it."""

from enum import StrEnum

from governance.mail import post
from meetings.models import Meeting
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
