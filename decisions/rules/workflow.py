"""Transition tables of change proposals, corrective actions and service authorizations."""

from audit.labels import LabelledEnum
from audit.workflow import Transition, Workflow


class ProposalState(LabelledEnum):
    """Where a change proposal stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LIVE = "live"


class ProposalEvent(LabelledEnum):
    """What moves a change proposal. ``REVISE`` makes a new revision."""

    SUBMIT = "submit"
    RETURN = "return"
    REVISE = "revise"
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    GO_LIVE = "go_live"


# A new revision of an approved proposal is a draft again: no approval survives an edit. The physicians may
# amend what lies before them, so revising a submitted proposal keeps it submitted.
PROPOSAL = Workflow(
    name="Change proposal",
    states=ProposalState,
    events=ProposalEvent,
    initial=ProposalState.DRAFT,
    transitions=(
        Transition(ProposalState.DRAFT, ProposalEvent.REVISE, ProposalState.DRAFT),
        Transition(ProposalState.DRAFT, ProposalEvent.SUBMIT, ProposalState.SUBMITTED),
        Transition(ProposalState.DRAFT, ProposalEvent.WITHDRAW, ProposalState.WITHDRAWN),
        Transition(ProposalState.SUBMITTED, ProposalEvent.REVISE, ProposalState.SUBMITTED),
        Transition(ProposalState.SUBMITTED, ProposalEvent.RETURN, ProposalState.RETURNED),
        Transition(ProposalState.SUBMITTED, ProposalEvent.APPROVE, ProposalState.APPROVED),
        Transition(ProposalState.SUBMITTED, ProposalEvent.REFUSE, ProposalState.REFUSED),
        Transition(ProposalState.SUBMITTED, ProposalEvent.WITHDRAW, ProposalState.WITHDRAWN),
        Transition(ProposalState.RETURNED, ProposalEvent.REVISE, ProposalState.RETURNED),
        Transition(ProposalState.RETURNED, ProposalEvent.SUBMIT, ProposalState.SUBMITTED),
        Transition(ProposalState.RETURNED, ProposalEvent.WITHDRAW, ProposalState.WITHDRAWN),
        Transition(ProposalState.APPROVED, ProposalEvent.REVISE, ProposalState.DRAFT),
        Transition(ProposalState.APPROVED, ProposalEvent.GO_LIVE, ProposalState.LIVE),
        Transition(ProposalState.APPROVED, ProposalEvent.WITHDRAW, ProposalState.WITHDRAWN),
    ),
)


class ActionState(LabelledEnum):
    """Where a corrective action stands. Closed means verified effective."""

    OPEN = "open"
    EVIDENCE_SUBMITTED = "evidence_submitted"
    EFFECTIVENESS_WINDOW = "effectiveness_window"
    CLOSED = "closed"
    REOPENED = "reopened"


class ActionEvent(LabelledEnum):
    """What moves a corrective action."""

    SUBMIT_EVIDENCE = "submit_evidence"
    START_WINDOW = "start_window", "start the effectiveness window"
    VERIFY_EFFECTIVE = "verify_effective", "verify as effective"
    VERIFY_INEFFECTIVE = "verify_ineffective", "verify as ineffective"


CORRECTIVE_ACTION = Workflow(
    name="Corrective action",
    states=ActionState,
    events=ActionEvent,
    initial=ActionState.OPEN,
    transitions=(
        Transition(ActionState.OPEN, ActionEvent.SUBMIT_EVIDENCE, ActionState.EVIDENCE_SUBMITTED),
        Transition(ActionState.EVIDENCE_SUBMITTED, ActionEvent.START_WINDOW, ActionState.EFFECTIVENESS_WINDOW),
        Transition(ActionState.EFFECTIVENESS_WINDOW, ActionEvent.VERIFY_EFFECTIVE, ActionState.CLOSED),
        Transition(ActionState.EFFECTIVENESS_WINDOW, ActionEvent.VERIFY_INEFFECTIVE, ActionState.REOPENED),
        Transition(ActionState.REOPENED, ActionEvent.SUBMIT_EVIDENCE, ActionState.EVIDENCE_SUBMITTED),
    ),
)


class AuthorizationState(LabelledEnum):
    """Where the authorization of a service line at a site stands."""

    APPROVED = "approved"
    LIVE = "live"
    SUSPENDED = "suspended"
    RETIRED = "retired"


class AuthorizationEvent(LabelledEnum):
    """What moves a service authorization."""

    GO_LIVE = "go_live"
    SUSPEND = "suspend"
    RESUME = "resume"
    RETIRE = "retire"


SERVICE_AUTHORIZATION = Workflow(
    name="Service authorization",
    states=AuthorizationState,
    events=AuthorizationEvent,
    initial=AuthorizationState.APPROVED,
    transitions=(
        Transition(AuthorizationState.APPROVED, AuthorizationEvent.GO_LIVE, AuthorizationState.LIVE),
        Transition(AuthorizationState.APPROVED, AuthorizationEvent.RETIRE, AuthorizationState.RETIRED),
        Transition(AuthorizationState.LIVE, AuthorizationEvent.SUSPEND, AuthorizationState.SUSPENDED),
        Transition(AuthorizationState.LIVE, AuthorizationEvent.RETIRE, AuthorizationState.RETIRED),
        Transition(AuthorizationState.SUSPENDED, AuthorizationEvent.RESUME, AuthorizationState.LIVE),
        Transition(AuthorizationState.SUSPENDED, AuthorizationEvent.RETIRE, AuthorizationState.RETIRED),
    ),
)
