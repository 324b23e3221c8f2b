"""Members vote by own acts: the newest counts, on the text as it reads, and everybody sees who has voted."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from decisions.services.rules import RuleBroken
from meetings.facts import record_facts
from meetings.models import Ballot, Meeting, Motion
from meetings.rules.tally import VoteRefused
from meetings.services.ballots import cast_ballot
from meetings.services.minutes import MEANING, sign_minutes, submit_minutes
from meetings.services.motions import amend_motion, make_motion, record_votes
from meetings.services.room import leave, mark
from tests.cast import Cast
from tests.meetings.gathering import concluded, item_of, seat
from tests.meetings.test_live import Watcher
from tests.meetings.test_meeting_pages import address, page, queries
from tests.sign_in import sign_in


def moved(board: Cast, meeting: Meeting, text: str = "To renew the contract for a year.", **more: Any) -> Motion:
    return make_motion(
        actor=board.secretary, item=item_of(meeting, "compliance"), text=text, mover=seat(meeting, board.director),
        seconder=seat(meeting, board.physician), **more,
    )  # fmt: skip


def test_the_newest_vote_on_the_text_as_it_reads_counts(board: Cast, meeting: Meeting) -> None:
    motion, clerk = moved(board, meeting), board.secretary
    director, physician, alternate = (seat(meeting, one) for one in (board.director, board.physician, board.alternate))
    cast_ballot(actor=board.director, motion=motion, choice="for")
    with pytest.raises(RuleBroken, match="you voted “for” on motion 1 already"):
        cast_ballot(actor=board.director, motion=motion, choice="for")
    with pytest.raises(RuleBroken, match="“recused” is none of for, against and abstain"):
        cast_ballot(actor=board.director, motion=motion, choice="recused")

    # An amendment goes first; once it carries, the votes on the earlier text are history.
    amendment = amend_motion(
        actor=clerk, motion=motion, text="To strike “a year”", as_amended="To renew it for six months.", mover=director,
        seconder=physician,
    )  # fmt: skip
    with pytest.raises(RuleBroken, match="Motion 2 amends motion 1 and is voted on first"):
        cast_ballot(actor=board.physician, motion=motion, choice="for")
    record_votes(actor=clerk, motion=amendment, votes={one.pk: "for" for one in (director, physician, alternate)})
    with pytest.raises(RuleBroken, match="was amended meanwhile"):
        cast_ballot(actor=board.physician, motion=motion, choice="for")
    read: dict[str, Any] = {"motion": motion, "amended_by": amendment.pk}
    for choice in ("for", "abstain", "against"):
        cast_ballot(actor=board.physician, choice=choice, **read)
    with pytest.raises(VoteRefused, match=r"Vote of Samuel Ortiz, MD refused: voted “against” by an own act at .*m\.;"):
        record_votes(actor=clerk, motion=motion, votes={director.pk: "for", physician.pk: "for", alternate.pk: "for"})
    with pytest.raises(VoteRefused, match="Elena Marsh, MD refused: present, but missing"):
        record_votes(actor=clerk, motion=motion, votes={alternate.pk: "for"})
    with pytest.raises(VoteRefused, match="Samuel Ortiz, MD refused: unanimous consent needs everybody's"):
        record_votes(
            actor=clerk, motion=motion, votes={director.pk: "for", alternate.pk: "for"}, method="unanimous"
        )  # fmt: skip

    # Who has left is absent, whatever was voted before; who comes back votes as before.
    cast_ballot(actor=board.alternate, choice="for", **read)
    with pytest.raises(RuleBroken, match="Ruth Adeyemi, MD voted by an own act"):
        leave(actor=clerk, attendance=alternate, claimed=meeting.opened_at)
    leave(actor=clerk, attendance=physician)
    mark(actor=clerk, attendance=physician, standing="present")
    leave(actor=clerk, attendance=alternate)
    shown = page(board, board.secretary, "room", meeting.code, query=f"?item={motion.item_id}")
    assert "for, not counted" in shown
    done = record_votes(actor=clerk, motion=motion, votes={director.pk: "for"})
    assert (done.votes_for, done.votes_against, done.result) == (1, 1, "tied")
    assert Ballot.objects.filter(motion=motion).count() == 5

    # The record says by whose act each voted, and the database compares it before anybody signs.
    told = next(one for one in record_facts(meeting)["items"] if one["title"] == "Compliance")["motions"][0]
    assert {one["name"]: (one["vote"], (one["ballot"] or {}).get("choice")) for one in told["votes"]} == {
        "Elena Marsh, MD": ("for", None), "Samuel Ortiz, MD": ("against", "against"),
        "Ruth Adeyemi, MD": ("absent", "for"),
    }  # fmt: skip
    shown = page(board, board.operations, "room", meeting.code, query=f"?item={motion.item_id}")
    for words in ("by own act,", "recorded by Mina Vale</small>", "for, not counted", "result recorded by Mina Vale"):
        assert words in shown
    minutes = concluded(board, meeting)
    draft = minutes.working_draft.text
    assert "By own act: Samuel Ortiz, MD. Recorded by Mina Vale on behalf of: Elena Marsh, MD." in draft
    version = submit_minutes(actor=clerk, minutes=minutes, revision=minutes.working_draft.revision)
    sign_minutes(actor=board.director, minutes=minutes, version=version, meaning=MEANING)
    record = page(board, board.physician, "minutes", meeting.code)
    assert "by own act," in record
    assert "; the result was recorded by Mina Vale" in record
    assert "Vote cast" in page(board, board.operations, "meeting", meeting.code)


def test_a_member_votes_by_one_click_and_the_recorder_sees_it(board: Cast, meeting: Meeting) -> None:
    motion = moved(board, meeting, method="voice")
    query = f"?item={motion.item_id}"
    physician, director = seat(meeting, board.physician), seat(meeting, board.director)
    quiet = queries(board, board.director, "room", meeting.code)
    clerk, member = Watcher(board, meeting, board.secretary), sign_in(Client(), board.physician)
    vote = address(board, "room_cast", meeting.code)
    assert vote in page(board, board.physician, "room", meeting.code, query=query)
    for person in (board.operations, board.pc_counsel, board.secretary):
        assert vote not in page(board, person, "room", meeting.code, query=query)

    answer = member.post(vote, {"motion": motion.pk, "amended_by": "", "choice": "against", "item": motion.item_id})
    assert answer["Location"].endswith(query)
    assert clerk.ask().status_code == 200
    idle = Watcher(board, meeting, board.operations)
    with CaptureQueriesContext(connection) as asked:
        assert idle.ask().status_code == 304
    assert len(asked) <= 3
    assert "You voted against by own act, " in page(board, board.physician, "room", meeting.code, query=query)
    shown = page(board, board.secretary, "room", meeting.code, query=query)
    fixed = f'name="vote_{physician.pk}" value="against"'
    assert "disabled" in next(line for line in shown.splitlines() if fixed in line)
    assert "1 of 3 who may vote has voted by own act" in shown

    # The ballots of a room are one query, however many were cast.
    item = address(board, "room", meeting.code) + query
    counted = []
    for person in (board.director, board.alternate):
        cast_ballot(actor=person, motion=motion, choice="for")
        client = sign_in(Client(), board.operations)
        client.get(item)
        with CaptureQueriesContext(connection) as asked:
            client.get(item)
        counted.append(len(asked))
    assert counted[0] == counted[1]
    assert queries(board, board.director, "room", meeting.code) <= quiet + 1

    # A recorder whose page is older than the vote is told; what was typed for the others stays.
    typed = {"item": motion.item_id, "motion": motion.pk, "method": "voice", f"vote_{physician.pk}": "for"}
    do = address(board, "room_do", meeting.code, "votes")
    told = clerk.client.post(do, typed).content.decode()
    assert "Vote of Samuel Ortiz, MD refused: voted “against” by an own act at" in told
    assert "disabled" in next(line for line in told.splitlines() if fixed in line)
    clerk.client.post(do, {name: word for name, word in typed.items() if not name.startswith("vote_")})
    motion.refresh_from_db()
    assert (motion.result, motion.votes_for, motion.votes_against) == ("carried", 2, 1)
    assert member.post(vote, {"motion": motion.pk, "choice": "for"}, follow=True).status_code == 200
    assert director.ballots.count() == 1
