"""The decision log and the operational log."""

from collections.abc import Mapping
from datetime import date

from audit.acts import current, service
from decisions.models import Decision, OperationalItem, Proposal
from decisions.models.base import by
from decisions.rules.screen import CHANGE_RIGHT, AnswerRefused, Question
from decisions.rules.screen import screen as judge
from decisions.services.deciding import write_decision
from decisions.services.proposing import write_proposal
from decisions.services.rules import RuleBroken, hold, said, today
from governance.authority import exercise, moment
from governance.choices import Side
from governance.models import Person, Practice
from governance.models.scoped import next_number

__all__ = ["ClinicalEffect", "log_item", "pull_over_the_line", "record_decision", "write_decision"]


class ClinicalEffect(ValueError):
    """The screen found clinical effect: the item goes to the physicians as a proposal (DR-22)."""

    field = "screen"

    def __init__(self, touched: tuple[Question, ...]) -> None:
        self.touched = touched
        rights = ", ".join(question.right for question in touched)
        super().__init__(f"This has clinical effect: it touches {rights}. Propose it to the physicians.")


@service
def record_decision(
    *,
    actor: Person,
    practice: Practice,
    right: str,
    title: str,
    text: str,
    rationale: str,
    supersedes: Decision | None = None,
) -> Decision:
    """Decide under a right of the catalogue, in one's own office; a body decides in its meeting.

    Raises AuthorityRefused, RuleBroken.
    """
    hold(practice)
    ruling = exercise(actor=actor, practice=practice, right=right, verb="decision.recorded", attempted=title)
    decision = write_decision(ruling=ruling, title=title, text=text, rationale=rationale, supersedes=supersedes)
    current().about(decision, key=decision.code)
    return decision


@service
def log_item(
    *,
    actor: Person,
    practice: Practice,
    right: str,
    category: str,
    title: str,
    detail: str,
    happened_on: date,
    screen: Mapping[str, bool],
) -> OperationalItem:
    """Log what the MSO did under a right it holds; `screen` holds the seven answers.

    Raises AuthorityRefused for a right the actor's side does not hold, ClinicalEffect when an answer is yes,
    RuleBroken.
    """
    hold(practice)
    ruling = exercise(actor=actor, practice=practice, right=right, verb="operation.logged", attempted=title)
    assert ruling.right
    assert ruling.appointment
    if ruling.right.holder != Side.MSO:
        raise RuleBroken("right", f"Right: {right} is the physicians' own; record a decision instead.")
    said(title=title, detail=detail)
    if category not in OperationalItem.Category:
        raise RuleBroken("category", f"Category: there is no category “{category}”.")
    if happened_on > today(practice):
        raise RuleBroken("happened_on", "Happened on: only what has happened is logged; this day is in the future.")
    try:
        result = judge(screen)
    except AnswerRefused as refusal:
        raise RuleBroken(refusal.code, str(refusal)) from refusal
    if result.clinical:
        raise ClinicalEffect(result.touched)
    item = OperationalItem.objects.create(
        practice=practice,
        **next_number(OperationalItem, practice, practice.local(moment()).year),
        right=ruling.right,
        holder=ruling.right.holder,
        category=category,
        title=title,
        detail=detail,
        happened_on=happened_on,
        screen=dict(screen),
        **by(ruling.appointment),
    )
    current().about(item, key=item.code)
    return item


@service
def pull_over_the_line(*, actor: Person, item: OperationalItem, reason: str) -> Proposal:
    """Declare that a logged item has clinical effect: it becomes a proposal, and the physicians determine it (DR-22).

    It stands returned: the MSO answers with a revision of its own, and whoever pulled the item may determine that.
    Raises AuthorityRefused, RuleBroken.
    """
    practice = item.practice
    hold(practice)
    item = OperationalItem.objects.select_for_update(no_key=True, of=("self",)).get(pk=item.pk)
    ruling = exercise(
        actor=actor,
        practice=practice,
        right=CHANGE_RIGHT,
        verb="operation.pulled",
        reason=reason,
        attempted=f"{item.code} {item.title}",
    )
    assert ruling.appointment
    said(reason=reason)
    if item.state != OperationalItem.State.LOGGED:
        raise RuleBroken("reason", f"{item.code} is over the line already.")
    item.state, item.pull_reason = OperationalItem.State.PULLED, reason
    item.save()
    current().about(item, key=item.code)
    return write_proposal(
        practice=practice,
        author=ruling.appointment,
        kind=Proposal.Kind.OPERATIONAL,
        title=item.title,
        summary=item.detail,
        clinical_effect=reason,
        operations=f"Logged as {item.code} on {item.happened_on:%-d %B %Y}: {item.detail}",
        screen=item.screen,
        change_note=f"Pulled over the line by {actor}.",
        from_item=item,
    )
