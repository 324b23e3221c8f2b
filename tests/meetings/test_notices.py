"""Notices by mail: to everybody who is expected, after the act, with the invitation, and nothing of the business."""

from datetime import datetime, time, timedelta
from email.message import EmailMessage as Message

from django.core import mail
from icalendar import Calendar

from governance.mail import send_waiting
from governance.models import Appointment, Mail
from governance.services.appointments import end_appointment
from meetings import calendar
from meetings.services.agenda import add_item, release_agenda
from meetings.services.calling import cancel_meeting, move_meeting
from meetings.services.replies import reply
from tests.cast import Cast
from tests.meetings import gathering

EXPECTED = {"marsh", "ortiz", "adeyemi", "vale", "holt"}


def sent() -> list[mail.EmailMessage]:
    """What goes out now."""
    mail.outbox.clear()
    send_waiting()
    return list(mail.outbox)


def people(messages: list[mail.EmailMessage]) -> set[str]:
    return {address.partition("@")[0] for message in messages for address in message.to}


def event_of(message: mail.EmailMessage) -> tuple[str, str, int]:
    """Method, identity and sequence of the file that goes with a mail, read from the mail as it is sent."""
    full = message.message()
    assert isinstance(full, Message)
    (part,) = full.iter_attachments()
    assert part.get_content_type() == "text/calendar"
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    parsed = Calendar.from_ical(data)
    assert isinstance(parsed, Calendar)
    parsed.validate()
    assert part["Content-Type"].params["method"] == parsed.method
    return str(parsed.method), str(parsed.events[0].uid), parsed.events[0].sequence


def test_everybody_expected_is_told_of_each_call(board: Cast) -> None:
    gathering.proposal(board, "A title that no mail tells")
    meeting = gathering.planned(board)
    assert sent() == []  # a planned meeting is not called yet
    release_agenda(actor=board.director, meeting=meeting)
    first = sent()
    assert people(first) == EXPECTED
    assert len(first) == len(EXPECTED)
    assert all(message.subject.startswith("Riverside Physicians, P.C.: agenda of the meeting of") for message in first)
    assert all(f"/p/riverside/meetings/{meeting.code}/" in message.body for message in first)
    assert "no mail tells" not in "".join(f"{message.subject}{message.body}" for message in first)
    assert {event_of(message) for message in first} == {("REQUEST", calendar.uid(meeting), 0)}

    meeting.refresh_from_db()
    add_item(actor=board.secretary, meeting=meeting, topic="other", title="Further business")
    release_agenda(actor=board.director, meeting=meeting)
    assert {message.subject.split(": ")[1][:10] for message in sent()} == {"new agenda"}

    reply(actor=board.physician, meeting=meeting, answer="accepted")
    assert sent() == []
    at = datetime.combine(meeting.month, time(17, 30), board.practice.zone) + timedelta(days=40)
    move_meeting(actor=board.director, meeting=meeting, starts_at=at, place="Room 3", mode="remote", reason="Leave")
    moved = sent()
    assert people(moved) == EXPECTED
    assert all("holds no longer" in message.body and "Room 3" in message.body for message in moved)
    assert {event_of(message) for message in moved} == {("REQUEST", calendar.uid(meeting), 1)}

    cancel_meeting(actor=board.director, meeting=meeting, reason="No quorum in sight")
    canceled = sent()
    assert people(canceled) == EXPECTED
    assert {event_of(message) for message in canceled} == {("CANCEL", calendar.uid(meeting), 2)}
    assert "No quorum" not in "".join(str(message.body) for message in canceled)


def test_a_notice_that_a_later_one_overtook_is_not_sent(board: Cast) -> None:
    meeting = gathering.planned(board)
    release_agenda(actor=board.director, meeting=meeting)
    held = Appointment.objects.in_force().get(person=board.pc_counsel)
    end_appointment(actor=board.director, appointment=held, reason="Leaves")
    cancel_meeting(actor=board.director, meeting=meeting, reason="No quorum in sight")
    told = sent()
    assert people(told) == EXPECTED - {"holt"}  # who is out of office is told nothing
    assert {message.subject.rpartition(" is ")[2] for message in told} == {"canceled"}
    states = sorted(Mail.objects.values_list("state", flat=True))
    assert states == ["dropped"] * 6 + ["sent"] * 4
