"""Moving, canceling and calling again; a canceled month as a finding; and by which rule the body is quorate."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import Act
from audit.workflow import IllegalTransition
from decisions.services.rules import RuleBroken
from governance.authority import AuthorityRefused
from meetings.models import Meeting
from meetings.months import months
from meetings.rules.cadence import MonthWord
from meetings.services.agenda import add_item, release_agenda
from meetings.services.bodies import set_body_rule
from meetings.services.calling import cancel_meeting, move_meeting
from meetings.services.room import open_meeting
from tests.cast import Cast
from tests.meetings.gathering import concluded, month_of, opened, planned
from tests.meetings.test_meeting_pages import address, page
from tests.sign_in import sign_in


def later(meeting: Meeting, days: int = 3) -> datetime:
    return max(meeting.starts_at, timezone.now()) + timedelta(days=days)


def move(cast: Cast, meeting: Meeting, **values: object) -> Meeting:
    wanted = {"starts_at": later(meeting), "place": "Victorville", "mode": "remote", "reason": "A storm"}
    return move_meeting(actor=cast.director, meeting=meeting, **(wanted | values))  # type: ignore[arg-type]


def test_a_chair_moves_a_meeting_with_a_reason(board: Cast) -> None:
    meeting = planned(board, 1)
    release_agenda(actor=board.director, meeting=meeting)
    for person in (board.secretary, board.physician, board.executive):
        with pytest.raises(AuthorityRefused):
            move_meeting(
                actor=person, meeting=meeting, starts_at=later(meeting), place="Home", mode="remote", reason="A storm"
            )
    for wrong, words in (
        ({"reason": " "}, "say it in words"),
        ({"starts_at": timezone.now() - timedelta(hours=1)}, "a time to come"),
        ({"starts_at": meeting.starts_at + timedelta(days=70)}, "the end of the month after"),
        ({"mode": "by post"}, "is none of"),
    ):
        with pytest.raises(RuleBroken, match=words):
            move(board, meeting, **wrong)
    moved = move(board, meeting)
    assert (moved.place, moved.change_reason, moved.sequence, moved.month) == (
        "Victorville",
        "A storm",
        1,
        meeting.month,
    )
    with pytest.raises(RuleBroken, match="for that time, place and mode already"):
        move(board, moved, starts_at=moved.starts_at)
    with pytest.raises(RuleBroken, match="changed after its release"):
        open_meeting(actor=board.director, meeting=moved)
    assert release_agenda(actor=board.director, meeting=moved).content["place"] == "Victorville"
    assert Act.objects.get(verb="meeting.moved", outcome="done").reason == "A storm"


def test_a_canceled_month_is_a_finding_until_it_is_called_again(board: Cast) -> None:
    first = month_of(board)
    meeting = planned(board)
    add_item(actor=board.secretary, meeting=meeting, topic="other", title="Telehealth pilot")
    assert cancel_meeting(actor=board.alternate, meeting=meeting, reason="No quorum in sight").state == "canceled"
    far = first + timedelta(days=60)
    judged = months(board.practice, first, far, person=None, today=far)[0].status
    assert (judged.word, judged.finding) == (MonthWord.CANCELED, True)
    with pytest.raises(IllegalTransition):
        cancel_meeting(actor=board.director, meeting=meeting, reason="Again")
    assert "Call it again" in page(board, board.director, "desk")
    assert "Call it again" not in page(board, board.secretary, "desk")
    following = planned(board, 1)
    carried = following.items.get(title="Telehealth pilot")
    assert carried.carried_from is not None
    assert carried.carried_from.meeting == meeting
    again = move(board, meeting, starts_at=timezone.now() + timedelta(hours=2))
    assert (again.state, again.sequence) == ("planned", 2)
    status = months(board.practice, first, far, person=None, today=first)[0].status
    assert status.word == MonthWord.PLANNED
    with pytest.raises(IllegalTransition):
        cancel_meeting(actor=board.director, meeting=opened(board, again), reason="Too late")


def test_the_page_moves_and_cancels(board: Cast) -> None:
    meeting = planned(board, 1)
    client = sign_in(Client(), board.director)
    at = board.practice.local(later(meeting))
    typed = {"starts_at": at.strftime("%Y-%m-%dT%H:%M"), "place": "Victorville", "mode": "remote", "reason": ""}
    wrong = client.post(address(board, "call", meeting.code), typed)
    assert "This field is required" in wrong.content.decode()
    assert client.post(address(board, "call", meeting.code), {**typed, "reason": "A storm"}).status_code == 302
    meeting.refresh_from_db()
    assert board.practice.local(meeting.starts_at).strftime("%H:%M") == at.strftime("%H:%M")
    assert "A storm" in page(board, board.operations, "meeting", meeting.code)
    refused = sign_in(Client(), board.secretary).post(address(board, "cancel", meeting.code), {"reason": "Mine"})
    assert refused.status_code == 403
    assert client.post(address(board, "cancel", meeting.code), {"reason": "Fire alarm"}).status_code == 302
    assert "Fire alarm" in client.get(address(board, "call", meeting.code)).content.decode()
    assert "canceled" in page(board, board.operations, "meetings")


def test_the_rule_of_the_body_is_changed_under_the_right_that_rules_it(board: Cast) -> None:
    body = board.body
    assert (body.kind, body.authorized) == ("board", 3)
    rule = {
        "body": body,
        "authorized": 3,
        "quorum": 3,
        "interested_counts": True,
        "minutes_approved_by": "chair",
        "reason": "Bylaws, section 4",
    }
    for person in (board.executive, board.alternate, board.secretary):
        with pytest.raises(AuthorityRefused):
            set_body_rule(actor=person, **rule)  # type: ignore[arg-type]
    for field, wrong in (
        ("quorum", {"quorum": 1}), ("quorum", {"quorum": 4}), ("rule", {"quorum": None}), ("reason", {"reason": ""}),
        ("authorized", {"authorized": 2, "quorum": 2}),
    ):  # fmt: skip
        with pytest.raises(RuleBroken) as refused:
            set_body_rule(actor=board.director, **(rule | wrong))  # type: ignore[arg-type]
        assert refused.value.field == field, wrong
    assert set_body_rule(actor=board.director, **rule).quorum == 3  # type: ignore[arg-type]
    assert Act.objects.get(verb="body.rule_changed", outcome="done").right == "DR-30"
    set_body_rule(actor=board.director, **(rule | {"authorized": 5}))  # type: ignore[arg-type]
    assert Act.objects.filter(verb="body.rule_changed", outcome="done", right="DR-33").exists()
    concluded(board, opened(board, planned(board)))
    with pytest.raises(RuleBroken, match="are not signed"):
        set_body_rule(actor=board.director, **rule)  # type: ignore[arg-type]
    client = sign_in(Client(), board.director)
    typed = {"authorized": 5, "quorum": 1, "minutes_approved_by": "chair", "reason": "Bylaws"}
    shown = client.get(address(board, "body_rule")).content.decode()
    assert "The rule stands until the minutes of the" in shown
    assert "Why it is changed" not in shown
    assert "at least a third and two" in client.post(address(board, "body_rule"), typed).content.decode()
