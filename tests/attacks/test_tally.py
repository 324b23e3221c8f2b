"""Quorum and majority claimed by an act that has neither."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from audit.acts import record
from governance.authority import moment
from governance.choices import BodyKind, Office
from governance.models import Appointment, Body
from governance.services.appointments import appoint, enter_license
from meetings.models import Attendance, ClosedSession, Meeting, Motion, Presence, Recusal, Resolution, Vote
from meetings.services.agenda import release_agenda
from meetings.services.closed import enter_closed_session, put_closed_item
from meetings.services.motions import make_motion, record_votes
from meetings.services.room import leave, mark, open_meeting, recuse
from tests.attacks.forging import change, decide, forge, refused
from tests.cast import Cast, local_day, resolve
from tests.meetings.gathering import opened, planned, proposal, seat, series

Counted = dict[str, Any]


def motion_of(cast: Cast, meeting: Meeting, number: int = 1) -> Motion:
    return Motion(
        meeting=meeting, item=meeting.items.get(proposal__isnull=False), number=number, text="To approve",
        method="roll call", mover=seat(meeting, cast.director), moved_at=moment(),
    )  # fmt: skip


def voted(cast: Cast, meeting: Meeting, votes: dict[Any, str], **counted: Any) -> Callable[[Appointment], object]:
    """A motion with these votes and this count, as somebody writes them who asks no rule."""

    def write(_: Appointment) -> Motion:
        motion, at = motion_of(cast, meeting), moment()
        motion.save()
        for person, choice in votes.items():
            record(Vote, motion=motion, attendance=seat(meeting, person), choice=choice, voted_at=at)
        motion.decided_at, motion.result = at, "carried"
        said = list(votes.values())
        motion.votes_for, motion.votes_against = said.count("for"), said.count("against")
        motion.abstentions, motion.present, motion.needed = said.count("abstain"), len(said), 1
        for name, value in counted.items():
            setattr(motion, name, value)
        motion.save()
        return motion

    return write


def test_one_director_of_three_carries_nothing(cast: Cast, meeting: Meeting) -> None:
    for person in (cast.physician, cast.alternate):
        leave(actor=cast.secretary, attendance=seat(meeting, person))
    for needed in (1, 2):
        with refused("quorum and majority of its body|meetings_carried_by_its_votes"):
            forge(
                cast.director, cast.practice, voted(cast, meeting, {cast.director: "for"}, needed=needed),
                office=Office.MEDICAL_DIRECTOR,
            )  # fmt: skip


def test_a_director_in_the_room_is_counted_whoever_leaves_him_out(cast: Cast, meeting: Meeting) -> None:
    """Three are there, one votes for: as if the two others, who say nothing, were away."""
    with refused("roll call of a motion"):
        forge(cast.secretary, cast.practice, voted(cast, meeting, {cast.director: "for"}))
    with refused("roll call of a motion"):
        forge(
            cast.secretary, cast.practice,
            voted(cast, meeting, {cast.director: "for", cast.physician: "absent", cast.alternate: "recused"}),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("lie", "votes"),
    [
        ({"present": 3, "needed": 1}, ("for", "abstain", "abstain")),
        ({"present": 2, "needed": 2}, ("for", "for", "abstain")),
        ({"present": 3, "needed": 2, "result": "lost"}, ("for", "for", "against")),
        ({"present": 3, "needed": None, "result": "no action possible"}, ("for", "for", "for")),
        ({"present": 3, "needed": 2, "result": "lost"}, ("for", "against", "abstain")),
    ],
)
def test_what_is_needed_and_what_results_follow_from_the_rows(
    cast: Cast, meeting: Meeting, lie: Counted, votes: tuple[str, ...]
) -> None:
    people = (cast.director, cast.physician, cast.alternate)
    with refused("quorum and majority of its body"):
        forge(cast.secretary, cast.practice, voted(cast, meeting, dict(zip(people, votes, strict=True)), **lie))


def test_the_true_count_is_accepted(cast: Cast, meeting: Meeting) -> None:
    votes: dict[Any, str] = {cast.director: "for", cast.physician: "for", cast.alternate: "against"}
    made = forge(cast.secretary, cast.practice, voted(cast, meeting, votes, needed=2))
    assert isinstance(made, Motion)
    assert made.result == "carried"


def test_a_recusal_disclosed_is_counted(cast: Cast, meeting: Meeting) -> None:
    """Two of three may vote and both must: one vote is not a majority because the third has an interest."""
    item = meeting.items.get(proposal__isnull=False)
    recuse(
        actor=cast.director, item=item, attendance=seat(meeting, cast.director), disclosure="My sister's company.",
        left_room=False,
    )  # fmt: skip
    votes: dict[Any, str] = {cast.director: "recused", cast.physician: "for", cast.alternate: "against"}
    with refused("quorum and majority of its body"):
        forge(cast.secretary, cast.practice, voted(cast, meeting, votes, present=3, needed=1))
    assert Recusal.objects.count() == 1


def test_nobody_leaves_for_the_count_and_is_back(cast: Cast, meeting: Meeting) -> None:
    """The secretary lets a director leave in the very act that counts the votes; the quorum is then judged without."""
    there = {
        person: Presence.objects.get(attendance=seat(meeting, person)) for person in (cast.physician, cast.alternate)
    }

    def write(own: Appointment) -> object:
        for presence in there.values():
            presence.left_at = timezone.now() + timedelta(minutes=4)
            presence.save()
        return voted(cast, meeting, {cast.director: "for", cast.physician: "for", cast.alternate: "for"}, needed=2)(own)

    with refused("roll call of a motion|quorum|moment of the act"):
        forge(cast.secretary, cast.practice, write)


def test_a_quorum_is_there_when_it_is_there(cast: Cast, practice_meeting: Meeting) -> None:
    """A start without a quorum is called one with it, so that a majority of the quorum would do."""
    assert practice_meeting.quorate_start is False
    with refused("whether a quorum is there"):
        forge(cast.secretary, cast.practice, change(practice_meeting, quorate_start=True))


@pytest.fixture
def practice_meeting(cast: Cast) -> Meeting:
    """Opened by the Medical Director, with nobody else there."""
    series(cast)
    proposal(cast)
    return opened(cast, planned(cast), with_everybody=False)


def test_a_chair_whose_license_lapsed_opens_nothing(cast: Cast) -> None:
    series(cast)
    meeting, today = planned(cast), local_day()
    held = cast.director.licenses.get()
    enter_license(
        actor=cast.alternate, practice=cast.practice, person=cast.director, number=held.number, board=held.board,
        expires_on=today + timedelta(days=1), verified_on=today, verified_by="Ruth Adeyemi, MD", source="Register",
        status="suspended",
    )  # fmt: skip
    for state in ("agenda_released", "canceled"):
        with refused("by a chair with a license in force"):
            forge(cast.director, cast.practice, change(meeting, state=state), office=Office.MEDICAL_DIRECTOR)
        meeting.refresh_from_db()


def test_a_seat_is_that_of_an_office(cast: Cast, meeting: Meeting) -> None:
    with refused("a seat in a meeting"):
        forge(
            cast.secretary, cast.practice,
            lambda _: Attendance.objects.create(
                meeting=meeting, person=cast.operations, name="Dana Cole", office="PC director", side="PC",
                role="member",
            ),
        )  # fmt: skip


def test_the_rule_of_a_body_keeps_within_the_law(cast: Cast, meeting: Meeting) -> None:
    """One physician makes one of three a quorum, or does so while the meeting is on."""
    for rule in ({"quorum": 1}, {"authorized": 2, "quorum": 2}, {"interested_counts": False}):
        with refused("bylaws set no smaller quorum|rule of a body changes"):
            decide(
                cast.director, cast.practice, change(Body.objects.get(pk=cast.body.pk), **rule), right="DR-30",
                office=Office.MEDICAL_DIRECTOR,
            )  # fmt: skip


def test_a_closed_vote_carries_by_the_rule_of_its_body(cast: Cast, meeting: Meeting) -> None:
    """Three stay in the closed session; the recorder has the motion carry with one vote."""
    matter = put_closed_item(
        actor=cast.director, meeting=meeting, compartment="peer review", subject="x", recorder=cast.physician
    )
    enter_closed_session(actor=cast.director, item=matter.item)
    session = ClosedSession.objects.get()
    office = {"office": Office.DIRECTOR}

    def resolved(choices: dict[Any, str], needed: int | None, result: str) -> Callable[[Appointment], object]:
        said = list(choices.values())
        return lambda _: record(
            Resolution, matter=matter, session=session, number=1, text="To go on", mover=seat(meeting, cast.director),
            votes=[{"attendance": seat(meeting, who).pk, "name": str(who), "office": "", "side": "PC", "choice": choice}
                   for who, choice in choices.items()],
            result=result, votes_for=said.count("for"), votes_against=said.count("against"),
            abstentions=said.count("abstain"), needed=needed, sentence="x", decided_at=moment(),
        )  # fmt: skip

    everybody = (cast.director, cast.physician, cast.alternate)
    for votes, needed, result in (
        (dict.fromkeys(everybody, "for") | {cast.alternate: "abstain", cast.physician: "abstain"}, 1, "carried"),
        ({cast.director: "for"}, 1, "carried"),
        (dict.fromkeys(everybody, "for"), 2, "lost"),
    ):
        with refused("result of a resolution"):
            forge(cast.physician, cast.practice, resolved(votes, needed, result), **office)
    forge(cast.physician, cast.practice, resolved(dict.fromkeys(everybody, "for"), 2, "carried"), **office)
    assert Resolution.objects.get().result == "carried"


def other_body(cast: Cast, kind: str, **rule: Any) -> None:
    """The body of the practice is one of another kind, with a rule of its own, before it first meets."""
    body = Body.objects.get(pk=cast.body.pk)
    decide(cast.director, cast.practice, change(body, kind=kind, **rule), right="DR-30", office=Office.MEDICAL_DIRECTOR)


def alone(cast: Cast, *, gone: Any) -> tuple[Meeting, Motion]:
    """A meeting in which a motion waits and one of two members has left."""
    series(cast)
    proposal(cast)
    meeting = planned(cast)
    release_agenda(actor=cast.director, meeting=meeting)
    for person in (cast.physician, cast.alternate):
        mark(actor=cast.secretary, attendance=seat(meeting, person), standing="present")
    meeting = open_meeting(actor=cast.director, meeting=meeting)
    motion = make_motion(
        actor=cast.secretary, item=meeting.items.get(proposal__isnull=False), text="To advise",
        mover=seat(meeting, cast.physician), seconder=seat(meeting, cast.alternate),
    )  # fmt: skip
    leave(actor=cast.secretary, attendance=seat(meeting, gone))
    return meeting, motion


def test_an_advisory_body_acts_by_its_charter(cast: Cast) -> None:
    """Its charter has one of three make a quorum, which no bylaws may; the guest in the chair counts nowhere."""
    other_body(cast, BodyKind.ADVISORY, quorum=1)
    meeting, motion = alone(cast, gone=cast.alternate)
    counted = record_votes(actor=cast.secretary, motion=motion, votes={seat(meeting, cast.physician).pk: "for"})
    assert (counted.result, counted.present, counted.needed) == ("carried", 1, 1)


def test_a_committee_acts_by_its_own_rule(cast: Cast) -> None:
    """After a start with a quorum of two, one of them carries nothing alone: a majority of two is two."""
    named = resolve(cast.practice, "Samuel Ortiz and Ruth Adeyemi sit on the committee")
    for person in (cast.physician, cast.alternate):
        appoint(
            actor=cast.director, practice=cast.practice, person=person, office=Office.COMMITTEE_MEMBER, reason=named
        )
    other_body(cast, BodyKind.COMMITTEE, authorized=3)
    meeting, motion = alone(cast, gone=cast.alternate)
    counted = record_votes(actor=cast.secretary, motion=motion, votes={seat(meeting, cast.physician).pk: "for"})
    assert (counted.result, counted.present, counted.needed) == ("no action possible", 1, None)
    lie = {"needed": 1, "present": 1}
    with refused("quorum and majority of its body"):
        forge(cast.secretary, cast.practice, lambda own: again(cast, meeting, lie)(own))


def again(cast: Cast, meeting: Meeting, lie: Counted) -> Callable[[Appointment], object]:
    """A second motion like the first, with one vote, counted as the secretary likes."""

    def write(_: Appointment) -> Motion:
        motion, at, mine = motion_of(cast, meeting, number=2), moment(), seat(meeting, cast.physician)
        motion.mover = mine
        motion.save()
        for member in meeting.attendances.filter(role="member"):
            choice = "for" if member == mine else "absent"
            record(Vote, motion=motion, attendance=member, choice=choice, voted_at=at)
        motion.decided_at, motion.result, motion.votes_for = at, "carried", 1
        motion.votes_against = motion.abstentions = 0
        motion.present, motion.needed = lie["present"], lie["needed"]
        motion.save()
        return motion

    return write
