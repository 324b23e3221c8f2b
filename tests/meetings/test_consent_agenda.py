"""The consent agenda in the room: one motion takes it, and any member takes an item off."""

import pytest
from django.test import Client

from audit.models import Act
from decisions.services.rules import RuleBroken
from governance.authority import AuthorityRefused
from meetings.models import Meeting, Motion
from meetings.services.agenda import add_item
from meetings.services.consent_agenda import take_consent, take_off_consent
from meetings.services.motions import make_motion, record_votes
from meetings.services.room import recuse
from tests.cast import Cast
from tests.meetings.gathering import opened, planned, seat
from tests.meetings.test_meeting_pages import address, page
from tests.sign_in import sign_in


@pytest.fixture
def consenting(board: Cast) -> Meeting:
    """A meeting in session with three items on its consent agenda."""
    meeting = planned(board)
    for title in ("Minutes of the committee", "Shuttle times", "Parking"):
        add_item(actor=board.secretary, meeting=meeting, topic="other", title=title, consent=True)
    return opened(board, meeting)


def carried(cast: Cast, meeting: Meeting, text: str) -> Motion:
    item = meeting.items.filter(consent=True).order_by("position")[0]
    motion = make_motion(
        actor=cast.secretary, item=item, text=text, mover=seat(meeting, cast.director),
        seconder=seat(meeting, cast.physician),
    )  # fmt: skip
    votes = {seat(meeting, one).pk: "for" for one in (cast.director, cast.physician, cast.alternate)}
    record_votes(actor=cast.secretary, motion=motion, votes=votes)
    return Motion.objects.get(pk=motion.pk)


def test_one_motion_takes_what_it_names_and_a_member_takes_an_item_off(board: Cast, consenting: Meeting) -> None:
    items = list(consenting.items.filter(consent=True).order_by("position"))
    all_three = "; ".join(f"item {one.position}, {one.title}" for one in items)
    first = carried(board, consenting, f"To take the consent agenda: {all_three}.")
    for person in (board.physician, board.operations):
        with pytest.raises(AuthorityRefused):
            take_consent(actor=person, motion=first)
    with pytest.raises(RuleBroken, match="no member of this meeting"):
        take_off_consent(actor=board.secretary, item=items[2], member=seat(consenting, board.secretary))
    member = seat(consenting, board.physician)
    assert not take_off_consent(actor=board.secretary, item=items[2], member=member).consent
    assert Act.objects.get(verb="consent.taken_off", outcome="done").reason == f"At the request of {member.name}."
    with pytest.raises(RuleBroken, match="names other items"):
        take_consent(actor=board.secretary, motion=first)
    two = "; ".join(f"item {one.position}, {one.title}" for one in items[:2])
    second = carried(board, consenting, f"To take the consent agenda: {two}.")
    recuse(actor=board.secretary, item=items[1], attendance=member, disclosure="Her lot", left_room=False)
    with pytest.raises(RuleBroken, match="is recused from item"):
        take_consent(actor=board.secretary, motion=second)
    take_off_consent(actor=board.secretary, item=items[1], member=member)
    third = carried(board, consenting, f"To take the consent agenda: item {items[0].position}, {items[0].title}.")
    taken = take_consent(actor=board.secretary, motion=third)
    assert [(one.title, one.state) for one in taken] == [(items[0].title, "handled")]
    assert f"by motion {third.number}" in taken[0].account
    with pytest.raises(RuleBroken):
        take_consent(actor=board.secretary, motion=third)


def test_the_room_takes_the_consent_agenda(board: Cast, consenting: Meeting) -> None:
    items = list(consenting.items.filter(consent=True).order_by("position"))
    clerk = sign_in(Client(), board.secretary)
    director, physician = (seat(consenting, one).pk for one in (board.director, board.physician))
    shown = page(board, board.secretary, "room", consenting.code, query=f"?item={items[0].pk}")
    assert "Move to take the consent agenda" in shown

    def post(act: str, **values: object) -> None:
        answer = clerk.post(
            address(board, "room_do", consenting.code, act), {"item": items[0].pk, **values}, follow=True
        )
        assert answer.status_code == 200

    post("consent", mover=director, seconder=physician, method="roll call")
    votes = {f"vote_{seat(consenting, one).pk}": "for" for one in (board.director, board.physician, board.alternate)}
    post("votes", motion=consenting.motions.get().pk, method="roll call", **votes)
    assert "Take the consent agenda as carried" in page(
        board, board.secretary, "room", consenting.code, query=f"?item={items[0].pk}"
    )
    post("consent_taken")
    assert set(consenting.items.filter(consent=True).values_list("state", flat=True)) == {"handled"}
