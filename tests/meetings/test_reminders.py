"""Reminders go only to who has not acted, and at most once a day."""

from datetime import timedelta
from typing import Any

from django.core import mail

from governance.mail import send_waiting
from governance.models import Mail
from meetings.reminders import remind
from meetings.services.agenda import release_agenda
from meetings.services.minutes import submit_minutes
from meetings.services.replies import reply
from tests.cast import Cast
from tests.governance.test_identity import change, pc_administrator
from tests.meetings import gathering
from tests.meetings.test_notices import people, sent


def test_only_who_has_not_answered_is_reminded_and_not_twice(board: Cast, monkeypatch: Any) -> None:
    meeting = gathering.upcoming(board)
    admin = pc_administrator(board)
    change(board, admin, reminder_days=31)
    monkeypatch.setattr("meetings.reminders.HOUR", 0)
    assert remind() == 0  # nobody is asked before the notice
    release_agenda(actor=board.director, meeting=meeting)
    sent()
    meeting.refresh_from_db()
    for person in (board.director, board.physician, board.alternate):
        reply(actor=person, meeting=meeting, answer="accepted")
    change(board, admin, reminders=False)
    assert remind() == 0
    change(board, admin, reminders=True)
    assert remind() == 2
    assert remind() == 0
    change(board, admin, reminders=False)
    assert sent() == []  # what was asked for before is not sent either
    change(board, admin, reminders=True)
    Mail.objects.filter(kind="reminder").delete()
    assert remind() == 2
    reply(actor=board.secretary, meeting=meeting, answer="declined")
    told = sent()  # who acted between order and mail is left alone
    assert people(told) == {"holt"}
    assert f"M-{meeting.code}: say whether you come" in str(told[0].body)
    assert f"/p/riverside/meetings/{meeting.code}/" in str(told[0].body)

    def days_ago(days: int) -> None:
        for one in Mail.objects.filter(kind="reminder"):
            key = f"reminder/{board.practice.pk}/earlier-{one.pk}"
            Mail.objects.filter(pk=one.pk).update(key=key, asked_at=one.asked_at - timedelta(days=days))

    days_ago(1)
    assert remind() == 0  # of the same thing every third day
    days_ago(2)
    assert remind() == 1
    assert people(sent()) == {"holt"}


def test_minutes_wait_for_the_chair_alone(board: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr("meetings.reminders.HOUR", 0)
    minutes = gathering.concluded(board, gathering.opened(board, gathering.planned(board)))
    sent()
    assert remind() == 0  # a draft is no minutes to sign
    submit_minutes(actor=board.secretary, minutes=minutes, revision=minutes.working_draft.revision)
    assert remind() == 1
    (told,) = sent()
    assert told.to == ["marsh@riverside.example"]
    assert "read and sign" in str(told.body)
    assert told.subject == "Riverside Physicians, P.C.: one thing waits for you"
    monkeypatch.setattr("meetings.reminders.HOUR", 25)
    Mail.objects.filter(kind="reminder").delete()
    assert remind() == 0  # nobody is woken
    mail.outbox.clear()
    assert send_waiting() == 0
