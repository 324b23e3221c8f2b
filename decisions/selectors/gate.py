"""The go-live gate of a proposal as it stands now."""

from decisions.models import Determination, GateCheck, Proposal
from decisions.rules.gate import Check, CheckState, GateResult, Requirement, gate


def gate_of(proposal: Proposal, checks: list[GateCheck] | None = None) -> GateResult:
    """Judge the gate for the proposal's current revision; `checks` spares a query when they are at hand."""
    rows = list(proposal.checks.filter(revision_number=proposal.revision)) if checks is None else checks
    approved = (
        proposal.determinations.filter(outcome=Determination.Outcome.APPROVED)
        .order_by("-revision_number")
        .values_list("revision_number", flat=True)
        .first()
    )
    return gate(proposal.revision, approved, [as_check(row) for row in rows])


def as_check(row: GateCheck) -> Check:
    """A recorded check as the rule reads it."""
    return Check(Requirement(row.requirement), CheckState(row.state), row.revision_number, row.side, row.reason)
