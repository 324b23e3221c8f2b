"""Change proposals: put to the physicians, revised, determined, withdrawn."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from audit.acts import current, record, service
from audit.workflow import allowed_events, next_state
from decisions.models import Determination, Proposal, Revision
from decisions.models.base import by
from decisions.rules.screen import AnswerRefused
from decisions.rules.screen import screen as judge
from decisions.rules.workflow import PROPOSAL, ProposalEvent
from decisions.services.determining import write_determination
from decisions.services.proposing import lock, must_be_current, right_code, write_proposal
from decisions.services.rules import PROPOSERS, RuleBroken, hold, said
from governance.authority import exercise, moment, take_part
from governance.models import Person, Practice, Site

__all__ = [
    "approve_proposal",
    "propose",
    "refuse_proposal",
    "return_proposal",
    "revise",
    "withdraw_proposal",
    "write_determination",
    "write_proposal",
]


@service
def propose(
    *,
    actor: Person,
    practice: Practice,
    kind: str,
    title: str,
    summary: str,
    clinical_effect: str,
    operations: str,
    service_name: str = "",
    site: Site | None = None,
    right: str = "",
    screen: Mapping[str, bool] | None = None,
) -> Proposal:
    """Put a change to the physicians. Any member of either side may.

    A service line needs `service_name` and `site` and falls under DR-21, an operational change under DR-22, a
    clinical matter under the `right` named. `screen` keeps the seven answers where they led here.
    Raises AuthorityRefused, RuleBroken.
    """
    hold(practice)
    cited = right_code(kind, right)
    ruling = take_part(
        actor=actor, practice=practice, verb="proposal.submitted", offices=PROPOSERS, right=cited, attempted=title
    )
    assert ruling.appointment
    if screen:
        try:
            judge(screen)
        except AnswerRefused as refusal:
            raise RuleBroken(refusal.code, str(refusal)) from refusal
    proposal = write_proposal(
        practice=practice,
        author=ruling.appointment,
        kind=kind,
        title=title,
        summary=summary,
        clinical_effect=clinical_effect,
        operations=operations,
        service_name=service_name,
        site=site,
        right=right,
        screen=screen,
    )
    current().about(proposal, key=proposal.code)
    return proposal


@service
def revise(
    *,
    actor: Person,
    proposal: Proposal,
    base_revision: int,
    summary: str,
    clinical_effect: str,
    operations: str,
    change_note: str,
) -> Revision:
    """Put a new text of the proposal to the physicians; an approval does not survive it.

    `base_revision` is the revision the writer had before them. Raises AuthorityRefused, RuleBroken, IllegalTransition.
    """
    hold(proposal.practice)
    proposal = lock(proposal)
    ruling = take_part(
        actor=actor,
        practice=proposal.practice,
        verb="proposal.revised",
        offices=PROPOSERS,
        right=proposal.right.code,
        reason=change_note,
        attempted=f"{proposal.code} {proposal.title}",
    )
    assert ruling.appointment
    must_be_current(proposal, base_revision)
    said(summary=summary, clinical_effect=clinical_effect, operations=operations, change_note=change_note)
    previous = proposal.revisions.get(number=proposal.revision)
    if (previous.summary, previous.clinical_effect, previous.operations) == (summary, clinical_effect, operations):
        raise RuleBroken("summary", f"Nothing differs from revision {proposal.revision}.")
    state = next_state(PROPOSAL, proposal.state, ProposalEvent.REVISE)
    if ProposalEvent.SUBMIT in allowed_events(PROPOSAL, state):
        state = next_state(PROPOSAL, state, ProposalEvent.SUBMIT)
    proposal.state = state
    proposal.revision += 1
    proposal.save()
    current().about(proposal, key=proposal.code)
    return record(
        Revision,
        proposal=proposal,
        number=proposal.revision,
        summary=summary,
        clinical_effect=clinical_effect,
        operations=operations,
        change_note=change_note,
        screen=previous.screen,
        made_at=moment(),
        **by(ruling.appointment),
    )


@service
def withdraw_proposal(*, actor: Person, proposal: Proposal, reason: str) -> Proposal:
    """Take a proposal back, by one who wrote it. Raises AuthorityRefused, RuleBroken, IllegalTransition."""
    hold(proposal.practice)
    proposal = lock(proposal)
    take_part(
        actor=actor,
        practice=proposal.practice,
        verb="proposal.withdrawn",
        offices=PROPOSERS,
        right=proposal.right.code,
        reason=reason,
        attempted=f"{proposal.code} {proposal.title}",
    )
    said(reason=reason)
    if not proposal.revisions.filter(person=actor).exists():
        raise RuleBroken("reason", f"{proposal.code} is withdrawn by one of its proposers.")
    proposal.state = next_state(PROPOSAL, proposal.state, ProposalEvent.WITHDRAW)
    proposal.save()
    current().about(proposal, key=proposal.code)
    return proposal


def _determines(outcome: Determination.Outcome, does: str) -> "Determines":
    """The service that determines with this outcome."""

    @service
    def determine(
        *,
        actor: Person,
        proposal: Proposal,
        revision: int,
        rationale: str,
        conditions: str = "",
        opened_at: datetime | None = None,
    ) -> Determination:
        hold(proposal.practice)
        proposal = lock(proposal)
        ruling = exercise(
            actor=actor,
            practice=proposal.practice,
            right=proposal.right.code,
            verb=f"proposal.{outcome}",
            reason=rationale,
            attempted=f"{outcome.label}: {proposal.code} {proposal.title}",
        )
        current().about(proposal, key=proposal.code)
        return write_determination(
            ruling=ruling,
            proposal=proposal,
            revision=revision,
            outcome=outcome,
            rationale=rationale,
            conditions=conditions,
            opened_at=opened_at,
        )

    determine.__name__ = determine.__qualname__ = f"{does}_proposal"
    return determine


class Determines(Protocol):
    """A service that determines one exact revision. `opened_at` is when the decider opened it.

    Raises AuthorityRefused, and as `write_determination` does.
    """

    def __call__(
        self,
        *,
        actor: Person,
        proposal: Proposal,
        revision: int,
        rationale: str,
        conditions: str = "",
        opened_at: datetime | None = None,
    ) -> Determination: ...


approve_proposal = _determines(Determination.Outcome.APPROVED, "approve")
"""Approve one exact revision."""
return_proposal = _determines(Determination.Outcome.RETURNED, "return")
"""Return one exact revision to its proposers, saying what it lacks."""
refuse_proposal = _determines(Determination.Outcome.REFUSED, "refuse")
"""Refuse a proposal for good."""
