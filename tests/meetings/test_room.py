"""A meeting from opening to adjournment, through the services and against the database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from audit.models import Act, Entry
from audit.workflow import IllegalTransition
from decisions.models import Authorization
from decisions.services.proposals import revise
from decisions.services.rules import RuleBroken
from governance.authority import AuthorityRefused
from governance.models import Account
from governance.services.appointments import end_appointment, invite
from meetings.choices import Mode
from meetings.models import AgendaItem, Meeting, Minutes, Motion, Presence, Vote, WorkingDraft
from meetings.rules.adjourn import AdjournmentRefused
from meetings.rules.tally import VoteRefused
from meetings.rules.workflow import ItemState
from meetings.services.agenda import add_item, release_agenda
from meetings.services.motions import make_motion, record_votes
from meetings.services.outcomes import decide_under_item, determine_under_item, open_action_under_item
from meetings.services.room import adjourn, defer_item, go_to, handle_item, leave, mark, open_meeting, recuse
from tests.cast import Cast, local_day, resolve
from tests.conftest import Database
from tests.meetings.gathering import item_of, opened, planned, proposal, seat


def scope_item(meeting: Meeting) -> AgendaItem:
    return meeting.items.get(proposal__isnull=False)


def move(board: Cast, meeting: Meeting, item: AgendaItem | None = None, **changes: Any) -> Motion:
    values: dict[str, Any] = {
        "item": item or scope_item(meeting),
        "text": "To approve revision 1.",
        "mover": seat(meeting, board.director),
        "seconder": seat(meeting, board.physician),
        **changes,
    }
    return make_motion(actor=board.secretary, **values)


def ballots(board: Cast, meeting: Meeting, *words: str) -> dict[int, str]:
    people = (board.director, board.physician, board.alternate)
    return {seat(meeting, person).pk: word for person, word in zip(people, words, strict=False) if word}


def test_a_meeting_from_opening_to_adjournment(board: Cast, meeting: Meeting) -> None:
    assert meeting.chair
    assert (meeting.state, meeting.quorate_start, meeting.chair.office) == ("in_session", True, "medical_director")
    item = scope_item(meeting)
    go_to(actor=board.secretary, meeting=meeting, item=item)
    motion = record_votes(
        actor=board.secretary, motion=move(board, meeting), votes=ballots(board, meeting, "for", "for", "against")
    )
    assert (motion.result, motion.votes_for, motion.votes_against, motion.present, motion.needed) == (
        "carried", 2, 1, 3, 2,
    )  # fmt: skip
    assert "a majority of the 3 present, Corp. Code 307(a)(8)" in motion.sentence
    determination = determine_under_item(
        actor=board.director, item=item, outcome="approved", rationale="The service is safe as staffed.",
        conditions="A nurse is there on every weekday.", motion=motion,
    )  # fmt: skip
    assert determination.decision
    assert determination.decision.body_name == board.body.name
    assert item.item_decisions.get().motion == motion
    assert Authorization.objects.get().state == "approved"
    action = open_action_under_item(
        actor=board.secretary, item=item, title="Courier misses the cut-off", root_cause="Booked at the cut-off.",
        action="Book it earlier.", strength="strong", owner=board.operations, measure="Late results a month",
        due_on=local_day() + timedelta(days=20), verifier=board.physician,
    )  # fmt: skip
    assert item.item_actions.get().corrective_action == action
    handle_item(actor=board.secretary, item=item, account="Staffing and courier were considered.")
    protocols = item_of(meeting, "protocol review")
    decision = decide_under_item(
        actor=board.director, item=protocols, right="DR-16", title="Standing orders", text="They are adopted.",
        rationale="They follow the schedule.",
    )  # fmt: skip
    assert decision.body_name == ""
    deferred = item_of(meeting, "credentialing")
    defer_item(actor=board.director, item=deferred, reason="Two files are incomplete")
    for rest in meeting.items.filter(state=ItemState.OPEN):
        handle_item(actor=board.secretary, item=rest, account="Reports were before the members.")
    minutes = adjourn(actor=board.director, meeting=meeting, closing_note="Thanks to all.")
    meeting.refresh_from_db()
    assert (meeting.state, meeting.current_item, minutes.state) == ("adjourned", None, "draft")
    assert not Presence.objects.filter(left_at__isnull=True).exists()
    assert dict(meeting.attendances.values_list("person__name", "standing"))["Iris Holt"] == "absent"
    text = WorkingDraft.objects.get(minutes=minutes).text
    assert "To approve revision 1." in text
    assert decision.code in text
    acts = Act.objects.filter(object_type="meetings.meeting", object_id=meeting.code, outcome="done")
    assert acts.filter(verb="proposal.approved", right="DR-21", capacity="decides").exists()
    assert Entry.objects.count() == Act.objects.count()


@pytest.mark.parametrize("who", ["secretary", "operations", "executive", "mso_counsel", "pc_counsel", "physician"])
def test_only_a_chair_opens(board: Cast, who: str) -> None:
    meeting = planned(board)
    release_agenda(actor=board.director, meeting=meeting)
    with pytest.raises(AuthorityRefused):
        open_meeting(actor=getattr(board, who), meeting=meeting)
    assert Act.objects.get(outcome="refused", verb="meeting.opened").actor == getattr(board, who).pk


def test_an_agenda_must_be_released_as_it_stands(board: Cast) -> None:
    meeting = planned(board)
    with pytest.raises(IllegalTransition, match="cannot open while planned"):
        open_meeting(actor=board.director, meeting=meeting)
    release_agenda(actor=board.director, meeting=meeting)
    add_item(actor=board.secretary, meeting=meeting, topic="other", title="Parking")
    with pytest.raises(RuleBroken, match="release it again"):
        open_meeting(actor=board.director, meeting=meeting)


def test_a_superuser_and_an_ended_alternate_open_nothing(board: Cast) -> None:
    meeting = planned(board)
    release_agenda(actor=board.director, meeting=meeting)
    office = board.alternate.appointments.get(office="alternate_chair")
    end_appointment(
        actor=board.director, appointment=office, reason=resolve(board.practice, "Ruth Adeyemi chairs no more")
    )
    somebody = invite(actor=board.director, practice=board.practice, name="Root", email="root@riverside.example")
    Account.objects.filter(person=somebody).update(is_superuser=True, is_staff=True)
    for actor, rule in ((board.alternate, "not this office"), (somebody, "no office")):
        with pytest.raises(AuthorityRefused) as refusal:
            open_meeting(actor=actor, meeting=meeting)
        assert refusal.value.ruling.rule == rule


def test_the_alternate_chair_may_open_and_chairs(board: Cast) -> None:
    meeting = planned(board)
    release_agenda(actor=board.alternate, meeting=meeting)
    meeting = open_meeting(actor=board.alternate, meeting=meeting)
    mark(actor=board.secretary, attendance=seat(meeting, board.director), standing="present")
    assert meeting.chair
    assert meeting.chair.person == board.alternate
    for item in meeting.items.all():
        handle_item(actor=board.alternate, item=item, account="Considered.")
    with pytest.raises(RuleBroken, match="Ruth Adeyemi, MD opened this meeting"):
        adjourn(actor=board.director, meeting=meeting)
    leave(actor=board.secretary, attendance=seat(meeting, board.alternate))
    assert adjourn(actor=board.director, meeting=meeting).state == "draft"


def test_without_quorum_it_opens_and_no_motion_is_put(board: Cast) -> None:
    meeting = opened(board, planned(board), with_everybody=False)
    assert meeting.quorate_start is False
    with pytest.raises(RuleBroken, match="the meeting never had a quorum of 2"):
        move(board, meeting, item_of(meeting, "compliance"), seconder=None)
    mark(actor=board.secretary, attendance=seat(meeting, board.physician), standing="present", mode="remote")
    meeting.refresh_from_db()
    assert (meeting.quorate_start, meeting.quorum_lost_at) == (True, None)
    assert move(board, meeting, item_of(meeting, "compliance")).number == 1


def test_quorum_lost_midway_is_recorded_and_needs_the_majority_of_the_required(board: Cast, meeting: Meeting) -> None:
    leave(actor=board.secretary, attendance=seat(meeting, board.alternate))
    meeting.refresh_from_db()
    assert meeting.quorum_lost_at is None
    motion = move(board, meeting)
    left = leave(actor=board.secretary, attendance=seat(meeting, board.physician))
    meeting.refresh_from_db()
    assert meeting.quorum_lost_at == left.presences.get().left_at
    with pytest.raises(RuleBroken, match="No action is possible: only 1 may vote"):
        move(board, meeting, seconder=None)
    counted = record_votes(actor=board.secretary, motion=motion, votes=ballots(board, meeting, "for"))
    assert (counted.result, counted.needed) == ("no action possible", None)
    assert dict(counted.votes.values_list("attendance__person__name", "choice")) == {
        "Elena Marsh": "for", "Samuel Ortiz": "absent", "Ruth Adeyemi": "absent",
    }  # fmt: skip
    mark(actor=board.secretary, attendance=seat(meeting, board.physician), standing="present", mode=Mode.REMOTE)
    meeting.refresh_from_db()
    assert meeting.quorum_lost_at is None
    assert seat(meeting, board.physician).presences.count() == 2


def test_who_is_not_there_does_not_vote(board: Cast, meeting: Meeting, house: Database) -> None:
    motion = move(board, meeting)
    gone = seat(meeting, board.alternate)
    leave(actor=board.secretary, attendance=gone)
    with pytest.raises(VoteRefused, match="Vote of Ruth Adeyemi, MD refused: only a member present"):
        record_votes(actor=board.secretary, motion=motion, votes=ballots(board, meeting, "for", "for", "for"))
    with pytest.raises(VoteRefused, match="Samuel Ortiz, MD refused: present, but missing"):
        record_votes(actor=board.secretary, motion=motion, votes=ballots(board, meeting, "for"))
    with pytest.raises(VoteRefused, match="Mina Vale refused: only members"):
        record_votes(actor=board.secretary, motion=motion, votes={seat(meeting, board.secretary).pk: "for"})
    assert not Vote.objects.exists()
    insert = (
        "insert into meetings_vote (act_id, motion_id, attendance_id, role, choice, voted_at)"
        " values (%s, %s, %s, 'member', %s, now())"
    )
    with (
        house.connect("app") as database,
        pytest.raises(psycopg.errors.CheckViolation, match="a vote by someone not in attendance"),
    ):
        database.execute(insert, [uuid4(), motion.pk, gone.pk, "for"])
    with (
        house.connect("app") as database,
        database.transaction(force_rollback=True),
    ):
        database.execute("set constraints meetings_vote_by_a_member immediate")
        with pytest.raises(psycopg.errors.ForeignKeyViolation, match="meetings_vote_by_a_member"):
            database.execute(insert, [uuid4(), motion.pk, seat(meeting, board.secretary).pk, "absent"])


def test_a_recused_member_does_not_move_or_vote(board: Cast, meeting: Meeting) -> None:
    item = scope_item(meeting)
    with pytest.raises(VoteRefused, match="an interest is disclosed before the vote"):
        record_votes(
            actor=board.secretary, motion=move(board, meeting), votes=ballots(board, meeting, "for", "recused", "for")
        )
    recuse(
        actor=board.secretary, item=item, attendance=seat(meeting, board.physician),
        disclosure="His spouse works for the laboratory.", left_room=True,
    )  # fmt: skip
    with pytest.raises(RuleBroken, match="Seconder: Samuel Ortiz, MD is recused"):
        move(board, meeting)
    motion = move(board, meeting, seconder=seat(meeting, board.alternate))
    with pytest.raises(VoteRefused, match="recused from this item"):
        record_votes(actor=board.secretary, motion=motion, votes=ballots(board, meeting, "for", "for", "for"))
    counted = record_votes(actor=board.secretary, motion=motion, votes=ballots(board, meeting, "for", "", "for"))
    assert (counted.result, counted.present, counted.needed) == ("carried", 3, 2)
    assert counted.votes.get(attendance__person=board.physician).choice == "recused"


@pytest.mark.parametrize("who", ["operations", "executive", "mso_counsel", "pc_counsel", "physician"])
def test_only_chair_and_secretary_record_in_the_room(board: Cast, meeting: Meeting, who: str) -> None:
    actor, item = getattr(board, who), scope_item(meeting)
    motion = move(board, meeting)
    for attempt in (
        lambda: mark(actor=actor, attendance=seat(meeting, board.pc_counsel), standing="present"),
        lambda: leave(actor=actor, attendance=seat(meeting, board.physician)),
        lambda: record_votes(actor=actor, motion=motion, votes=ballots(board, meeting, "for", "for", "for")),
        lambda: handle_item(actor=actor, item=item, account="Considered."),
        lambda: defer_item(actor=actor, item=item, reason="Later"),
        lambda: adjourn(actor=actor, meeting=meeting),
    ):
        with pytest.raises(AuthorityRefused):
            attempt()
    assert Act.objects.filter(outcome="refused", actor=actor.pk).count() == 6
    assert not Vote.objects.exists()


def test_the_decider_is_the_holder(board: Cast, meeting: Meeting) -> None:
    item = scope_item(meeting)
    for actor in (board.secretary, board.operations, board.pc_counsel):
        with pytest.raises(AuthorityRefused):
            determine_under_item(actor=actor, item=item, outcome="approved", rationale="It is good.")
    with pytest.raises(AuthorityRefused):
        decide_under_item(
            actor=board.alternate, item=item, right="DR-16", title="Orders", text="Adopted.", rationale="Right."
        )


def test_the_board_decides_by_a_carried_motion(board: Cast, meeting: Meeting) -> None:
    item = item_of(meeting, "compliance")
    fees: dict[str, Any] = {
        "item": item,
        "right": "DR-29",
        "title": "Fees",
        "text": "The schedule holds.",
        "rationale": "Fair value.",
    }
    with pytest.raises(RuleBroken, match="decided by the Board of directors; name the motion") as refusal:
        decide_under_item(actor=board.director, **fees)
    assert refusal.value.field == "motion"
    motion = move(board, meeting, item, text="To keep the schedule.")
    with pytest.raises(RuleBroken, match="not voted on yet"):
        decide_under_item(actor=board.director, motion=motion, **fees)
    with pytest.raises(RuleBroken, match="Motion 1 is not voted on yet"):
        handle_item(actor=board.secretary, item=item, account="Considered.")
    record_votes(actor=board.secretary, motion=motion, votes=ballots(board, meeting, "for", "against", "against"))
    with pytest.raises(RuleBroken, match="motion 1 is lost"):
        decide_under_item(actor=board.director, motion=motion, **fees)
    again = move(board, meeting, item, text="To keep the schedule for a year.")
    again = record_votes(actor=board.secretary, motion=again, votes=ballots(board, meeting, "for", "for", "abstain"))
    with pytest.raises(RuleBroken, match="belongs to another item"):
        decide_under_item(actor=board.director, motion=again, **{**fees, "item": scope_item(meeting)})
    assert decide_under_item(actor=board.physician, motion=again, **fees).body_name == board.body.name
    # One director cannot approve a service alone either; the Medical Director may.
    with pytest.raises(RuleBroken, match="name the motion"):
        determine_under_item(
            actor=board.physician, item=scope_item(meeting), outcome="approved", rationale="It is good."
        )
    assert determine_under_item(
        actor=board.director, item=scope_item(meeting), outcome="returned", rationale="Name the nurse."
    ).outcome == "returned"  # fmt: skip


def test_items_are_settled_with_words(board: Cast, meeting: Meeting) -> None:
    with pytest.raises(RuleBroken, match="a standing topic is minuted") as refusal:
        handle_item(actor=board.secretary, item=item_of(meeting, "quality assurance"), account="  ")
    assert refusal.value.field == "account"
    with pytest.raises(RuleBroken, match="is for decision"):
        handle_item(actor=board.secretary, item=scope_item(meeting), account="Considered.")
    with pytest.raises(RuleBroken, match="Reason"):
        defer_item(actor=board.secretary, item=scope_item(meeting), reason=" ")
    first = item_of(meeting, "clinical operations")
    handle_item(actor=board.secretary, item=first, account="Considered.")
    with pytest.raises(RuleBroken, match="is handled already"):
        defer_item(actor=board.secretary, item=first, reason="Later")
    meeting.refresh_from_db()
    assert meeting.current_item == meeting.items.filter(state="open").order_by("position")[0]


def test_adjournment_names_every_open_item(board: Cast, meeting: Meeting) -> None:
    for item in meeting.items.exclude(topic__in=["compliance", "supervision"]).exclude(proposal__isnull=False):
        handle_item(actor=board.secretary, item=item, account="Considered.")
    with pytest.raises(AdjournmentRefused) as refusal:
        adjourn(actor=board.director, meeting=meeting)
    named = [entry.item.name for entry in refusal.value.open_items]
    assert [name.split(". ")[1] for name in named] == [
        "Compliance",
        "Supervision",
        "TB testing at the Victorville campus",
    ]
    with pytest.raises(AuthorityRefused):
        adjourn(actor=board.secretary, meeting=meeting)
    assert not Minutes.objects.exists()


def test_attendance_is_told_as_it_was(board: Cast, meeting: Meeting) -> None:
    with pytest.raises(RuleBroken, match="is in the meeting already"):
        mark(actor=board.secretary, attendance=seat(meeting, board.director), standing="present")
    with pytest.raises(RuleBroken, match="has been in the meeting"):
        mark(actor=board.secretary, attendance=seat(meeting, board.physician), standing="excused")
    with pytest.raises(RuleBroken, match="Iris Holt is not in the meeting"):
        leave(actor=board.secretary, attendance=seat(meeting, board.pc_counsel))
    assert (
        mark(actor=board.director, attendance=seat(meeting, board.pc_counsel), standing="excused").standing == "excused"
    )
    with pytest.raises(RuleBroken, match="none of present, excused and absent"):
        mark(actor=board.secretary, attendance=seat(meeting, board.pc_counsel), standing="late")


def test_a_director_whose_seat_ended_does_not_sit(board: Cast) -> None:
    meeting = planned(board)
    release_agenda(actor=board.director, meeting=meeting)
    office = board.physician.appointments.get(office="pc_director")
    end_appointment(actor=board.director, appointment=office, reason="He resigned")
    with pytest.raises(RuleBroken, match="no longer holds a seat"):
        mark(actor=board.secretary, attendance=seat(meeting, board.physician), standing="present")


def test_a_proposal_revised_after_the_agenda_is_not_determined_unread(board: Cast, meeting: Meeting) -> None:
    item = scope_item(meeting)
    assert item.proposal
    revise(
        actor=board.operations, proposal=item.proposal, base_revision=1, summary="TB tests and reading, twice weekly.",
        clinical_effect="As before.", operations="As before.", change_note="Days named.",
    )  # fmt: skip
    with pytest.raises(RuleBroken, match="stands at revision 2"):
        determine_under_item(actor=board.director, item=item, outcome="approved", rationale="It is good.")


def test_a_second_proposal_waits_for_the_next_agenda(board: Cast, meeting: Meeting) -> None:
    put = proposal(board, "Evening hours")
    assert not meeting.items.filter(proposal=put).exists()


def test_two_roll_calls_of_one_motion_leave_one(board: Cast, meeting: Meeting) -> None:
    motion = move(board, meeting)
    start = Barrier(2)

    def vote(word: str) -> str:
        start.wait(timeout=10)
        try:
            record_votes(actor=board.secretary, motion=motion, votes=ballots(board, meeting, word, word, word))
        except RuleBroken as refusal:
            return str(refusal)
        finally:
            connection.close()
        return word

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(vote, ["for", "against"])
    won, refused = (first, second) if first == "for" else (second, first)
    result = {"for": "carried", "against": "lost"}[won]
    assert refused == f"Votes: motion 1 is {result} already."
    motion.refresh_from_db()
    assert motion.result == result
    assert list(motion.votes.values_list("choice", flat=True)) == [won] * 3
