"""Meetings as calendars see them: what changed when, who is asked, and what they answered."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Min

from meetings.choices import Role, Standing
from meetings.models import Attendance, Meeting
from meetings.rules.calling import Expectation, expectation
from meetings.rules.workflow import MeetingState
from meetings.selectors.quorum import rule_of

_BEYOND = (MeetingState.IN_SESSION, MeetingState.ADJOURNED)


def issued_at(meetings: Collection[Meeting]) -> dict[int, datetime]:
    """Since when each meeting, by key, is called as it is: planned, released, moved or canceled. One query.

    Once a meeting is opened, a calendar has nothing more to follow; one entered after it was held counts from its day.
    """
    rows = (
        Meeting.history.filter(id__in=[meeting.pk for meeting in meetings])
        .exclude(state__in=_BEYOND)
        .values("id", "sequence", "state")
        .annotate(since=Min("history_date"))
    )
    found: dict[int, datetime] = {}
    for row in rows:
        found[row["id"]] = max(row["since"], found.get(row["id"], row["since"]))
    return {meeting.pk: meeting.starts_at for meeting in meetings} | found


def asked(meeting: Meeting) -> list[Attendance]:
    """Everybody who is asked to the meeting, with sign-in and answer. One query."""
    seats = meeting.attendances.select_related("person__account", "reply")
    return list(seats.exclude(standing__in=[Standing.EXCUSED, Standing.ABSENT]).order_by("role", "name"))


def answer_of(seat: Attendance, meeting: Meeting) -> str | None:
    """What somebody answered for the time for which the meeting is called now; None for nothing."""
    reply = getattr(seat, "reply", None)
    return reply.answer if reply is not None and reply.starts_at == meeting.starts_at else None


def expected_quorum(meeting: Meeting, seats: Collection[Attendance]) -> Expectation:
    """What the members' answers let expect; who is excused already counts as declining. No query."""
    away = (Standing.EXCUSED, Standing.ABSENT)
    members = [seat for seat in seats if seat.role == Role.MEMBER]
    answers = ["declined" if seat.standing in away else answer_of(seat, meeting) for seat in members]
    return expectation(answers, rule_of(meeting.body).quorum)
