"""Change proposals: who proposes, which revision is determined, by whom."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from audit.models import Act
from audit.workflow import IllegalTransition
from decisions.models import Authorization, Determination, Proposal
from decisions.rules.workflow import AuthorizationState, ProposalState
from decisions.services.proposals import (
    approve_proposal,
    refuse_proposal,
    return_proposal,
    revise,
    withdraw_proposal,
)
from decisions.services.rules import RuleBroken
from governance.authority import AuthorityRefused
from governance.choices import Office
from governance.models import Appointment
from governance.selectors.physicians import physicians
from governance.services.appointments import end_appointment
from tests.cast import Cast, decided, resolve
from tests.decisions.conftest import NO, TEXT

Make = Callable[..., Proposal]
CLINICAL = {"kind": Proposal.Kind.CLINICAL, "service_name": "", "site": None}


def edit(cast: Cast, proposal: Proposal, base: int, **changes: object) -> None:
    wanted = {
        "actor": cast.operations_2,
        "proposal": proposal,
        "base_revision": base,
        **TEXT,
        "operations": f"One visit, after revision {base}.",
        "change_note": "One visit suffices.",
        **changes,
    }
    revise(**wanted)  # type: ignore[arg-type]


@pytest.mark.parametrize("who", ["director", "physician", "alternate", "operations", "executive"])
def test_members_of_either_side_propose(cast: Cast, proposed: Make, who: str) -> None:
    proposal = proposed(actor=getattr(cast, who))
    assert (proposal.state, proposal.revision, proposal.right.code) == (ProposalState.SUBMITTED, 1, "DR-21")
    assert proposal.revisions.get().person == getattr(cast, who)


@pytest.mark.parametrize("who", ["secretary", "pc_counsel", "mso_counsel"])
def test_counsel_and_secretary_do_not_propose(cast: Cast, proposed: Make, who: str) -> None:
    with pytest.raises(AuthorityRefused):
        proposed(actor=getattr(cast, who))
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"clinical_effect": ""}, "clinical_effect"),
        ({"service_name": ""}, "service_name"),
        ({"site": None}, "site"),
        ({"kind": "other"}, "kind"),
        ({"kind": Proposal.Kind.CHANGED_SERVICE}, "service_name"),
        ({**CLINICAL, "right": "DR-99"}, "right"),
        ({**CLINICAL, "right": "DR-38"}, "right"),
        ({"screen": {**NO, "elsewhere": True}}, "elsewhere"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(proposed: Make, changes: dict[str, object], field: str) -> None:
    with pytest.raises(RuleBroken) as error:
        proposed(**changes)
    assert error.value.field == field
    assert not Proposal.objects.exists()


def test_the_kind_chooses_the_right(proposed: Make) -> None:
    assert proposed(kind=Proposal.Kind.OPERATIONAL, service_name="", site=None).right.code == "DR-22"
    assert proposed(**CLINICAL, right="DR-16").right.code == "DR-16"


def test_an_approval_is_a_decision_and_authorizes_the_service(cast: Cast, proposed: Make) -> None:
    proposal, opened = proposed(), timezone.now()
    made = approve_proposal(
        actor=cast.director,
        proposal=proposal,
        revision=1,
        rationale="Ready.",
        conditions="Only on weekdays.",
        opened_at=opened,
    )
    assert (made.proposer, made.person, made.sole_physician, made.opened_at) == (
        cast.operations,
        cast.director,
        False,
        opened,
    )
    assert made.decision
    assert made.decision.right.code == "DR-21"
    assert "Only on weekdays." in made.decision.text
    row = Authorization.objects.get()
    assert (row.state, row.go_live, row.proposal) == (AuthorizationState.APPROVED, None, proposal)
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.APPROVED


@pytest.mark.parametrize("service", [approve_proposal, return_proposal, refuse_proposal])
@pytest.mark.parametrize("who", ["operations", "executive", "secretary", "pc_counsel", "mso_counsel"])
def test_nobody_but_the_physicians_determines(
    cast: Cast, proposed: Make, service: Callable[..., Determination], who: str
) -> None:
    proposal = proposed()
    with pytest.raises(AuthorityRefused):
        service(actor=getattr(cast, who), proposal=proposal, revision=1, rationale="Fine.")
    assert not Determination.objects.exists()
    assert Act.objects.filter(outcome="refused", object_id="", right="DR-21").count() == 1


@pytest.mark.parametrize(
    ("service", "state"), [(return_proposal, ProposalState.RETURNED), (refuse_proposal, ProposalState.REFUSED)]
)
def test_returned_and_refused_are_no_decisions_of_the_log(
    cast: Cast, proposed: Make, service: Callable[..., Determination], state: str
) -> None:
    proposal = proposed()
    service(actor=cast.director, proposal=proposal, revision=1, rationale="Say who reads the tests.")
    proposal.refresh_from_db()
    assert proposal.state == state
    assert not decided().exists()
    assert not Authorization.objects.exists()


def test_a_replaced_revision_is_not_determined(cast: Cast, proposed: Make) -> None:
    proposal = proposed()
    edit(cast, proposal, 1)
    with pytest.raises(RuleBroken, match=r"you had revision 1 before you, and .* now stands at revision 2") as error:
        approve_proposal(actor=cast.director, proposal=proposal, revision=1, rationale="Ready.")
    assert error.value.field == "revision"
    assert not Determination.objects.exists()


def test_a_writer_who_missed_a_revision_is_told(cast: Cast, proposed: Make) -> None:
    proposal = proposed()
    edit(cast, proposal, 1)
    with pytest.raises(RuleBroken, match="revision 1 before you"):
        edit(cast, proposal, 1, actor=cast.operations)
    with pytest.raises(RuleBroken, match="Nothing differs from revision 2"):
        edit(cast, proposal, 2, operations="One visit, after revision 1.")


def test_a_revision_after_approval_voids_the_approval(cast: Cast, approved: Make) -> None:
    proposal = approved()
    edit(cast, proposal, 1)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.revision) == (ProposalState.SUBMITTED, 2)
    approve_proposal(actor=cast.director, proposal=proposal, revision=2, rationale="Still ready.")
    assert list(proposal.determinations.values_list("revision_number", flat=True)) == [2, 1]


def test_a_returned_proposal_is_put_again_with_a_revision(cast: Cast, proposed: Make) -> None:
    proposal = proposed()
    return_proposal(actor=cast.director, proposal=proposal, revision=1, rationale="Who reads the tests?")
    edit(cast, proposal, 1)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.revision) == (ProposalState.SUBMITTED, 2)


def test_a_refused_proposal_is_final(cast: Cast, proposed: Make) -> None:
    proposal = proposed()
    refuse_proposal(actor=cast.director, proposal=proposal, revision=1, rationale="Not here.")
    with pytest.raises(IllegalTransition):
        edit(cast, proposal, 1)
    with pytest.raises(IllegalTransition):
        approve_proposal(actor=cast.director, proposal=proposal, revision=1, rationale="Yet.")


OF_ANY_PHYSICIAN = {"kind": Proposal.Kind.CLINICAL, "right": "DR-03"}
"""A service line is determined by the Medical Director or the board, this by any physician."""


def test_the_proposer_does_not_approve_but_a_colleague_does(cast: Cast, proposed: Make) -> None:
    proposal = proposed(actor=cast.director, **OF_ANY_PHYSICIAN)
    with pytest.raises(RuleBroken, match="another holder of the right determines it"):
        approve_proposal(actor=cast.director, proposal=proposal, revision=1, rationale="Mine.")
    assert approve_proposal(actor=cast.physician, proposal=proposal, revision=1, rationale="Ready.").proposer == (
        cast.director
    )


def test_a_physician_who_amends_becomes_the_proposer_of_that_revision(cast: Cast, proposed: Make) -> None:
    proposal = proposed(**OF_ANY_PHYSICIAN)
    edit(cast, proposal, 1, actor=cast.director, operations="With a physician on site.")
    with pytest.raises(RuleBroken):
        approve_proposal(actor=cast.director, proposal=proposal, revision=2, rationale="Mine.")
    approve_proposal(actor=cast.physician, proposal=proposal, revision=2, rationale="Better.")


def test_the_sole_physician_decides_and_it_is_kept(cast: Cast, proposed: Make) -> None:
    leave = resolve(cast.practice, "Samuel Ortiz and Ruth Adeyemi leave")
    for person in (cast.physician, cast.alternate):
        offices = Appointment.objects.in_force().filter(
            practice=cast.practice,
            person=person,
            office__in=[Office.PHYSICIAN, Office.ALTERNATE_CHAIR],
        )
        for appointment in offices:
            end_appointment(actor=cast.director, appointment=appointment, reason=leave)
    assert physicians(cast.practice, timezone.now()) == 1
    made = approve_proposal(
        actor=cast.director, proposal=proposed(actor=cast.director), revision=1, rationale="Nobody else may."
    )
    assert made.sole_physician
    assert (
        approve_proposal(
            actor=cast.director, proposal=proposed(service_name="Physicals"), revision=1, rationale="Ready."
        ).sole_physician
        is False
    )


def test_the_count_of_physicians_is_that_of_the_database(cast: Cast) -> None:
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(distinct person_id) from governance_appointment where practice_id = %s and side = 'PC'"
            " and office in ('medical_director', 'physician', 'supervising_physician', 'alternate_chair')",
            [cast.practice.pk],
        )
        assert cursor.fetchone() == (physicians(cast.practice, now),) == (3,)


def test_only_a_proposer_withdraws(cast: Cast, approved: Make) -> None:
    proposal = approved()
    with pytest.raises(RuleBroken, match="one of its proposers"):
        withdraw_proposal(actor=cast.executive, proposal=proposal, reason="No budget.")
    withdraw_proposal(actor=cast.operations, proposal=proposal, reason="No budget.")
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.WITHDRAWN
    with pytest.raises(IllegalTransition):
        withdraw_proposal(actor=cast.operations, proposal=proposal, reason="Again.")
