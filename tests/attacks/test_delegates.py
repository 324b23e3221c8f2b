"""An own matter taken to a delegate: what the delegator proposed or owns nobody judges in the delegator's place."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from audit.acts import record
from audit.context import stating
from decisions.models import CorrectiveAction, Determination, Proposal
from decisions.models.base import by
from decisions.services.actions import open_action, verify_effect
from decisions.services.proposals import approve_proposal, return_proposal, revise
from decisions.services.rules import RuleBroken
from governance.authority import moment
from governance.choices import Office
from governance.models import Appointment, DelegatedAct, Delegation
from tests.attacks.forging import Write, change, decide, refused
from tests.cast import Cast, local_day
from tests.decisions.conftest import TEXT
from tests.governance.test_both_sides import take_both
from tests.governance.test_delegation import given

Make = Callable[..., Proposal]
OWN = "nobody has an own matter judged by a delegate"


def as_delegate(cast: Cast, delegation: Delegation, write: Write) -> object:
    """The physician decides in the Medical Director's place, and asks no rule."""

    def written(held: Appointment) -> object:
        record(DelegatedAct, delegation=delegation)
        return write(held)

    return decide(cast.physician, cast.practice, written, right=delegation.code, office=Office.PHYSICIAN)


def returning(proposal: Proposal) -> Write:
    author = proposal.revisions.get(number=proposal.revision).person
    return lambda office: record(
        Determination, proposal=proposal, revision_number=proposal.revision, outcome="returned", rationale="So.",
        proposer=author, decided_at=moment(), **by(office),
    )  # fmt: skip


def test_a_proposer_has_nothing_approved_by_a_delegate(cast: Cast, proposed: Make) -> None:
    own, other = proposed(actor=cast.director), proposed(service_name="Physicals")
    delegation = given(cast, rights=[own.right.code])
    with pytest.raises(RuleBroken, match=r"Elena Marsh, MD, in whose place you decide, wrote revision 1"):
        approve_proposal(actor=cast.physician, proposal=own, revision=1, rationale="Fine.")
    with refused(OWN):
        as_delegate(cast, delegation, returning(own))
    assert return_proposal(actor=cast.physician, proposal=other, revision=1, rationale="Too early.")


def test_nor_what_was_written_for_the_other_side(cast: Cast, proposed: Make) -> None:
    """She proposes for the MSO, its staff write the next revision, and her delegate is to approve it."""
    physician, management = take_both(cast)
    with stating(management.pk):
        proposal = proposed(actor=cast.director)
    with stating(physician.pk):
        delegation = given(cast, rights=[proposal.right.code])
    revise(actor=cast.operations, proposal=proposal, base_revision=1, change_note="Two.", **{**TEXT, "summary": "Two."})
    proposal.refresh_from_db()
    with pytest.raises(RuleBroken, match=r"in whose place you decide, wrote a text of .* of the other side"):
        approve_proposal(actor=cast.physician, proposal=proposal, revision=2, rationale="Fine.")
    with refused(OWN):
        as_delegate(cast, delegation, returning(proposal))


def test_an_owner_has_no_action_closed_by_a_delegate(cast: Cast) -> None:
    action = open_action(
        actor=cast.director, practice=cast.practice, title="Late courier", root_cause="No cut-off",
        action="A cut-off at 3 p.m.", strength="strong", owner=cast.director, due_on=local_day(),
        measure="No late sample in 60 days", verifier=cast.alternate,
    )  # fmt: skip
    delegation = given(cast, rights=["DR-19"])
    with pytest.raises(RuleBroken, match="in whose place you decide, owns this action"):
        verify_effect(actor=cast.physician, corrective_action=action, effective=False, note="Fine.")
    action = CorrectiveAction.objects.get(pk=action.pk)
    with refused(OWN):
        as_delegate(cast, delegation, change(action, state="closed", closed_at=timezone.now()))
