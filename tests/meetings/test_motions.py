"""Motions complete: amended, withdrawn, on the agenda, to adjourn; voted on by voice, by consent, by roll call."""

from typing import Any

import psycopg
import pytest

from decisions.services.rules import RuleBroken
from meetings.facts import record_facts
from meetings.models import AgendaChange, Meeting, Motion, WorkingDraft
from meetings.rules.tally import VoteRefused
from meetings.services.agenda_amended import amend_agenda
from meetings.services.motions import amend_motion, make_motion, move_procedure, record_votes, withdraw_motion
from meetings.services.outcomes import decide_under_item
from meetings.services.room import adjourn, defer_item, handle_item, leave, mark
from tests.cast import Cast
from tests.conftest import Database
from tests.meetings.gathering import item_of, seat


class Floor:
    """A meeting in session, with the secretary recording for the members."""

    def __init__(self, board: Cast, meeting: Meeting) -> None:
        self.board, self.meeting = board, meeting
        self.members = [seat(meeting, one) for one in (board.director, board.physician, board.alternate)]

    @property
    def moved(self) -> dict[str, Any]:
        return {"actor": self.board.secretary, "mover": self.members[0], "seconder": self.members[1]}

    def move(self, text: str, **more: Any) -> Motion:
        return make_motion(item=item_of(self.meeting, "compliance"), text=text, **self.moved, **more)

    def amend(
        self, motion: Motion, as_amended: str, text: str = "To strike “a year” and insert “six months”"
    ) -> Motion:
        return amend_motion(motion=motion, text=text, as_amended=as_amended, **self.moved)

    def procedure(self, kind: str, text: str) -> Motion:
        return move_procedure(meeting=self.meeting, kind=kind, text=text, **self.moved)

    def vote(self, motion: Motion, *words: str, method: str | None = None) -> Motion:
        votes = {member.pk: word for member, word in zip(self.members, words, strict=False)}
        return record_votes(actor=self.board.secretary, motion=motion, votes=votes, method=method)

    def carry(self, motion: Motion) -> Motion:
        return self.vote(motion, "for", "for", "for")


@pytest.fixture
def floor(board: Cast, meeting: Meeting) -> Floor:
    return Floor(board, meeting)


def test_an_amendment_is_voted_on_first_and_both_texts_are_kept(floor: Floor, house: Database) -> None:
    motion = floor.move("To renew the contract for a year.")
    with pytest.raises(RuleBroken, match="reads so already"):
        floor.amend(motion, "To renew the  contract for a year.")
    amendment = floor.amend(motion, "To renew the contract for six months.")
    with pytest.raises(RuleBroken, match="is not amended: withdraw it and move another"):
        floor.amend(amendment, "Otherwise")
    for attempt in (lambda: floor.carry(motion), lambda: withdraw_motion(actor=floor.board.secretary, motion=motion)):
        with pytest.raises(RuleBroken, match="Motion 2 amends motion 1 and is voted on first"):
            attempt()
    with (
        house.connect("app") as database,
        pytest.raises(psycopg.errors.CheckViolation, match="an amendment of motion 1 is voted on first"),
    ):
        database.execute("update meetings_motion set decided_at = now(), result = 'lost' where id = %s", [motion.pk])
    floor.carry(amendment)
    lost = floor.amend(motion, "To renew nothing.", text="To strike all of it")
    floor.vote(lost, "against", "against", "for")
    motion = Motion.objects.get(pk=motion.pk)
    assert (motion.text, motion.wording) == (
        "To renew the contract for a year.",
        "To renew the contract for six months.",
    )
    floor.carry(motion)
    decided: dict[str, Any] = {"right": "DR-29", "title": "Contract", "text": "Renewed.", "rationale": "Fair value."}
    item = item_of(floor.meeting, "compliance")
    with pytest.raises(RuleBroken, match="motion 2 amends another"):
        decide_under_item(actor=floor.board.director, item=item, motion=amendment, **decided)
    assert decide_under_item(actor=floor.board.director, item=item, motion=motion, **decided).body_name
    facts = record_facts(floor.meeting)
    told = next(one for one in facts["items"] if one["title"] == "Compliance")["motions"]
    assert [(one["number"], one["amends"], one["result"]) for one in told] == [
        (1, None, "carried"), (2, 1, "carried"), (3, 1, "lost"),
    ]  # fmt: skip
    assert (told[0]["text"], told[0]["amended"]) == (motion.text, motion.wording)
    assert (told[0]["entered_by"], told[0]["votes_recorded_by"]) == ("Mina Vale", "Mina Vale")


def test_the_mover_withdraws_before_the_vote(floor: Floor) -> None:
    motion = floor.move("To meet weekly.")
    withdrawn = withdraw_motion(actor=floor.board.secretary, motion=motion)
    assert (withdrawn.result, withdrawn.sentence) == ("withdrawn", "Withdrawn by Elena Marsh, MD before the vote.")
    with pytest.raises(RuleBroken, match="motion 1 is withdrawn already"):
        floor.carry(motion)
    other = floor.move("To meet twice a month.")
    leave(actor=floor.board.secretary, attendance=floor.members[0])
    with pytest.raises(RuleBroken, match="Elena Marsh, MD, who moved it, is not in attendance"):
        withdraw_motion(actor=floor.board.secretary, motion=other)


def test_consent_and_voice_record_everybody(floor: Floor) -> None:
    consent = floor.move("To thank the staff.", method="unanimous")
    with pytest.raises(VoteRefused, match="Samuel Ortiz, MD refused: unanimous consent needs everybody's"):
        floor.vote(consent, "for", "against", "for")
    called = floor.vote(consent, "for", "against", "for", method="roll call")
    assert (called.method, called.result) == ("roll call", "carried")
    voice = floor.vote(floor.move("To thank the courier.", method="voice"), "for", "abstain", "against")
    assert (voice.method, voice.result) == ("voice", "tied")
    assert voice.votes.count() == 3
    with pytest.raises(RuleBroken, match="Method: “show of hands” is none of"):
        floor.move("To thank all.", method="show of hands")


def test_the_agenda_is_amended_by_a_motion_that_carried(floor: Floor) -> None:
    secretary, meeting = floor.board.secretary, floor.meeting
    credentialing = item_of(meeting, "credentialing")
    motion = floor.procedure("agenda", "To take credentialing first, add parking, and take corrective actions off.")
    change: dict[str, Any] = {"actor": secretary, "motion": motion, "change": "move", "item": credentialing, "place": 1}
    with pytest.raises(RuleBroken, match="motion 1 is not voted on yet; the agenda changes by a carried one"):
        amend_agenda(**change)
    with pytest.raises(RuleBroken, match="Motion 1 is not voted on yet"):
        floor.procedure("adjourn", "To adjourn.")
    floor.carry(motion)
    before = credentialing.position
    assert (amend_agenda(**change).place_before, item_of(meeting, "credentialing").position) == (before, 1)
    added = amend_agenda(actor=secretary, motion=motion, change="add", title="Parking", place=2)
    assert (added.item.title, added.item.position) == ("Parking", 2)
    assert list(meeting.items.values_list("position", flat=True)) == list(range(1, meeting.items.count() + 1))
    actions = meeting.items.get(topic="corrective actions")
    assert amend_agenda(actor=secretary, motion=motion, change="drop", item=actions).item.state == "dropped"
    for wrong, words in (
        (
            {"change": "drop", "item": item_of(meeting, "supervision")},
            "is a standing topic; it is minuted, or deferred",
        ),
        ({"change": "drop", "item": actions}, "is dropped already"),
        ({"change": "move", "place": 99}, "Place: the agenda has places 1 to"),
        ({"change": "add", "title": " "}, "Title"),
        ({"change": "swap"}, "is none of add, drop, move"),
    ):
        with pytest.raises(RuleBroken, match=words):
            amend_agenda(**change | wrong)
    other = floor.carry(floor.move("To note the report."))
    with pytest.raises(RuleBroken, match="is no motion to amend the agenda"):
        amend_agenda(**change | {"motion": other})
    assert AgendaChange.objects.count() == 3


def test_adjournment_by_motion_stands_in_the_minutes(floor: Floor) -> None:
    board, meeting = floor.board, floor.meeting
    floor.carry(floor.procedure("agenda", "To add parking."))
    amend_agenda(actor=board.secretary, motion=meeting.motions.get(), change="add", title="Parking")
    for item in meeting.items.filter(state="open"):
        defer_item(actor=board.secretary, item=item, reason="Time")
    motion = floor.procedure("adjourn", "To adjourn.")
    with pytest.raises(RuleBroken, match="Motion 2 is not voted on yet"):
        adjourn(actor=board.director, meeting=meeting)
    floor.vote(motion, "for", "for", "for", method="unanimous")
    minutes = adjourn(actor=board.director, meeting=meeting)
    text = WorkingDraft.objects.get(minutes=minutes).text
    opening, _, closing = text.partition("## 1. ")
    assert "## Agenda\n\n**Motion 1**, moved by Elena Marsh, MD" in opening
    assert "Put on the agenda by motion 1." in closing
    assert "## Adjournment\n\n**Motion 2**" in closing
    assert "Unanimous consent. Carried: 3 for, 0 against." in closing


def test_the_question_names_who_voted_while_away_and_since_when(floor: Floor) -> None:
    motion = floor.move("To note the report.")
    leave(actor=floor.board.secretary, attendance=floor.members[2])
    with pytest.raises(VoteRefused) as refusal:
        floor.carry(motion)
    question = str(refusal.value)
    assert "the attendance has Ruth Adeyemi, MD gone since" in question
    assert question.endswith("first; if not, whose motion or vote is it?")
    with pytest.raises(RuleBroken, match=r"Mover: Ruth Adeyemi, MD is not in attendance\. At .* gone since"):
        make_motion(
            actor=floor.board.secretary, item=item_of(floor.meeting, "compliance"), text="x", mover=floor.members[2],
            seconder=floor.members[0],
        )  # fmt: skip


def test_items_and_meeting_wait_for_their_motions(floor: Floor) -> None:
    item = item_of(floor.meeting, "compliance")
    motion = floor.move("To note the report.")
    amendment = floor.amend(motion, "To accept the report.", text="To strike “note” and insert “accept”")
    with pytest.raises(RuleBroken, match="is not voted on yet"):
        handle_item(actor=floor.board.secretary, item=item, account="Considered.")
    floor.carry(amendment)
    mark(actor=floor.board.secretary, attendance=seat(floor.meeting, floor.board.pc_counsel), standing="present")
    floor.carry(motion)
    assert handle_item(actor=floor.board.secretary, item=item, account="Considered.").state == "handled"
