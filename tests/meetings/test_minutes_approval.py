"""Minutes approved by the body: asked for by the next agenda, tied to one version, and nothing signed before."""

from functools import partial

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from audit.acts import record, service
from decisions.models.base import by
from decisions.services.rules import RuleBroken
from governance.authority import moment, take_part
from governance.models import Appointment
from meetings import rendering
from meetings.models import Approval, Meeting, Minutes, MinutesVersion, Motion, Signature
from meetings.services.agenda import refresh_agenda
from meetings.services.bodies import set_body_rule
from meetings.services.minutes import MEANING, return_minutes, sign_minutes, submit_minutes
from meetings.services.minutes_approval import approve_minutes
from tests.cast import Cast
from tests.meetings.gathering import carried, concluded, opened, planned
from tests.sign_in import sign_in


@pytest.fixture
def board(board: Cast) -> Cast:
    """The body approves its minutes."""
    set_body_rule(
        actor=board.director, body=board.body, authorized=board.body.authorized, quorum=board.body.quorum,
        interested_counts=board.body.interested_counts, minutes_approved_by="body", reason="Bylaws, section 9",
    )  # fmt: skip
    return board


@service
def _write(cast: Cast, row: type, **values: object) -> object:
    """A row written past the service, by the Medical Director."""
    take_part(actor=cast.director, practice=cast.practice, verb="minutes.forged", offices={"medical_director"})
    office = Appointment.objects.get(person=cast.director, office="medical_director")
    return record(row, **by(office), **values)


def _sign_by_hand(cast: Cast, version: MinutesVersion) -> None:
    _write(
        cast, Signature, minutes=version.minutes, version=version, sha256=version.sha256, meaning=MEANING,
        printed_name=str(cast.director), office_name="Medical Director", license_number="A", license_status="In force",
        signed_at=moment(),
    )  # fmt: skip


def test_the_next_meeting_approves_one_exact_version(board: Cast) -> None:
    minutes = concluded(board, opened(board, planned(board)))
    submit = partial(submit_minutes, actor=board.secretary, minutes=minutes, revision=1)
    first = submit()
    sign = partial(sign_minutes, actor=board.director, minutes=minutes, meaning=MEANING)
    with pytest.raises(RuleBroken, match="once a motion that approves it has carried"):
        sign(version=first)
    with pytest.raises(DatabaseError, match="the body approves this version before it is signed"):
        _sign_by_hand(board, first)
    clerk = sign_in(Client(), board.secretary)
    lying = reverse("meetings:minutes", args=["riverside", minutes.meeting.code])
    assert "No agenda asks for the approval yet." in clerk.get(lying).content.decode()
    chair, signing = (
        sign_in(Client(), board.director),
        reverse("meetings:minutes_sign", args=["riverside", minutes.meeting.code]),
    )
    assert chair.get(signing).headers["Location"] == lying
    following = planned(board, 1)
    item = following.items.get(minutes=minutes)
    waiting = clerk.get(lying).content.decode()
    assert "Until then nobody can sign them." in waiting
    assert reverse("meetings:meeting", args=["riverside", following.code]) in waiting
    assert (item.title.startswith("Approve the minutes of"), item.purpose) == (True, "decision")
    assert following.items.filter(topic="minutes").count() == 1
    following = opened(board, following)
    motion, other = carried(board, following, "To approve them."), carried(board, following, "To thank the secretary.")
    assert (motion.item_id, other.item_id) == (item.pk, item.pk)
    approve = partial(approve_minutes, actor=board.secretary, item=item)
    with pytest.raises(RuleBroken) as unread:
        approve(motion=motion)
    assert unread.value.field == "version"
    forged = partial(_write, board, Approval, meeting=minutes.meeting, motion=motion, approved_at=moment())
    for version, sha256 in ((first, "0" * 64), (None, "")):
        with pytest.raises(DatabaseError, match="on this very version, or in their own meeting"):
            forged(version=version, sha256=sha256)

    room = reverse("meetings:room", args=["riverside", following.code])
    assert first.sha256 in clerk.get(f"{room}?item={item.pk}").content.decode()
    typed = {"item": item.pk, "motion": motion.pk, "version": first.pk}
    clerk.post(reverse("meetings:room_do", args=["riverside", following.code, "approve"]), typed)
    approval = Approval.objects.get()
    assert (approval.version, approval.sha256, approval.motion) == (first, first.sha256, motion)
    assert "are approved in version 1." in clerk.get(f"{room}?item={item.pk}").content.decode()
    assert "The body has approved them." in clerk.get(lying).content.decode()

    return_minutes(actor=board.director, minutes=minutes, reason="Name the sample.")
    second = submit()
    with pytest.raises(RuleBroken, match="once a motion that approves it has carried"):
        sign(version=second)
    with pytest.raises(DatabaseError, match="the body approves this version before it is signed"):
        _sign_by_hand(board, second)
    with pytest.raises(RuleBroken, match="approves minutes already"):
        approve(motion=motion, version=second)
    approve(motion=other, version=second)
    sign(version=second)
    assert "are approved in version 2." in (rendering.minutes({"minutes": minutes.pk}, "").html or "")
    assert f"{room}?item={item.pk}#motion-{other.number}" in clerk.get(lying).content.decode()


def test_a_meeting_approves_its_own_minutes_as_read(board: Cast) -> None:
    meeting: Meeting = opened(board, planned(board))
    motion: Motion = carried(board, meeting, "To approve the minutes as read and leave the wording to the chair.")
    item = motion.item
    assert item
    approve_minutes(actor=board.secretary, item=item, motion=motion)
    with pytest.raises(RuleBroken, match="as read already"):
        approve_minutes(actor=board.secretary, item=item, motion=carried(board, meeting, "Once more."))
    minutes = concluded(board, meeting)
    assert "approved as read; their wording is left to the chair." in minutes.working_draft.text
    version = submit_minutes(actor=board.secretary, minutes=minutes, revision=1)
    following = planned(board, 1)
    refresh_agenda(actor=board.secretary, meeting=following)
    assert not following.items.filter(minutes__isnull=False).exists()
    sign_minutes(actor=board.director, minutes=minutes, version=version, meaning=MEANING)
    assert Minutes.objects.get(pk=minutes.pk).state == "signed"
