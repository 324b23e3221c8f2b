"""The line behind the services: rows of decisions that no rule of ours looked at, each refused by the database."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction

from audit.acts import current, record, service
from decisions.models import (
    Authorization,
    Decision,
    Determination,
    GateCheck,
    GoLive,
    OperationalItem,
    Proposal,
    ScopeEvent,
)
from decisions.models.base import by
from decisions.services.proposals import revise
from governance.authority import exercise, moment, right_in_force
from governance.models import Appointment, DecisionRight, Person
from tests.cast import Cast, decided, local_day
from tests.conftest import unguarded
from tests.decisions.conftest import NO, TEXT, settle_gate

Make = Callable[..., Proposal]


def forge(cast: Cast, actor: Person, write: Callable[[Appointment], object]) -> object:
    """A service without any rule of its own: it decides a right that the actor holds, and writes what it likes."""

    @service
    def forged() -> object:
        own = "DR-38" if actor == cast.executive else "DR-21"
        ruling = exercise(actor=actor, practice=cast.practice, right=own, verb="forged")
        assert ruling.appointment
        return write(ruling.appointment)

    return forged()


def in_catalogue(cast: Cast, code: str) -> DecisionRight:
    found = right_in_force(cast.practice, code)
    assert found
    return found


def determine(proposal: Proposal, **changes: Any) -> Callable[[Appointment], object]:
    def write(office: Appointment) -> object:
        author = proposal.revisions.get(number=proposal.revision).person
        return record(
            Determination,
            **{
                "proposal": proposal,
                "revision_number": proposal.revision,
                "outcome": "returned",
                "rationale": "So.",
                "proposer": author,
                "decided_at": moment(),
                **by(office),
                **changes,
            },
        )

    return write


def switch(proposal: Proposal, revision: int) -> Callable[[Appointment], object]:
    return lambda office: record(
        GoLive,
        proposal=proposal,
        revision_number=revision,
        live_at=moment(),
        review_on=local_day() + timedelta(days=9),
        **by(office),
    )


def test_the_mso_side_determines_nothing(cast: Cast, proposed: Make) -> None:
    with pytest.raises(Error, match="decisions_determination_by_the_pc"):
        forge(cast, cast.executive, determine(proposed()))


def test_a_side_the_office_does_not_have_is_no_side(cast: Cast, proposed: Make) -> None:
    with pytest.raises(Error, match="the row says DR-21"):
        forge(cast, cast.executive, determine(proposed(), side="PC"))
    assert not Determination.objects.exists()


def test_the_proposer_determines_nothing_and_sole_physician_is_no_password(cast: Cast, proposed: Make) -> None:
    proposal = proposed(actor=cast.director)
    with pytest.raises(Error, match="does not decide on his own proposal"):
        forge(cast, cast.director, determine(proposal))
    with pytest.raises(Error, match="does not decide on his own proposal"):
        forge(cast, cast.director, determine(proposal, sole_physician=True))
    with pytest.raises(Error, match="determination_of_a_revision"):
        forge(cast, cast.director, determine(proposal, proposer=cast.physician))


def test_a_determination_is_of_the_current_revision_and_an_approval_is_a_decision(cast: Cast, proposed: Make) -> None:
    proposal = proposed()
    with pytest.raises(Error, match="approval_is_a_decision"):
        forge(cast, cast.director, determine(proposal, outcome="approved"))
    with pytest.raises(Error, match="determination_with_rationale"):
        forge(cast, cast.director, determine(proposal, rationale=""))
    with pytest.raises(Error, match="is not the current revision"):
        forge(cast, cast.director, determine(proposal, revision_number=2))


def test_a_decision_is_by_the_side_that_holds_the_right(cast: Cast) -> None:
    def decide(right: str, holder: str) -> Callable[[Appointment], object]:
        return lambda office: record(
            Decision,
            practice=cast.practice,
            year=2026,
            number=900,
            right=in_catalogue(cast, right),
            holder=holder,
            title="Forged",
            text="Forged.",
            rationale="Forged.",
            decided_at=moment(),
            **by(office),
        )

    with pytest.raises(Error, match="decisions_decision_by_the_holder"):
        forge(cast, cast.executive, decide("DR-04", "PC"))
    with pytest.raises(Error, match="the act decides DR-38, the row says DR-04"):
        forge(cast, cast.executive, decide("DR-04", "MSO"))
    with pytest.raises(Error, match="decisions_decision_by_the_holder"):
        forge(cast, cast.director, decide("DR-21", "MSO"))
    assert not decided().exists()


def test_the_mso_waives_nothing_and_approval_is_no_check(cast: Cast, approved: Make) -> None:
    proposal = approved()

    def check(**changes: Any) -> Callable[[Appointment], object]:
        return lambda office: record(
            GateCheck,
            **{
                "proposal": proposal,
                "revision_number": 1,
                "requirement": "training",
                "state": "waived",
                "reason": "Same staff.",
                "checked_at": moment(),
                **by(office),
                **changes,
            },
        )

    with pytest.raises(Error, match="decisions_waived_by_the_pc"):
        forge(cast, cast.executive, check())
    with pytest.raises(Error, match="decisions_approval_is_no_check"):
        forge(cast, cast.executive, check(requirement="approval", state="met"))
    with pytest.raises(Error, match="decisions_check_with_reason"):
        forge(cast, cast.director, check(reason=""))


def test_nothing_goes_live_without_the_approval_of_that_revision(cast: Cast, approved: Make, proposed: Make) -> None:
    unapproved = proposed(service_name="Physicals")
    settle_gate(cast, unapproved)
    with pytest.raises(Error, match="is not approved, it is submitted"):
        forge(cast, cast.executive, switch(unapproved, 1))
    with unguarded(), pytest.raises(Error, match="decisions_go_live_of_this_approval"):
        forge(cast, cast.executive, switch(unapproved, 1))
    proposal = approved()
    with pytest.raises(Error, match="the gate is closed: 0 of 6"):
        forge(cast, cast.executive, switch(proposal, 1))
    settle_gate(cast, proposal)
    revise(
        actor=cast.operations,
        proposal=proposal,
        base_revision=1,
        **{**TEXT, "operations": "Other."},
        change_note="Other.",
    )
    with pytest.raises(Error, match="is not approved, it is submitted"):
        forge(cast, cast.executive, switch(proposal, 1))
    with unguarded(), pytest.raises(Error, match="decisions_go_live_of_the_current_revision"):
        forge(cast, cast.executive, switch(proposal, 1))
    assert not GoLive.objects.exists()


def test_no_service_is_live_without_a_go_live_of_its_own_proposal(cast: Cast, live: Make, approved: Make) -> None:
    first = live()
    approved(service_name="Physicals")
    row = Authorization.objects.get(service__name="Physicals")

    def enliven(office: Appointment) -> object:
        row.state = "live"
        row.save()
        return current()

    with pytest.raises(Error, match="decisions_nothing_live_without_go_live"):
        forge(cast, cast.executive, enliven)
    row.go_live = first.go_live
    with pytest.raises(Error, match="becomes live by a go-live"):
        forge(cast, cast.executive, enliven)


def test_the_mso_moves_no_service(cast: Cast, live: Make) -> None:
    live()
    with pytest.raises(Error, match="decisions_scope_event_by_the_pc"):
        forge(
            cast,
            cast.executive,
            lambda office: record(
                ScopeEvent,
                authorization=Authorization.objects.get(),
                kind="resumed",
                reason="Cost.",
                happened_at=moment(),
                **by(office),
            ),
        )


def test_an_operational_item_is_the_mso_s_under_its_own_right(cast: Cast) -> None:
    def log(right: str, holder: str) -> Callable[[Appointment], object]:
        return lambda office: OperationalItem.objects.create(
            practice=cast.practice,
            year=2026,
            number=900,
            right=in_catalogue(cast, right),
            holder=holder,
            category="vendor",
            title="Forged",
            detail="Forged.",
            happened_on=local_day(),
            screen=NO,
            **by(office),
        )

    with pytest.raises(Error, match="decisions_item_of_the_mso"):
        forge(cast, cast.executive, log("DR-24", "PC"))
    with pytest.raises(Error, match="the act decides DR-38, the row says DR-24"):
        forge(cast, cast.executive, log("DR-24", "MSO"))


@pytest.mark.parametrize(
    "statement",
    [
        "update decisions_proposal set state = 'approved'",
        "update decisions_determination set outcome = 'approved'",
        "delete from decisions_revision",
        "update decisions_revision set summary = 'Other.'",
    ],
)
def test_plain_sql_changes_no_record(cast: Cast, proposed: Make, statement: str) -> None:
    forge(cast, cast.director, determine(proposed()))
    told = r"append-only|differs from its newest history|permission denied"
    with pytest.raises(Error, match=told), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
