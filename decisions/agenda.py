"""What decisions puts on the agenda of a month's meeting (settings.AGENDA_SOURCES)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from decisions.models import CorrectiveAction, Proposal
from decisions.rules.workflow import ActionState, ProposalState
from decisions.services.actions import CLOSING_RIGHT
from decisions.services.proposing import SERVICE_KINDS
from governance.authority import right_in_force
from governance.models import DecisionRight, Practice

# Values of the agenda's topics and purposes. Meetings lies to the left of decisions, so they are words here.
SCOPE, CLINICAL_OPERATIONS, CORRECTIVE_ACTIONS = "scope of services", "clinical operations", "corrective actions"
DECISION, DISCUSSION = "decision", "discussion"
TOPIC_OF_CATEGORY = {
    "Quality": "quality assurance",
    "Credentialing": "credentialing",
    "Supervision": "supervision",
    "Protocols": "protocol review",
    "Scope of services": SCOPE,
    "Public claims": "compliance",
    "Governance": "compliance",
}


@dataclass(frozen=True, kw_only=True)
class AgendaEntry:
    """A point that a meeting is to take up; `right` is the one under which it is decided there, if it is."""

    topic: str
    title: str
    purpose: str
    right: DecisionRight | None = None
    proposal: Proposal | None = None
    revision_number: int | None = None
    corrective_action: CorrectiveAction | None = None

    @property
    def right_code(self) -> str:
        return self.right.code if self.right else ""


def open_proposals(practice: Practice, meeting_month: date) -> Iterator[AgendaEntry]:
    """Every proposal that waits for the physicians, under the topic of its right."""
    waiting = Proposal.objects.filter(practice=practice, state=ProposalState.SUBMITTED).select_related("right")
    for proposal in waiting.order_by("year", "number"):
        yield AgendaEntry(
            topic=SCOPE if proposal.kind in SERVICE_KINDS else _topic(proposal),
            title=str(proposal),
            purpose=DECISION,
            right=proposal.right,
            proposal=proposal,
            revision_number=proposal.revision,
        )


def _topic(proposal: Proposal) -> str:
    if proposal.kind == Proposal.Kind.OPERATIONAL:
        return CLINICAL_OPERATIONS
    return TOPIC_OF_CATEGORY.get(proposal.right.category, CLINICAL_OPERATIONS)


def open_corrective_actions(practice: Practice, meeting_month: date) -> Iterator[AgendaEntry]:
    """Every corrective action that is not closed; for decision once its effectiveness window is over by that month."""
    right = right_in_force(practice, CLOSING_RIGHT)
    for action in CorrectiveAction.objects.filter(practice=practice).exclude(state=ActionState.CLOSED):
        ends = action.window_ends_on
        due = (
            action.state == ActionState.EFFECTIVENESS_WINDOW
            and ends is not None
            and (ends.year, ends.month) <= (meeting_month.year, meeting_month.month)
        )
        yield AgendaEntry(
            topic=CORRECTIVE_ACTIONS,
            title=str(action),
            purpose=DECISION if due else DISCUSSION,
            right=right if due else None,
            corrective_action=action,
        )
