"""What an item leads to: a decision, a determination, a corrective action."""

from datetime import date, datetime

from audit.acts import record, service
from decisions.models import CorrectiveAction, Decision, Determination
from decisions.services.actions import write_action
from decisions.services.bodies import MEMBERS_OF, is_sole
from decisions.services.deciding import write_decision
from decisions.services.determining import write_determination
from decisions.services.rules import RuleBroken, hold
from governance.authority import Ruling, exercise, take_part
from governance.models import Person
from meetings.choices import MotionKind
from meetings.models import AgendaItem, ItemAction, ItemDecision, Meeting, Motion
from meetings.rules.tally import Result
from meetings.services.base import RECORDERS, item_at_hand, lock_meeting, name_meeting


def _lock(item: AgendaItem) -> Meeting:
    hold(item.meeting.practice)
    return lock_meeting(item.meeting)


@service
def decide_under_item(
    *, actor: Person, item: AgendaItem, right: str, title: str, text: str, rationale: str, motion: Motion | None = None
) -> Decision:
    """Record a decision taken under an item, by the right's holder; the board decides by a carried motion.

    Raises AuthorityRefused, RuleBroken.
    """
    meeting = _lock(item)
    ruling = exercise(
        actor=actor, practice=meeting.practice, right=right, verb="decision.recorded", attempted=title, about=meeting
    )
    name_meeting(meeting)
    item = item_at_hand(item, meeting)
    _not_recused(actor, item)
    motion = _carried(ruling, meeting, item, motion)
    decision = write_decision(
        ruling=ruling, title=title, text=text, rationale=rationale, body=meeting.body if motion else None
    )
    record(ItemDecision, item=item, decision=decision, motion=motion)
    return decision


@service
def determine_under_item(
    *,
    actor: Person,
    item: AgendaItem,
    outcome: str,
    rationale: str,
    conditions: str = "",
    motion: Motion | None = None,
    opened_at: datetime | None = None,
) -> Determination:
    """Determine the proposal of an item, at exactly the revision that the agenda names.

    Raises AuthorityRefused, IllegalTransition, RuleBroken.
    """
    meeting = _lock(item)
    if item.proposal is None:
        raise RuleBroken("outcome", f"Outcome: item {item.position} has no proposal to determine.")
    if outcome not in Determination.Outcome:
        raise RuleBroken("outcome", f"Outcome: a proposal is {', '.join(Determination.Outcome)}, not “{outcome}”.")
    ruling = exercise(
        actor=actor,
        practice=meeting.practice,
        right=item.proposal.right.code,
        verb=f"proposal.{outcome}",
        attempted=str(item.proposal),
        about=meeting,
    )
    name_meeting(meeting)
    item = item_at_hand(item, meeting)
    assert item.proposal
    assert item.revision_number
    _not_recused(actor, item)
    motion = _carried(ruling, meeting, item, motion)
    determination = write_determination(
        ruling=ruling,
        proposal=item.proposal,
        revision=item.revision_number,
        outcome=outcome,
        rationale=rationale,
        conditions=conditions,
        body=meeting.body if motion else None,
        opened_at=opened_at,
    )
    if determination.decision:
        record(ItemDecision, item=item, decision=determination.decision, motion=motion)
    return determination


@service
def open_action_under_item(
    *,
    actor: Person,
    item: AgendaItem,
    title: str,
    root_cause: str,
    action: str,
    strength: str,
    owner: Person,
    due_on: date,
    measure: str,
    verifier: Person,
) -> CorrectiveAction:
    """Open a corrective action that the body set under an item. Raises AuthorityRefused, RuleBroken."""
    meeting = _lock(item)
    take_part(
        actor=actor,
        practice=meeting.practice,
        verb="action.opened",
        offices=RECORDERS,
        right="DR-19",
        about=meeting,
        attempted=title,
    )
    name_meeting(meeting)
    item = item_at_hand(item, meeting)
    opened = write_action(
        practice=meeting.practice,
        title=title,
        root_cause=root_cause,
        action=action,
        strength=strength,
        owner=owner,
        due_on=due_on,
        measure=measure,
        verifier=verifier,
    )
    record(ItemAction, item=item, corrective_action=opened)
    return opened


def _not_recused(actor: Person, item: AgendaItem) -> None:
    """Raise RuleBroken where the actor disclosed an interest in the item: another holder of the right decides."""
    if item.recusals.filter(attendance__person=actor).exists():
        raise RuleBroken("item", f"You are recused from item {item.position}; another holder of the right decides it.")


def _carried(ruling: Ruling, meeting: Meeting, item: AgendaItem, motion: Motion | None) -> Motion | None:
    """The motion on which the decision stands. It is required where the actor decides only as one of a body.

    Raises RuleBroken when it is missing, another item's or not carried.
    """
    if motion is not None:
        motion = Motion.objects.get(pk=motion.pk)
        if motion.item_id != item.pk:
            raise RuleBroken("motion", f"Motion: motion {motion.number} belongs to another item.")
        if motion.kind != MotionKind.MAIN:
            raise RuleBroken("motion", f"Motion: motion {motion.number} amends another; name the motion itself.")
        if motion.result != Result.CARRIED:
            now = motion.get_result_display() or "not voted on yet"
            raise RuleBroken("motion", f"Motion: motion {motion.number} is {now}; a decision stands on a carried one.")
    appointment, right = ruling.appointment, ruling.right
    assert appointment is not None
    assert right is not None
    if motion is None and appointment.office in MEMBERS_OF and not is_sole(appointment):
        raise RuleBroken(
            "motion", f"Motion: {right.code} is decided by the {right.deciders}; name the motion that carried it."
        )
    return motion
