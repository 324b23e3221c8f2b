"""The gate, the go-live and the scope of services: what opens, who switches, who stops."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from audit.workflow import IllegalTransition
from decisions.models import Authorization, Decision, GateCheck, GoLive, Proposal, ScopeEvent
from decisions.rules.gate import Requirement
from decisions.rules.workflow import AuthorizationState, ProposalState
from decisions.services.gate import go_live, record_check
from decisions.services.proposals import approve_proposal, revise
from decisions.services.rules import RuleBroken
from decisions.services.scope import resume_service, retire_service, stop_service
from governance.authority import AuthorityRefused
from tests.cast import Cast, local_day
from tests.decisions.conftest import CHECKED, TEXT, settle_gate

Make = Callable[..., Proposal]


def check(cast: Cast, proposal: Proposal, **changes: object) -> GateCheck:
    wanted = {
        "actor": cast.operations,
        "proposal": proposal,
        "revision": proposal.revision,
        "requirement": "training",
        "state": "met",
        "reason": "All five trained.",
        **changes,
    }
    return record_check(**wanted)  # type: ignore[arg-type]


def switch(cast: Cast, proposal: Proposal, **changes: object) -> GoLive:
    wanted = {
        "actor": cast.operations,
        "proposal": proposal,
        "revision": proposal.revision,
        "review_on": local_day() + timedelta(days=90),
        **changes,
    }
    return go_live(**wanted)  # type: ignore[arg-type]


@pytest.mark.parametrize("who", ["operations", "executive", "director", "physician"])
def test_either_side_records_what_is_met(cast: Cast, approved: Make, who: str) -> None:
    assert check(cast, approved(), actor=getattr(cast, who)).state == "met"


@pytest.mark.parametrize("who", ["secretary", "pc_counsel", "mso_counsel"])
def test_lookers_on_record_nothing(cast: Cast, approved: Make, who: str) -> None:
    with pytest.raises(AuthorityRefused):
        check(cast, approved(), actor=getattr(cast, who))


@pytest.mark.parametrize("who", ["operations", "executive", "secretary", "pc_counsel"])
def test_only_physicians_waive(cast: Cast, approved: Make, who: str) -> None:
    proposal = approved()
    with pytest.raises(AuthorityRefused):
        check(cast, proposal, actor=getattr(cast, who), state="waived")
    assert not GateCheck.objects.exists()
    assert check(cast, proposal, actor=cast.physician, state="waived", reason="Same staff.").side == "PC"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"requirement": Requirement.APPROVAL}, "requirement"),
        ({"requirement": "weather"}, "requirement"),
        ({"state": "open"}, "state"),
        ({"reason": " "}, "reason"),
        ({"revision": 2}, "revision"),
    ],
)
def test_a_check_that_says_too_little_is_told_where(
    cast: Cast, approved: Make, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(RuleBroken) as error:
        check(cast, approved(), **changes)
    assert error.value.field == field


def test_a_requirement_is_recorded_once_a_revision(cast: Cast, approved: Make) -> None:
    proposal = approved()
    check(cast, proposal)
    with pytest.raises(RuleBroken, match="recorded already for revision 1"):
        check(cast, proposal)


@pytest.mark.parametrize("missing", CHECKED)
def test_one_missing_requirement_keeps_the_gate_closed(cast: Cast, approved: Make, missing: Requirement) -> None:
    proposal = approved()
    settle_gate(cast, proposal, but=missing)
    with pytest.raises(RuleBroken, match=f"{missing.label}: not checked for revision 1"):
        switch(cast, proposal)
    assert not GoLive.objects.exists()


def test_without_approval_nothing_goes_live(cast: Cast, proposed: Make) -> None:
    proposal = proposed()
    settle_gate(cast, proposal)
    with pytest.raises(RuleBroken, match="no physician approval"):
        switch(cast, proposal)


def test_live_with_since_and_review(cast: Cast, live: Make) -> None:
    proposal = live()
    row = Authorization.objects.get()
    assert (proposal.state, row.state) == (ProposalState.LIVE, AuthorizationState.LIVE)
    assert row.go_live == proposal.go_live
    assert (row.since, row.review_on) == (proposal.go_live.live_at, local_day() + timedelta(days=90))


@pytest.mark.parametrize("who", ["physician", "secretary", "pc_counsel", "mso_counsel"])
def test_the_mso_or_the_medical_director_switches(cast: Cast, approved: Make, who: str) -> None:
    proposal = approved()
    settle_gate(cast, proposal)
    with pytest.raises(AuthorityRefused):
        switch(cast, proposal, actor=getattr(cast, who))
    assert switch(cast, proposal, actor=cast.director).side == "PC"


def test_the_review_lies_ahead(cast: Cast, approved: Make) -> None:
    proposal = approved()
    settle_gate(cast, proposal)
    with pytest.raises(RuleBroken) as error:
        switch(cast, proposal, review_on=local_day() - timedelta(days=1))
    assert error.value.field == "review_on"


def test_an_edit_closes_the_gate_again(cast: Cast, approved: Make) -> None:
    proposal = approved()
    settle_gate(cast, proposal)
    revise(
        actor=cast.operations,
        proposal=proposal,
        base_revision=1,
        **{**TEXT, "operations": "By telephone."},
        change_note="Cheaper.",
    )
    proposal.refresh_from_db()
    with pytest.raises(RuleBroken, match="approved revision 1, not revision 2"):
        switch(cast, proposal, revision=2)
    with pytest.raises(RuleBroken, match="now stands at revision 2"):
        switch(cast, proposal, revision=1)
    assert Authorization.objects.get().state == AuthorizationState.APPROVED


def test_a_change_leaves_the_service_running_until_it_goes_live(cast: Cast, live: Make, approved: Make) -> None:
    first = live()
    change = approved(kind=Proposal.Kind.CHANGED_SERVICE, title="Blood tests instead")
    row = Authorization.objects.get()
    assert (row.state, row.proposal) == (AuthorizationState.LIVE, first)
    settle_gate(cast, change)
    switch(cast, change)
    row.refresh_from_db()
    assert row.go_live
    assert (row.state, row.proposal, row.go_live.proposal) == (AuthorizationState.LIVE, change, change)


def test_an_approved_retirement_retires_at_its_go_live(cast: Cast, live: Make, approved: Make) -> None:
    live()
    end = approved(kind=Proposal.Kind.RETIRED_SERVICE, title="No more TB tests")
    settle_gate(cast, end)
    switch(cast, end)
    assert Authorization.objects.get().state == AuthorizationState.RETIRED


def test_a_service_given_there_is_not_proposed_as_new(cast: Cast, live: Make, proposed: Make) -> None:
    live()
    with pytest.raises(RuleBroken, match="propose a change"):
        proposed(service_name="tb TESTS")


@pytest.mark.parametrize("who", ["director", "physician"])
def test_a_physician_stops_at_once_and_the_stop_is_a_decision(cast: Cast, live: Make, who: str) -> None:
    live()
    row = Authorization.objects.get()
    event = stop_service(actor=getattr(cast, who), authorization=row, reason="Two false readings.")
    row.refresh_from_db()
    assert (row.state, event.kind) == (AuthorizationState.SUSPENDED, ScopeEvent.Kind.STOPPED)
    assert Decision.objects.latest("id").right.code == "DR-23"
    resume_service(actor=cast.director, authorization=row, reason="New reagent.")
    row.refresh_from_db()
    assert row.state == AuthorizationState.LIVE
    retire_service(actor=cast.director, authorization=row, reason="Demand has gone.")
    with pytest.raises(IllegalTransition):
        resume_service(actor=cast.director, authorization=row, reason="Back.")


@pytest.mark.parametrize("act", [stop_service, resume_service, retire_service])
@pytest.mark.parametrize("who", ["operations", "executive", "secretary", "mso_counsel"])
def test_the_management_side_moves_no_service(cast: Cast, live: Make, act: Callable[..., ScopeEvent], who: str) -> None:
    live()
    with pytest.raises(AuthorityRefused):
        act(actor=getattr(cast, who), authorization=Authorization.objects.get(), reason="Cost.")
    assert Authorization.objects.get().state == AuthorizationState.LIVE


def test_what_was_never_live_is_not_stopped(cast: Cast, approved: Make) -> None:
    approved()
    with pytest.raises(RuleBroken, match="was never live"):
        retire_service(actor=cast.director, authorization=Authorization.objects.get(), reason="Enough.")


def test_a_second_approval_of_one_revision_is_refused(cast: Cast, approved: Make) -> None:
    proposal = approved()
    with pytest.raises(IllegalTransition):
        approve_proposal(actor=cast.director, proposal=proposal, revision=1, rationale="Again.")
