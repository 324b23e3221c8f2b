"""The go-live gate: requirements checked for one exact revision, and the switch behind them."""

from datetime import date

from audit.acts import current, record, service
from audit.workflow import next_state
from decisions.models import Authorization, GateCheck, GoLive, Proposal
from decisions.models.base import by
from decisions.rules.gate import CheckState, Requirement
from decisions.rules.workflow import (
    PROPOSAL,
    SERVICE_AUTHORIZATION,
    AuthorizationEvent,
    AuthorizationState,
    ProposalEvent,
    ProposalState,
)
from decisions.selectors.gate import gate_of
from decisions.services.proposing import SERVICE_KINDS, lock, must_be_current
from decisions.services.rules import RuleBroken, hold, said, today
from governance.authority import moment, take_part
from governance.choices import Office
from governance.models import Person
from governance.offices import MSO_STAFF, PHYSICIANS

CHECKERS = MSO_STAFF | PHYSICIANS
SWITCHERS = MSO_STAFF | {Office.MEDICAL_DIRECTOR}
"""The MSO carries out what was approved; the Medical Director may, too."""


@service
def record_check(
    *, actor: Person, proposal: Proposal, revision: int, requirement: str, state: str, reason: str
) -> GateCheck:
    """Record that a requirement is met (either side) or waived (physicians alone), with evidence or reason.

    Raises AuthorityRefused, RuleBroken.
    """
    hold(proposal.practice)
    proposal = lock(proposal)
    waived = state == CheckState.WAIVED
    ruling = take_part(
        actor=actor,
        practice=proposal.practice,
        verb="gate.waived" if waived else "gate.met",
        offices=PHYSICIANS if waived else CHECKERS,
        licensed=waived,
        right=proposal.right.code,
        reason=reason,
        attempted=f"{proposal.code}: {requirement} {state}",
    )
    assert ruling.appointment
    must_be_current(proposal, revision)
    if requirement not in Requirement or requirement == Requirement.APPROVAL:
        raise RuleBroken("requirement", f"Requirement: “{requirement}” is none that a check can settle.")
    if state not in {CheckState.MET, CheckState.WAIVED}:
        raise RuleBroken("state", "State: a requirement is met or waived; what is open needs no entry.")
    said(reason=reason)
    if proposal.state not in {ProposalState.SUBMITTED, ProposalState.APPROVED}:
        raise RuleBroken("revision", f"{proposal.code} is {proposal.state}; nothing is to be checked.")
    label = Requirement(requirement).label
    if proposal.checks.filter(revision_number=revision, requirement=requirement).exists():
        raise RuleBroken("requirement", f"{label}: recorded already for revision {revision}.")
    current().about(proposal, key=proposal.code)
    return record(
        GateCheck,
        proposal=proposal,
        revision_number=revision,
        requirement=requirement,
        state=state,
        reason=reason,
        checked_at=moment(),
        **by(ruling.appointment),
    )


@service
def go_live(*, actor: Person, proposal: Proposal, revision: int, review_on: date) -> GoLive:
    """Switch the approved revision live behind its open gate; `review_on` is when the physicians look at it again.

    Raises AuthorityRefused, RuleBroken (each missing requirement in words), IllegalTransition.
    """
    hold(proposal.practice)
    proposal = lock(proposal)
    ruling = take_part(
        actor=actor,
        practice=proposal.practice,
        verb="proposal.went live",
        offices=SWITCHERS,
        right=proposal.right.code,
        attempted=f"{proposal.code} {proposal.title}",
    )
    assert ruling.appointment
    must_be_current(proposal, revision)
    result = gate_of(proposal)
    if not result.open:
        raise RuleBroken("gate", "The gate is closed. " + " ".join(sentence for _, sentence in result.missing))
    state = next_state(PROPOSAL, proposal.state, ProposalEvent.GO_LIVE)
    if review_on <= today(proposal.practice):
        raise RuleBroken("review_on", "Review on: name a day after today.")
    at = moment()
    switch = record(
        GoLive, proposal=proposal, revision_number=revision, live_at=at, review_on=review_on, **by(ruling.appointment)
    )
    proposal.state = state
    proposal.save()
    if proposal.kind in SERVICE_KINDS:
        _switch(proposal, switch)
    current().about(proposal, key=proposal.code)
    return switch


def _switch(proposal: Proposal, switch: GoLive) -> None:
    row = Authorization.objects.select_for_update(no_key=True).get(service=proposal.service, site=proposal.site)
    if proposal.kind == Proposal.Kind.RETIRED_SERVICE:
        row.state = next_state(SERVICE_AUTHORIZATION, row.state, AuthorizationEvent.RETIRE)
    elif row.state != AuthorizationState.LIVE:
        row.state = next_state(SERVICE_AUTHORIZATION, row.state, AuthorizationEvent.GO_LIVE)
    row.proposal, row.go_live, row.since, row.review_on = proposal, switch, switch.live_at, switch.review_on
    row.save()
