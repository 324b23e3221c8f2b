"""How a determination enters the record. A plain function: it writes inside whatever act determines."""

from datetime import datetime

from audit.acts import record
from audit.workflow import next_state
from decisions.models import Authorization, Determination, Proposal
from decisions.models.base import by
from decisions.rules.workflow import PROPOSAL, AuthorizationState, ProposalEvent
from decisions.services.bodies import speaking_as
from decisions.services.deciding import write_decision
from decisions.services.proposing import SERVICE_KINDS, lock, must_be_current
from decisions.services.rules import RuleBroken, hold, said
from governance.authority import Ruling, moment
from governance.models import Body
from governance.selectors.physicians import physicians

EVENTS = {
    Determination.Outcome.APPROVED: ProposalEvent.APPROVE,
    Determination.Outcome.RETURNED: ProposalEvent.RETURN,
    Determination.Outcome.REFUSED: ProposalEvent.REFUSE,
}


def write_determination(
    *,
    ruling: Ruling,
    proposal: Proposal,
    revision: int,
    outcome: str,
    rationale: str,
    conditions: str = "",
    body: Body | None = None,
    opened_at: datetime | None = None,
) -> Determination:
    """Determine one exact revision under the proposal's right, just exercised, inside the current act.

    An approval also enters the decision log and, for a service line not yet given there, its authorization.
    `body` is the one that determined, by a motion that carried; without it the office alone did. Raises RuleBroken when
    `revision` is not the current one, when the decider (unless sole physician) or the physician whose delegate decides
    proposed it, without rationale, or when somebody would determine for a body; IllegalTransition.
    """
    appointment, deciding = ruling.appointment, ruling.right
    if appointment is None or deciding is None or deciding.code != proposal.right.code:
        raise ValueError(f"ruling: {proposal.code} is determined under {proposal.right.code}.")
    hold(proposal.practice)
    proposal = lock(proposal)
    speaking_as(ruling, body)
    must_be_current(proposal, revision)
    state = next_state(PROPOSAL, proposal.state, EVENTS[Determination.Outcome(outcome)])
    said(rationale=rationale)
    at = moment()
    author = proposal.revisions.get(number=revision).person_id
    own = author == ruling.person.pk
    for judge, called in ruling.judges:
        if proposal.revisions.filter(person=judge).exclude(side=appointment.side).exists():
            raise RuleBroken(
                "revision",
                f"Revision: {called} wrote a text of {proposal.code} in an office of the other side; another holder"
                " of the right determines it.",
            )
        if author == judge.pk and not (own and physicians(proposal.practice, at) == 1):
            raise RuleBroken(
                "revision",
                f"Revision: {called} wrote revision {revision} of {proposal.code}; another holder of the right"
                " determines it.",
            )
    approved = outcome == Determination.Outcome.APPROVED
    decision = None
    if approved:
        decision = write_decision(
            ruling=ruling,
            title=f"{proposal.code}, revision {revision}: {proposal.title}"[:200],
            text=f"Revision {revision} of {proposal.code} is approved. {conditions}".strip(),
            rationale=rationale,
            body=body,
        )
    determination = record(
        Determination,
        proposal=proposal,
        revision_number=revision,
        outcome=outcome,
        rationale=rationale,
        conditions=conditions,
        proposer_id=author,
        sole_physician=own,
        decision=decision,
        opened_at=opened_at,
        decided_at=at,
        **by(appointment),
    )
    proposal.state = state
    proposal.save()
    if approved and proposal.kind in SERVICE_KINDS:
        _authorize(proposal, at)
    return determination


def _authorize(proposal: Proposal, at: datetime) -> None:
    """The authorization of the service line at the site; one in use stays as it is until its change goes live."""
    known = Authorization.objects.select_for_update(no_key=True).filter(service=proposal.service, site=proposal.site)
    row = known.first()
    if row is None:
        row = Authorization(practice=proposal.practice, service=proposal.service, site=proposal.site)
    elif row.state in {AuthorizationState.LIVE, AuthorizationState.SUSPENDED}:
        return
    row.state, row.proposal, row.go_live, row.since, row.review_on = (
        AuthorizationState.APPROVED,
        proposal,
        None,
        at,
        None,
    )
    row.save()
