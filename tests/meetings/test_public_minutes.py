"""The published minutes of a public hospital board can be entered without loss, and their contradictions come out.

The figures are of regular meetings of the board of North Caddo Medical Center (ncmcla.com, read as stored), a board of
nine: of 27 October 2020 the attendance (called to order at 3:32 p.m. with five members there and one by telephone, two
that arrived at 3:35 and 3:54 p.m.) and the vote on the agenda, which counts among its yeas a member who is listed
neither as present nor as absent; of 25 October 2016 the amendment of the agenda, one item struck and one added; of 28
November 2017 the roll call of seven yeas, one absent and one abstaining. The executive session, from which the board
returns with an announced result, stands between them at times of ours. What was decided is told in other words.
"""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from decisions.services.rules import RuleBroken
from governance.choices import Office
from governance.services.appointments import appoint, enter_license, invite
from meetings.choices import Mode
from meetings.demonstration.diary import Diary
from meetings.facts import Facts
from meetings.models import Attendance, Meeting, Motion
from meetings.rules.tally import VoteRefused
from meetings.services.agenda import add_item, release_agenda
from meetings.services.agenda_amended import amend_agenda
from meetings.services.bodies import set_body_rule
from meetings.services.calling import plan_meeting
from meetings.services.closed import (
    enter_closed_session,
    put_closed_item,
    record_resolution,
    return_to_open_session,
)
from meetings.services.minutes import MEANING, sign_minutes, submit_minutes
from meetings.services.motions import make_motion, move_procedure, record_votes
from meetings.services.outcomes import decide_under_item
from meetings.services.room import adjourn, handle_item, mark, open_meeting
from tests.cast import Cast, local_day
from tests.meetings.gathering import item_of
from tests.meetings.minuted import FOUNDED, OCTOBER, house

__all__ = ["house"]

DAY = date(2020, 10, 27)
ZONE = ZoneInfo("America/Los_Angeles")


def at(hour: int, minute: int) -> datetime:
    """A time of that afternoon."""
    return datetime.combine(DAY, time(hour, minute), ZONE)


@pytest.fixture
def diary(cast: Cast) -> Diary:
    """A board of nine, its members in office since shortly after the founding."""
    diary, today = Diary(timezone.now()), local_day()
    with diary.on(FOUNDED + timedelta(days=2)):
        for number in range(4, 10):
            person = invite(
                actor=cast.director, practice=cast.practice, name=f"Member Number{number}",
                email=f"member{number}@riverside.example", credentials="MD",
            )  # fmt: skip
            enter_license(
                actor=cast.director, practice=cast.practice, person=person, number=f"B-{number}", board="Medical Board",
                expires_on=today + timedelta(days=700), verified_on=FOUNDED.date(), verified_by="Elena Marsh, MD",
                source="Board register",
            )  # fmt: skip
            appoint(actor=cast.director, practice=cast.practice, person=person, office=Office.PHYSICIAN)
            appoint(actor=cast.director, practice=cast.practice, person=person, office=Office.DIRECTOR)
        set_body_rule(
            actor=cast.director, body=cast.body, authorized=9, quorum=None, interested_counts=True,
            minutes_approved_by="chair",
            reason="The shareholders set nine seats.",
        )  # fmt: skip
    return diary


def test_a_public_boards_minutes_are_entered_without_loss(cast: Cast, diary: Diary) -> None:
    clerk = cast.secretary
    with diary.on(at(9, 0)):
        meeting = plan_meeting(actor=clerk, practice=cast.practice, month=OCTOBER)
        lease = add_item(actor=clerk, meeting=meeting, topic="other", title="Capital lease of a sterilizer")
        contract = add_item(actor=clerk, meeting=meeting, topic="other", title="Contract of the auditors")
        release_agenda(actor=cast.director, meeting=meeting)

    # Called to order with five in the room and one by telephone; the chair's seat is one of them.
    with diary.on(at(15, 32)):
        members = _members(meeting)
        for place, member in enumerate(members[1:6], start=1):
            mode = Mode.REMOTE if place == 5 else Mode.IN_PERSON
            mark(actor=clerk, attendance=member, standing="present", mode=mode)
        meeting = open_meeting(actor=cast.director, meeting=meeting)
    members = _members(meeting)
    early, late, unlisted = members[6], members[7], members[8]
    seats: dict[str, Any] = {"mover": members[3], "seconder": members[4]}

    def count(motion: Motion, word: dict[Attendance, str], method: str | None = None) -> Motion:
        return record_votes(
            actor=clerk, motion=motion, votes={one.pk: choice for one, choice in word.items()}, method=method
        )

    # The source counts a yea of somebody it does not list: a clear question, and nothing is recorded.
    with diary.on(at(15, 33)):
        agenda = move_procedure(
            actor=clerk, meeting=meeting, kind="agenda", text="To strike the lease and take up the interface.", **seats
        )
        with pytest.raises(VoteRefused) as question:
            count(agenda, dict.fromkeys([*members[:6], unlisted], "for"))
        assert str(question.value) == (
            f"Vote of {unlisted} refused: only a member present at the vote may vote; there are no proxies. At "
            f"3:33 p.m. the attendance has {unlisted} as expected, never arrived. Is {unlisted} in the meeting? Then "
            "record the arrival, with its time, first; if not, whose motion or vote is it?"
        )
        assert not agenda.votes.exists()
        agenda = count(agenda, dict.fromkeys(members[:6], "for"))
        assert agenda.sentence.startswith("Carried: 6 for, 0 against, 3 absent.")
        amend_agenda(actor=clerk, motion=agenda, change="drop", item=lease)
        interface = amend_agenda(actor=clerk, motion=agenda, change="add", title="Interface of the pharmacy").item

    # One arrives at 3:35; the other's arrival at 3:54 is noticed at 4:10 and recorded with both times.
    with diary.on(at(15, 35)):
        mark(actor=clerk, attendance=early, standing="present")
    with diary.on(at(16, 10)):
        mark(actor=clerk, attendance=late, standing="present", claimed=at(15, 54))

    # Credentialing: seven yeas, one abstaining, one absent.
    credentialing = item_of(meeting, "credentialing")
    with diary.on(at(16, 20)):
        motion = make_motion(
            actor=clerk, item=credentialing, text="To approve the appointments that the medical staff recommends.",
            **seats,
        )  # fmt: skip
        motion = count(motion, dict.fromkeys(members[:7], "for") | {late: "abstain"})
        assert motion.sentence.startswith("Carried: 7 for, 0 against, 1 abstaining, 1 absent.")
        handle_item(actor=clerk, item=credentialing, account="The files were verified at their sources.")

    # A contract, by voice, and the decision of the board on it.
    with diary.on(at(16, 40)):
        motion = make_motion(
            actor=clerk, item=contract, text="To approve the contract for a year.", method="voice", **seats
        )
        motion = count(motion, dict.fromkeys(members[:8], "for"))
        decision = decide_under_item(
            actor=cast.director, item=contract, right="DR-29", title="Contract of the auditors", text="Approved.",
            rationale="The fee is that of last year.", motion=motion,
        )  # fmt: skip
        handle_item(actor=clerk, item=contract, account="The offer was compared with the last one.")
        for item in meeting.items.filter(state="open"):
            handle_item(actor=clerk, item=item, account="The report was considered.")
        session = put_closed_item(
            actor=cast.director, meeting=meeting, compartment="clinical", subject="A strategy not yet public",
            recorder=cast.physician,
        )  # fmt: skip

    # Executive session: nothing is put in the open record, and the return announces what was resolved.
    with diary.on(at(16, 45)):
        enter_closed_session(actor=cast.director, item=session.item)
        with pytest.raises(RuleBroken, match="in closed session; it returns to open session first"):
            move_procedure(actor=clerk, meeting=meeting, kind="adjourn", text="To adjourn.", **seats)
    with diary.on(at(16, 52)):
        resolution = record_resolution(
            actor=cast.physician, item=session.item, text="To keep the negotiation open.",
            votes={one.pk: "for" for one in members[:8]}, **seats,
        )  # fmt: skip
        assert (resolution.votes_for, resolution.needed) == (8, 5)
    with diary.on(at(16, 58)):
        announced = "The board instructed its chair, eight for and none against."
        return_to_open_session(actor=cast.director, item=session.item, reported_out=announced)

    # Adjourned by motion.
    with diary.on(at(17, 5)):
        motion = move_procedure(actor=clerk, meeting=meeting, kind="adjourn", text="To adjourn.", **seats)
        count(motion, dict.fromkeys(members[:8], "for"), method="unanimous")
        minutes = adjourn(actor=cast.director, meeting=meeting)

    version = submit_minutes(actor=clerk, minutes=minutes, revision=1)
    facts: Facts = version.facts
    assert (facts["opened_at"][11:16], facts["adjourned_at"][11:16]) == ("15:32", "17:05")
    present = [person for person in facts["attendance"] if person["role"] == "member" and person["stays"]]
    assert len(present) == 8
    assert [person["stays"][0]["mode"] for person in present].count("remote") == 1
    stay = next(person for person in present if person["name"] == late.name)["stays"][0]
    assert (stay["arrived"][11:16], stay["arrival_recorded"][11:16]) == ("15:54", "16:10")
    assert {
        motion["number"]: (motion["for"], motion["against"], motion["abstaining"])
        for motion in [*facts["procedure"], *(one for item in facts["items"] for one in item["motions"])]
    } == {1: (6, 0, 0), 2: (7, 0, 1), 3: (8, 0, 0), 4: (8, 0, 0)}
    states = {item["title"]: (item["state"], item["agenda_changes"]) for item in facts["items"]}
    assert states["Capital lease of a sterilizer"][0] == "dropped"
    assert [change["change"] for change in states[interface.title][1]] == ["add"]
    text = version.text
    for words in (
        f"{late} (from 3:54 p.m.)",
        f"{members[5]} (remote)",
        "## Agenda",
        "Taken off the agenda by motion 1.",
        "Put on the agenda by motion 1.",
        f"Abstaining: {late}.",
        decision.code,
        "Unanimous consent. Carried: 8 for, 0 against, 1 absent.",
        f"closed session from 4:45 p.m. to 4:58 p.m. Reported out: {announced}",
        "The meeting was adjourned at 5:05 p.m.",
    ):
        assert words in text, words
    assert "not yet public" not in version.canonical
    assert "negotiation" not in version.canonical
    # The database holds the facts against its tables before it takes the signature.
    assert sign_minutes(actor=cast.director, minutes=minutes, version=version, meaning=MEANING).version == version


def _members(meeting: Meeting) -> list[Attendance]:
    """The nine, the chair first."""
    return sorted(meeting.attendances.filter(role="member"), key=lambda one: (one.name != "Elena Marsh, MD", one.name))
