"""How a decision enters the log. A plain function: it writes inside whatever act decides."""

from audit.acts import record
from decisions.models import Decision
from decisions.models.base import by
from decisions.services.bodies import IN_WRITING, speaking_as
from decisions.services.rules import RuleBroken, said
from governance.authority import Ruling, moment
from governance.models import Body, Practice
from governance.models.scoped import next_number


def write_decision(
    *,
    ruling: Ruling,
    title: str,
    text: str,
    rationale: str,
    body: Body | None = None,
    consented: str = "",
    supersedes: Decision | None = None,
) -> Decision:
    """Enter a decision under the right just exercised, inside the current act.

    `body` is the one that took it, by a motion that carried; `consented` the name of one all of whose members consented
    in writing; without either the office decided alone. Raises RuleBroken, also where somebody would decide for a body.
    """
    right, appointment = ruling.right, ruling.appointment
    if right is None or appointment is None:
        raise ValueError("ruling: a decision is written under a right that was exercised.")
    body_name = f"{consented}{IN_WRITING}" if consented else speaking_as(ruling, body)
    said(title=title, text=text, rationale=rationale)
    if supersedes is not None:
        _check_supersedes(ruling.practice, right.code, supersedes)
    at = moment()
    return record(
        Decision,
        practice=ruling.practice,
        **next_number(Decision, ruling.practice, ruling.practice.local(at).year),
        right=right,
        holder=right.holder,
        title=title,
        text=text,
        rationale=rationale,
        decided_at=at,
        body_name=body_name,
        supersedes=supersedes,
        **by(appointment),
    )


def _check_supersedes(practice: Practice, right: str, earlier: Decision) -> None:
    if earlier.practice_id != practice.pk:
        raise RuleBroken("supersedes", "Supersedes: this is no decision of this practice.")
    if earlier.right.code != right:
        raise RuleBroken(
            "supersedes", f"Supersedes: {earlier.code} was decided under {earlier.right.code}, not under {right}."
        )
    later = Decision.objects.filter(supersedes=earlier).first()
    if later:
        raise RuleBroken("supersedes", f"Supersedes: {earlier.code} is superseded already, by {later.code}.")
