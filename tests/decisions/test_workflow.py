"""What proposals, corrective actions and service authorizations allow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.workflow import IllegalTransition, allowed_events, is_final, next_state, reachable
from decisions.rules.workflow import (
    CORRECTIVE_ACTION,
    PROPOSAL,
    SERVICE_AUTHORIZATION,
    ActionState,
    AuthorizationState,
    ProposalEvent,
    ProposalState,
)


@pytest.mark.parametrize(
    ("events", "state"),
    [
        (["submit", "approve", "go_live"], "live"),
        (["submit", "return", "revise", "submit", "approve"], "approved"),
        (["submit", "approve", "revise"], "draft"),
        (["submit", "revise"], "submitted"),
        (["submit", "refuse"], "refused"),
        (["submit", "withdraw"], "withdrawn"),
    ],
)
def test_paths_of_a_proposal(events: list[str], state: str) -> None:
    found = PROPOSAL.initial
    for event in events:
        found = next_state(PROPOSAL, found, event)
    assert found == state


@given(st.lists(st.sampled_from(ProposalEvent), max_size=12))
def test_nothing_goes_live_on_an_approval_older_than_the_last_edit(events: list[ProposalEvent]) -> None:
    state, approved_since_edit = PROPOSAL.initial, False
    for event in events:
        try:
            state = next_state(PROPOSAL, state, event)
        except IllegalTransition:
            continue
        if event in (ProposalEvent.REVISE, ProposalEvent.APPROVE):
            approved_since_edit = event is ProposalEvent.APPROVE
    if state is ProposalState.LIVE:
        assert approved_since_edit


def test_final_states() -> None:
    assert {state for state in ProposalState if is_final(PROPOSAL, state)} == {"live", "refused", "withdrawn"}
    assert {state for state in ActionState if is_final(CORRECTIVE_ACTION, state)} == {"closed"}
    assert {state for state in AuthorizationState if is_final(SERVICE_AUTHORIZATION, state)} == {"retired"}


def test_every_corrective_action_can_still_be_closed_and_only_after_its_check() -> None:
    assert all(ActionState.CLOSED in reachable(CORRECTIVE_ACTION, state) for state in ActionState)
    into_closed = {step.source for step in CORRECTIVE_ACTION.transitions if step.target is ActionState.CLOSED}
    assert into_closed == {ActionState.EFFECTIVENESS_WINDOW}
    reopened = next_state(CORRECTIVE_ACTION, "effectiveness_window", "verify_ineffective")
    assert next_state(CORRECTIVE_ACTION, reopened, "submit_evidence") is ActionState.EVIDENCE_SUBMITTED


def test_whatever_is_live_can_be_stopped_at_once() -> None:
    assert "suspend" in allowed_events(SERVICE_AUTHORIZATION, "live")
    assert next_state(SERVICE_AUTHORIZATION, "suspended", "resume") is AuthorizationState.LIVE
    with pytest.raises(IllegalTransition, match="cannot resume while retired; this state is final"):
        next_state(SERVICE_AUTHORIZATION, "retired", "resume")
