"""The meeting's clock: minutes of an item, and times of coming and going that are claimed afterwards."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from audit.context import occurring
from decisions.services.rules import RuleBroken
from governance.authority import moment
from meetings.facts import record_facts
from meetings.models import Meeting, Presence
from meetings.selectors.clock import entered, spent
from meetings.services.calling import plan_meeting
from meetings.services.motions import make_motion, record_votes
from meetings.services.room import go_to, leave, mark
from meetings.templatetags.minutes_words import attendance_rows
from tests.attacks.forging import change, forge, refused
from tests.cast import Cast
from tests.meetings.gathering import item_of, opened, seat
from tests.meetings.minuted import house
from tests.meetings.test_meeting_pages import address, page
from tests.sign_in import sign_in

__all__ = ["house"]


@pytest.fixture
def board(cast: Cast) -> Cast:
    """The cast of a practice founded years ago, with its series."""
    return cast


@pytest.fixture
def long(board: Cast) -> Meeting:
    """In session for forty minutes, with the Medical Director alone."""
    with occurring(timezone.now() - timedelta(minutes=40), flag="back-entry"):
        month = board.practice.local(timezone.now()).date().replace(day=1)
        meeting = plan_meeting(actor=board.secretary, practice=board.practice, month=month)
        return opened(board, meeting, with_everybody=False)


def ago(minutes: int) -> object:
    return timezone.now() - timedelta(minutes=minutes)


def test_an_arrival_and_a_departure_are_claimed_within_the_meeting(board: Cast, long: Meeting) -> None:
    ortiz = seat(long, board.physician)
    for minutes, words in ((60, "is before the meeting opened at"), (-5, "has not come yet")):
        with pytest.raises(RuleBroken, match=words):
            mark(actor=board.secretary, attendance=ortiz, standing="present", claimed=ago(minutes))  # type: ignore[arg-type]
    arrived = ago(30)
    mark(actor=board.secretary, attendance=ortiz, standing="present", claimed=arrived)  # type: ignore[arg-type]
    stay = ortiz.presences.get()
    assert stay.arrived_at == arrived
    recorded = entered(long)[stay.pk].arrival
    assert recorded
    assert recorded - stay.arrived_at >= timedelta(minutes=30)
    long.refresh_from_db()
    assert long.quorate_start is True
    with pytest.raises(RuleBroken, match="is before Samuel Ortiz, MD arrived at"):
        leave(actor=board.secretary, attendance=ortiz, claimed=ago(35))  # type: ignore[arg-type]
    leave(actor=board.secretary, attendance=ortiz, claimed=ago(20))  # type: ignore[arg-type]
    long.refresh_from_db()
    assert long.quorum_lost_at == ortiz.presences.get().left_at
    told = next(row["word"] for row in attendance_rows(record_facts(long)) if row["name"] == "Samuel Ortiz, MD")
    assert told.count("(recorded ") == 2
    assert "(recorded " in page(board, board.operations, "room", long.code)


def test_no_claim_reaches_behind_a_vote(board: Cast, long: Meeting) -> None:
    ortiz, adeyemi = seat(long, board.physician), seat(long, board.alternate)
    mark(actor=board.secretary, attendance=ortiz, standing="present")
    motion = make_motion(
        actor=board.secretary, item=item_of(long, "compliance"), text="To note.", mover=ortiz,
        seconder=seat(long, board.director),
    )  # fmt: skip
    record_votes(actor=board.secretary, motion=motion, votes={ortiz.pk: "for", seat(long, board.director).pk: "for"})
    with pytest.raises(RuleBroken, match="is before motion 1 was voted on, which counted who was there, at"):
        mark(actor=board.secretary, attendance=adeyemi, standing="present", claimed=ago(10))  # type: ignore[arg-type]
    there = Presence.objects.get(attendance=seat(long, board.director))
    with refused("in the meeting since its last vote"):
        forge(board.secretary, board.practice, change(there, left_at=moment() - timedelta(minutes=10)))


def test_the_page_takes_a_time_of_day(board: Cast, long: Meeting) -> None:
    client, ortiz = sign_in(Client(), board.secretary), seat(long, board.physician)
    local = board.practice.local(ago(15))  # type: ignore[arg-type]
    where = address(board, "room_attend", long.code, ortiz.pk)
    wrong = client.post(where, {"standing": "present", "at": "soon"}, follow=True)
    assert "“soon” is no time of day" in wrong.content.decode()
    assert client.post(where, {"standing": "present", "at": f"{local:%H:%M}"}).status_code == 302
    assert board.practice.local(ortiz.presences.get().arrived_at).strftime("%H:%M") == f"{local:%H:%M}"


def test_an_item_takes_the_minutes_in_which_it_is_called(board: Cast, long: Meeting) -> None:
    first, other = long.items.order_by("position")[0], item_of(long, "compliance")
    with occurring(timezone.now() - timedelta(minutes=25), flag="back-entry"):
        go_to(actor=board.secretary, meeting=long, item=other)
    with occurring(timezone.now() - timedelta(minutes=5), flag="back-entry"):
        go_to(actor=board.secretary, meeting=long, item=first)
    took, now = spent(long), timezone.now()
    assert (took[first.pk].minutes(now), took[other.pk].minutes(now)) == (20, 20)
    assert took[other.pk].since is None
    shown = page(board, board.physician, "room", long.code)
    assert "20 min</time>" in shown
