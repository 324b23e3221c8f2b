"""Words and shapes of states: which tag a state wears."""

from decisions.rules.workflow import ActionState, AuthorizationState, ProposalState

PROPOSAL_KIND = {
    ProposalState.SUBMITTED: "due",
    ProposalState.RETURNED: "due",
    ProposalState.APPROVED: "ok",
    ProposalState.LIVE: "ok",
    ProposalState.REFUSED: "late",
}
ACTION_KIND = {
    ActionState.EVIDENCE_SUBMITTED: "due",
    ActionState.EFFECTIVENESS_WINDOW: "due",
    ActionState.CLOSED: "ok",
    ActionState.REOPENED: "late",
}
SERVICE_KIND = {
    AuthorizationState.APPROVED: "due",
    AuthorizationState.LIVE: "ok",
    AuthorizationState.SUSPENDED: "late",
}


def tag(label: str, kind: str | None) -> dict[str, str]:
    """A table cell that is a state's tag."""
    return {"tag": label[:1].upper() + label[1:], "tag_kind": kind or "neutral"}
