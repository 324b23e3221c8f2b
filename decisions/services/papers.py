"""Papers under a proposal: put by whoever may propose, replaced and withdrawn by the side that put them."""

from django.conf import settings
from django.utils.module_loading import import_string

from audit.acts import current, service
from decisions.models import Paper, PaperVersion, PaperWithdrawal, Proposal
from decisions.rules.workflow import ProposalState
from decisions.services.paper_files import judged, standing, write_paper, write_version, write_withdrawal
from decisions.services.proposing import lock
from decisions.services.rules import PROPOSERS, RuleBroken, hold
from governance.authority import Ruling, take_part
from governance.models import Person

OPEN = frozenset({ProposalState.DRAFT, ProposalState.SUBMITTED, ProposalState.RETURNED})
"""States in which a proposal takes papers: what is determined stands on the papers it had."""


@service
def attach_to_proposal(*, actor: Person, proposal: Proposal, data: bytes, name: str, title: str = "") -> PaperVersion:
    """Put a file under a proposal; whoever may propose may. Without a title the file's name is one.

    Raises AuthorityRefused, RuleBroken.
    """
    file = judged(data, name)
    proposal, ruling = _enter(actor, proposal, "paper.attached", attempted=title or name)
    assert ruling.appointment
    made = write_paper(practice=proposal.practice, proposal=proposal, author=ruling.appointment, file=file, title=title)
    _tell(proposal)
    return made


@service
def replace_proposal_paper(
    *, actor: Person, paper: Paper, data: bytes, name: str, note: str, title: str = ""
) -> PaperVersion:
    """Put a new version in the place of a paper; the old one stays. By the side that put it.

    Raises AuthorityRefused, RuleBroken.
    """
    file = judged(data, name)
    ruling = _enter_paper(actor, paper, "paper.replaced", reason=note)
    assert ruling.appointment
    made = write_version(paper=paper, author=ruling.appointment, file=file, title=title, note=note)
    _tell(paper.proposal)
    return made


@service
def withdraw_proposal_paper(*, actor: Person, paper: Paper, reason: str) -> PaperWithdrawal:
    """Say that a paper is no longer relied on; nothing is deleted. By the side that put it.

    Raises AuthorityRefused, RuleBroken.
    """
    ruling = _enter_paper(actor, paper, "paper.withdrawn", reason=reason)
    assert ruling.appointment
    withdrawn = write_withdrawal(paper=paper, author=ruling.appointment, reason=reason)
    _tell(paper.proposal)
    return withdrawn


def _tell(proposal: Proposal | None) -> None:
    """Tell whoever shows the papers of a proposal elsewhere."""
    for path in settings.PAPERS_CHANGED:
        import_string(path)(proposal)


def _enter_paper(actor: Person, paper: Paper, verb: str, *, reason: str) -> Ruling:
    assert paper.proposal
    last = paper.versions.latest("number")
    _, ruling = _enter(actor, paper.proposal, verb, attempted=last.title, reason=reason)
    last = standing(paper)
    assert ruling.appointment
    if ruling.appointment.side != last.side:
        raise RuleBroken("paper", f"Paper: “{last.title}” is changed by the side that put it.")
    return ruling


def _enter(
    actor: Person, proposal: Proposal, verb: str, *, attempted: str, reason: str = ""
) -> tuple[Proposal, Ruling]:
    """Lock the proposal and open an act on it, as for its text."""
    hold(proposal.practice)
    proposal = lock(proposal)
    ruling = take_part(
        actor=actor,
        practice=proposal.practice,
        verb=verb,
        offices=PROPOSERS,
        right=proposal.right.code,
        reason=reason.strip(),
        attempted=attempted,
        about=proposal,
    )
    current().about(proposal, key=proposal.code)
    if proposal.state not in OPEN:
        raise RuleBroken(
            "paper",
            f"Paper: {proposal.code} is {ProposalState(proposal.state).label}, and its papers stay; a new revision "
            "takes new ones.",
        )
    return proposal, ruling
