"""The go-live gate: seven requirements, each met or waived by the physicians with a reason."""

from collections.abc import Iterable
from dataclasses import dataclass

from audit.labels import LabelledEnum

PC = "PC"


class Requirement(LabelledEnum):
    """What a revision needs before it may go live."""

    APPROVAL = "approval", "Physician approval of this exact revision"
    PROTOCOL = "protocol", "Protocol in force"
    SUPERVISION = "supervision", "Supervision valid and inside the ratio"
    CREDENTIALING = "credentialing", "Credentialed staff"
    EQUIPMENT = "equipment", "Equipment and supplies approved"
    PUBLIC_CLAIMS = "public_claims", "Public claims cleared by counsel"
    TRAINING = "training", "Training complete"


class CheckState(LabelledEnum):
    """What a check of a requirement found."""

    MET = "met"
    WAIVED = "waived"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Check:
    """One check of one requirement, made for one revision.

    by_side: "PC" or "MSO", the side on which whoever recorded it holds office.
    """

    requirement: Requirement
    state: CheckState
    revision: int
    by_side: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GateResult:
    """Whether the gate is open, and each requirement still missing with a sentence that says why."""

    open: bool
    missing: tuple[tuple[Requirement, str], ...]


def gate(revision: int, approved_revision: int | None, checks: Iterable[Check]) -> GateResult:
    """Judge the gate for ``revision``; ``approved_revision`` is the one the physicians approved, if any.

    ``checks`` stand in order of time: of several for one requirement the last one counts. Checks made
    for another revision do not count. The approval is read from ``approved_revision`` alone, so that no
    check can stand in for it.
    """
    latest = {check.requirement: check for check in checks if check.revision == revision}
    missing = []
    for requirement in Requirement:
        if requirement is Requirement.APPROVAL:
            obstacle = _approval_obstacle(revision, approved_revision)
        else:
            obstacle = _obstacle(requirement, latest.get(requirement), revision)
        if obstacle:
            missing.append((requirement, obstacle))
    return GateResult(not missing, tuple(missing))


def waiver_obstacle(requirement: Requirement, *, by_side: str, reason: str) -> str:
    """Why a waiver does not hold, as a sentence; empty when it does."""
    if requirement is Requirement.APPROVAL:
        return f"{requirement.label} cannot be waived."
    if by_side != PC:
        return f"{requirement.label}: only the PC may waive it, not the {by_side or 'unnamed side'}."
    if not reason.strip():
        return f"{requirement.label}: a waiver needs a reason."
    return ""


def _approval_obstacle(revision: int, approved_revision: int | None) -> str:
    if approved_revision == revision:
        return ""
    if approved_revision is None:
        return f"Revision {revision} has no physician approval; this cannot be waived."
    return (
        f"The physicians approved revision {approved_revision}, not revision {revision}; "
        "an edit voids the approval and this cannot be waived."
    )


def _obstacle(requirement: Requirement, check: Check | None, revision: int) -> str:
    if check is None:
        return f"{requirement.label}: not checked for revision {revision}."
    match check.state:
        case CheckState.MET:
            return ""
        case CheckState.WAIVED:
            return waiver_obstacle(requirement, by_side=check.by_side, reason=check.reason)
        case CheckState.OPEN:
            return f"{requirement.label}: {check.reason.strip() or 'not met yet'}"
