"""Where a member was, as a question to whoever records something else."""

from datetime import datetime

from meetings.models import Attendance
from meetings.words import clock


def where(member: Attendance, at: datetime) -> str:
    """What the attendance has of a member who is not there, and the question what is right."""
    practice, name = member.meeting.practice, member.name

    def told(moment: datetime) -> str:
        return clock(practice.local(moment).isoformat())

    stays = list(member.presences.all())
    if stays and stays[-1].left_at:
        there = f"At {told(at)} the attendance has {name} gone since {told(stays[-1].left_at)}."
    else:
        there = f"At {told(at)} the attendance has {name} as {member.get_standing_display().lower()}, never arrived."
    return (
        f"{there} Is {name} in the meeting? Then record the arrival, with its time, first;"
        " if not, whose motion or vote is it?"
    )
