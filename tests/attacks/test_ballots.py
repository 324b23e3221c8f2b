"""Attack: to vote with another's hand, from outside the body, away, recused, too late; to record a member otherwise."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.test import Client
from django.urls import reverse

from audit.acts import record
from audit.models import Act
from decisions.services.rules import RuleBroken
from governance.authority import AuthorityRefused, moment
from governance.choices import Office
from governance.models import Account, Person
from governance.services.appointments import appoint
from meetings.models import Ballot, Motion, Vote
from meetings.services.ballots import cast_ballot
from meetings.services.closed import enter_closed_session, return_to_open_session
from meetings.services.motions import amend_motion, make_motion, record_votes, withdraw_motion
from meetings.services.room import leave, mark, recuse
from tests.attacks.forging import Write, back_entry, change, forge, refused
from tests.cast import Cast, found
from tests.conftest import Database
from tests.governance.test_delegation import lapse
from tests.meetings.closed import put
from tests.meetings.gathering import item_of, opened, planned, seat, series
from tests.sign_in import sign_in

DIRECTOR: dict[str, Any] = {"office": Office.DIRECTOR}


def ballot(motion: Motion, person: Person, choice: str = "for", **values: Any) -> Write:
    """A ballot as a service without rules writes it."""
    return lambda _: record(
        Ballot, motion=motion, attendance=seat(motion.meeting, person), choice=choice,
        **{"cast_at": moment(), **values},
    )  # fmt: skip


def vote(motion: Motion, person: Person, choice: str, **values: Any) -> Write:
    return lambda _: record(
        Vote, motion=motion, attendance=seat(motion.meeting, person), choice=choice, voted_at=moment(), **values
    )  # fmt: skip


def test_each_member_votes_alone_and_is_recorded_so(cast: Cast, house: Database) -> None:
    series(cast)
    meeting = planned(cast)
    matter = put(cast, meeting)
    meeting = opened(cast, meeting)
    compliance = item_of(meeting, "compliance")
    two: dict[str, Any] = {"mover": seat(meeting, cast.director), "seconder": seat(meeting, cast.physician)}
    motion = make_motion(actor=cast.secretary, item=compliance, text="To renew.", **two)
    meeting = motion.meeting

    # Nobody from outside the body, whoever they are, by the service.
    appoint(actor=cast.executive, practice=cast.practice, person=cast.operations_2, office=Office.ADMINISTRATOR)
    Account.objects.filter(person=cast.operations_2).update(is_superuser=True, is_staff=True)
    stranger = found("lakeside")
    outside = (cast.secretary, cast.operations, cast.executive, cast.operations_2, cast.pc_counsel, stranger.director)
    for person in outside:
        with pytest.raises(AuthorityRefused, match=r"done by the PC director|no office in force"):
            cast_ballot(actor=person, motion=motion, choice="for")
    assert Act.objects.filter(verb="vote.cast", outcome="refused").count() == len(outside)
    page = reverse("meetings:room_cast", args=[cast.practice.slug, meeting.code])
    for person, status in ((cast.operations, 403), (stranger.director, 404)):
        sent = sign_in(Client(), person).post(page, {"motion": motion.pk, "choice": "for"})
        assert sent.status_code == status
    # Nor by a service that forgets to ask: for another, from another office, without a license, at another time.
    alone = "cast by the member alone"
    for actor, office in ((cast.secretary, ""), (cast.director, Office.DIRECTOR), (cast.physician, Office.PHYSICIAN)):
        with refused(alone):
            forge(actor, cast.practice, ballot(motion, cast.physician), office=office)
    with refused("refers to another practice"):
        forge(stranger.director, stranger.practice, ballot(motion, cast.physician), **DIRECTOR)
    with refused("not the moment of its act"):
        forge(
            cast.physician, cast.practice, ballot(motion, cast.physician, cast_at=moment() + timedelta(hours=1)),
            **DIRECTOR,
        )  # fmt: skip
    with back_entry():
        with pytest.raises(RuleBroken, match="an own act is done at the vote"):
            cast_ballot(actor=cast.physician, motion=motion, choice="for")
        with refused(alone):
            forge(cast.physician, cast.practice, ballot(motion, cast.physician), **DIRECTOR)
    with refused("meetings_ballot_is_cast"):
        forge(cast.physician, cast.practice, ballot(motion, cast.physician, "absent"), **DIRECTOR)
    with refused("cast on the motion as it reads"):
        forge(cast.physician, cast.practice, ballot(motion, cast.physician, amended_by=motion), **DIRECTOR)
    assert not Ballot.objects.exists()

    # Not ahead of an amendment, and not in closed session.
    amendment = amend_motion(actor=cast.secretary, motion=motion, text="Not", as_amended="To end it.", **two)
    with refused("does not wait for votes"):
        forge(cast.physician, cast.practice, ballot(motion, cast.physician), **DIRECTOR)
    withdraw_motion(actor=cast.secretary, motion=amendment)
    enter_closed_session(actor=cast.director, item=matter.item)
    with pytest.raises(RuleBroken, match="The meeting is in closed session"):
        cast_ballot(actor=cast.director, motion=motion, choice="for")
    with refused("cast in open session"):
        forge(cast.director, cast.practice, ballot(motion, cast.director), **DIRECTOR)
    return_to_open_session(actor=cast.director, item=matter.item, reported_out="")

    # What was cast is recorded so, by whoever records it, and nobody takes it away.
    mine = cast_ballot(actor=cast.physician, motion=motion, choice="against")
    with (
        house.connect("app") as database,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        database.execute("update meetings_ballot set choice = 'for' where id = %s", [mine.pk])
    for choice, named in (("for", mine), ("absent", mine), ("recused", mine)):
        with refused("recorded as voting so"):
            forge(cast.secretary, cast.practice, vote(motion, cast.physician, choice, ballot=named))
    with refused("names the newest ballot"):
        forge(cast.secretary, cast.practice, vote(motion, cast.physician, "against"))
    with refused("names the newest ballot"):
        forge(cast.secretary, cast.practice, vote(motion, cast.director, "against", ballot=mine))
    counted = {"votes_for": 2, "votes_against": 0, "abstentions": 0, "present": 3, "needed": 2}

    def without_her(_: Any) -> object:
        for person in (cast.director, cast.alternate):
            vote(motion, person, "for")(_)
        return change(Motion.objects.get(pk=motion.pk), decided_at=moment(), result="carried", **counted)(_)

    with refused("whoever voted by an own act is in the roll call"):
        forge(cast.secretary, cast.practice, without_her)

    # Neither recused nor away, and not once the result is recorded.
    recuse(
        actor=cast.secretary, item=compliance, attendance=seat(meeting, cast.alternate), disclosure="My brother's.",
        left_room=False,
    )  # fmt: skip
    with pytest.raises(RuleBroken, match="Ruth Adeyemi, MD is recused from this item"):
        cast_ballot(actor=cast.alternate, motion=motion, choice="for")
    with refused("a recused member casts no ballot"):
        forge(cast.alternate, cast.practice, ballot(motion, cast.alternate), **DIRECTOR)
    leave(actor=cast.secretary, attendance=seat(meeting, cast.director))
    with pytest.raises(RuleBroken, match=r"only a member in attendance votes.*Elena Marsh, MD gone since"):
        cast_ballot(actor=cast.director, motion=motion, choice="for")
    with refused("a ballot by someone not in attendance"):
        forge(cast.director, cast.practice, ballot(motion, cast.director), **DIRECTOR)
    lapse(cast, cast.physician)
    with pytest.raises(AuthorityRefused, match="needs a physician's license in force"):
        cast_ballot(actor=cast.physician, motion=motion, choice="for")
    with refused(alone):
        forge(cast.physician, cast.practice, ballot(motion, cast.physician, "abstain"), **DIRECTOR)
    record_votes(actor=cast.secretary, motion=motion, votes={})
    mark(actor=cast.secretary, attendance=seat(meeting, cast.director), standing="present")
    with pytest.raises(RuleBroken, match=r"motion 1 is .* already"):
        cast_ballot(actor=cast.director, motion=motion, choice="for")
    with refused("does not wait for votes"):
        forge(cast.director, cast.practice, ballot(motion, cast.director), **DIRECTOR)
