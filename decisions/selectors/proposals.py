"""Reads for the page of one proposal."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from audit.workflow import allowed_events
from decisions.models import Determination, GateCheck, Proposal, Revision
from decisions.rules.gate import GateResult, Requirement
from decisions.rules.workflow import PROPOSAL, ProposalEvent, ProposalState
from decisions.selectors.gate import gate_of
from governance.selectors.physicians import physicians

PARTS = (
    ("summary", "What is proposed"),
    ("clinical_effect", "Effect on care"),
    ("operations", "How it will run"),
)


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """A proposal with its revisions, checks, determinations and the gate. A fixed number of queries."""

    proposal: Proposal
    revisions: list[Revision]
    checks: list[GateCheck]
    determinations: list[Determination]
    gate: GateResult
    events: frozenset[ProposalEvent]

    @property
    def current(self) -> Revision:
        return self.revisions[0]

    @property
    def open_requirements(self) -> list[Requirement]:
        """Those that a check can still settle."""
        return [one for one, _ in self.gate.missing if one is not Requirement.APPROVAL]

    @property
    def gate_rows(self) -> list[dict[str, Any]]:
        """Every requirement with what settled it, or the sentence that says what is missing."""
        settled = {check.requirement: check for check in self.checks}
        missing = dict(self.gate.missing)
        approval = next(
            (
                one
                for one in self.determinations
                if one.outcome == Determination.Outcome.APPROVED and one.revision_number == self.proposal.revision
            ),
            None,
        )
        return [
            {
                "requirement": one.label,
                "missing": missing.get(one, "").removeprefix(f"{one.label}: "),
                "check": settled.get(one),
                "approval": approval if one is Requirement.APPROVAL else None,
            }
            for one in Requirement
        ]


def dossier(proposal: Proposal) -> Dossier:
    """Everything the page of a proposal shows about it."""
    checks = list(proposal.checks.filter(revision_number=proposal.revision).select_related("person", "appointment"))
    return Dossier(
        proposal=proposal,
        revisions=list(proposal.revisions.select_related("person", "appointment")),
        checks=checks,
        determinations=list(proposal.determinations.select_related("person", "appointment", "proposer", "decision")),
        gate=gate_of(proposal, checks),
        events=frozenset(allowed_events(PROPOSAL, proposal.state)),
    )


def differences(old: Revision, new: Revision) -> list[dict[str, str]]:
    """The parts of two revisions beside each other, as components/diff.html takes them."""
    return [{"label": label, "old": getattr(old, part), "new": getattr(new, part)} for part, label in PARTS]


def may_determine(proposal: Proposal, author_id: object, person_id: object) -> bool:
    """Whether the rule that nobody determines an own revision lets this person; a sole physician may."""
    if proposal.state != ProposalState.SUBMITTED:
        return False
    return author_id != person_id or physicians(proposal.practice, timezone.now()) == 1
