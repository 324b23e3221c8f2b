"""What a body decides by vote, taken by one of its members; and the member who is the whole body."""

from datetime import timedelta
from typing import Any

import pytest

from audit.acts import record
from decisions.models import Decision, Determination
from decisions.models.base import by
from decisions.services.log import record_decision
from decisions.services.proposals import approve_proposal, return_proposal
from decisions.services.rules import RuleBroken
from decisions.services.scope import retire_service
from governance.authority import moment, right_in_force
from governance.choices import BodyKind, Office
from governance.models import Appointment, Person, Practice
from governance.models.scoped import next_number
from governance.services.founding import FirstLicense, Founder, open_practice
from meetings.models import ItemDecision, Meeting, Motion
from meetings.services.motions import record_votes
from meetings.services.outcomes import decide_under_item, determine_under_item
from tests.attacks.forging import decide, refused
from tests.attacks.test_room import business, meeting, moved
from tests.cast import Cast, local_day
from tests.meetings.gathering import item_of, proposal, seat

__all__ = ["meeting"]

FEES: dict[str, Any] = {
    "right": "DR-29", "title": "Fees", "text": "The schedule holds.", "rationale": "Fair value.",
}  # fmt: skip


def carried(cast: Cast, meeting: Meeting) -> Motion:
    motion = moved(cast, meeting)
    votes = {seat(meeting, one).pk: "for" for one in (cast.director, cast.physician, cast.alternate)}
    return record_votes(actor=cast.secretary, motion=motion, votes=votes)


def written(practice: Practice, office: Appointment, right: str = "DR-29", body: str = "Oversight board") -> Decision:
    """A decision row as `write_decision` makes it, asking nobody."""
    named = right_in_force(practice, right)
    assert named
    return record(
        Decision, practice=practice, **next_number(Decision, practice, practice.local(moment()).year), right=named,
        holder="PC", title="Fees", text="They double.", rationale="So.", decided_at=moment(),
        body_name=body, **by(office),
    )  # fmt: skip


def test_one_director_decides_nothing_for_the_board(cast: Cast) -> None:
    for actor in (cast.director, cast.physician):
        with pytest.raises(RuleBroken, match="you are one of several") as broken:
            record_decision(actor=actor, practice=cast.practice, **FEES)
        assert broken.value.field == "right"
    with refused("a body decides by a motion"):
        decide(
            cast.physician, cast.practice, lambda office: written(cast.practice, office),
            right="DR-29", office=Office.DIRECTOR,
        )  # fmt: skip
    assert not Decision.objects.filter(right__code="DR-29").exists()


def test_one_director_determines_nothing_where_the_medical_director_may(cast: Cast) -> None:
    lying = proposal(cast)
    for service in (approve_proposal, return_proposal):
        with pytest.raises(RuleBroken, match="you are one of several"):
            service(actor=cast.physician, proposal=lying, revision=1, rationale="Ready.")
    with refused("a body decides by a motion"):
        decide(
            cast.physician, cast.practice,
            lambda office: record(
                Determination, proposal=lying, revision_number=1, outcome="returned", rationale="So.",
                proposer_id=cast.operations.pk, sole_physician=False, decided_at=moment(), **by(office),
            ),
            right="DR-21", office=Office.DIRECTOR,
        )  # fmt: skip


def test_one_director_retires_no_service(cast: Cast, live: Any) -> None:
    proposed = live()
    with pytest.raises(RuleBroken, match="you are one of several"):
        retire_service(actor=cast.physician, authorization=proposed.authorizations.get(), reason="So.")


def test_a_motion_that_carried_carries_what_is_tied_to_it_alone(cast: Cast, meeting: Meeting) -> None:
    """The board approved a proposal; a director writes a decision of his own beside it, or ties it to a lost motion."""
    motion = carried(cast, meeting)
    with refused("a body decides by a motion"):
        decide(
            cast.physician, cast.practice, lambda office: written(cast.practice, office),
            right="DR-29", office=Office.DIRECTOR,
        )  # fmt: skip
    with refused("on a motion of the item that carried"):
        decide(
            cast.physician, cast.practice,
            lambda office: record(
                ItemDecision, item=item_of(meeting, "compliance"), decision=written(cast.practice, office),
                motion=motion,
            ),
            right="DR-29", office=Office.DIRECTOR,
        )  # fmt: skip
    approved = determine_under_item(
        actor=cast.physician, item=business(meeting), outcome="approved", rationale="Ready.", motion=motion
    )
    assert approved.decision
    assert approved.decision.body_name == "Oversight board"


def small(authorized: int) -> tuple[Practice, Person]:
    """A practice in which one physician is the only shareholder and director."""
    today = local_day()
    practice = open_practice(
        operator="Test operator", resolution="Resolution", slug="lakeside", name="Lakeside, P.C.", mso_name="Mission",
        body_name="Board", body_kind=BodyKind.BOARD, authorized=authorized, flagship="Lakeside", city="Lakeside",
        shareholder=Founder(name="Noor Hale", email="hale@lakeside.example", credentials="MD"),
        license=FirstLicense(
            number="A-9", board="Medical Board of California", expires_on=today + timedelta(days=90), verified_on=today,
            verified_by="Test operator", source="Register",
        ),
        executive=Founder(name="Max Orr", email="orr@lakeside.example"),
    )  # fmt: skip
    return practice, Person.objects.get(account__email="hale@lakeside.example")


def test_the_only_director_decides_alone_and_is_named_so(cast: Cast) -> None:
    practice, owner = small(authorized=1)
    assert record_decision(actor=owner, practice=practice, **FEES).body_name == "Board of directors (one member)"
    held = record_decision(actor=owner, practice=practice, **{**FEES, "right": "DR-32"})
    assert held.body_name == "Shareholders (one member)"


def test_the_last_director_of_three_is_no_board(cast: Cast) -> None:
    practice, owner = small(authorized=3)
    with pytest.raises(RuleBroken, match="you are one of several"):
        record_decision(actor=owner, practice=practice, **FEES)
    with refused("a body decides by a motion"):
        decide(owner, practice, lambda office: written(practice, office), right="DR-29", office=Office.DIRECTOR)


def test_a_decision_of_the_board_is_taken_in_its_meeting(cast: Cast, meeting: Meeting) -> None:
    with pytest.raises(RuleBroken, match="name the motion that carried it") as broken:
        decide_under_item(actor=cast.director, item=business(meeting), **FEES)
    assert broken.value.field == "motion"
    decision = decide_under_item(
        actor=cast.director, item=business(meeting), motion=carried(cast, meeting), **FEES
    )  # fmt: skip
    assert decision.body_name == "Oversight board"
