"""Motions and their votes, and what an item leads to: a decision, a determination, a corrective action."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import Max

from audit.acts import record, service
from decisions.models import CorrectiveAction, Decision, Determination
from decisions.services.actions import write_action
from decisions.services.deciding import write_decision
from decisions.services.determining import write_determination
from decisions.services.rules import RuleBroken, hold, said
from governance.authority import Ruling, exercise, moment, offices_of, take_part
from governance.choices import BodyKind, Exerciser
from governance.models import Person
from meetings.choices import Method, Role
from meetings.models import AgendaItem, Attendance, ItemAction, ItemDecision, Meeting, Motion, Vote
from meetings.rules.tally import Choice, Result, VoteRefused, tally
from meetings.selectors.quorum import present_members, recused_from, rule_of, votes_under
from meetings.services.base import OVERSIGHT, RECORDERS, item_at_hand, lock_meeting, name_meeting


def _enter(actor: Person, meeting: Meeting, verb: str, attempted: str) -> Meeting:
    meeting = lock_meeting(meeting)
    take_part(
        actor=actor,
        practice=meeting.practice,
        verb=verb,
        offices=RECORDERS,
        right=OVERSIGHT,
        about=meeting,
        attempted=attempted,
    )
    name_meeting(meeting)
    return meeting


@service
def make_motion(
    *,
    actor: Person,
    item: AgendaItem,
    text: str,
    mover: Attendance,
    seconder: Attendance | None,
    method: str = Method.ROLL_CALL,
) -> Motion:
    """Record a motion under an item. Mover and seconder are members in the meeting, and not recused from the item.

    A body of one seat needs no seconder. Raises AuthorityRefused, RuleBroken; the latter with the rule's own sentence
    when no action is possible.
    """
    meeting = _enter(actor, item.meeting, "motion.made", text)
    item = item_at_hand(item, meeting)
    said(text=text)
    if method not in Method:
        raise RuleBroken("method", f"Method: “{method}” is none of {', '.join(Method)}.")
    present, recused = present_members(meeting), recused_from(item)
    possible = votes_under(meeting, present, recused)
    if possible.needed is None:
        raise RuleBroken("text", possible.sentence)
    if seconder is None and meeting.body.authorized > 1:
        raise RuleBroken("seconder", "Seconder: a motion is seconded by another member.")
    for field, member in (("mover", mover), ("seconder", seconder)):
        if member is not None:
            _may_move(field, member, present, recused)
    if seconder == mover:
        raise RuleBroken("seconder", "Seconder: a motion is seconded by another member than its mover.")
    highest = meeting.motions.aggregate(n=Max("number"))["n"]
    return Motion.objects.create(
        meeting=meeting,
        item=item,
        number=(highest or 0) + 1,
        text=text.strip(),
        method=method,
        mover=mover,
        seconder=seconder,
        moved_at=moment(),
    )


def _may_move(field: str, member: Attendance, present: list[Attendance], recused: set[int]) -> None:
    label = field.capitalize()
    if member.role != Role.MEMBER:
        raise RuleBroken(field, f"{label}: {member.name} is no member of the body; only members move and vote.")
    if member not in present:
        raise RuleBroken(field, f"{label}: {member.name} is not in attendance.")
    if member.pk in recused:
        raise RuleBroken(field, f"{label}: {member.name} is recused from this item.")


@service
def record_votes(*, actor: Person, motion: Motion, votes: Mapping[int, str]) -> Motion:
    """Record the roll call of a motion with its result, at once; `votes` maps attendances' keys to choices.

    Whoever is not named is absent or recused, as the attendance and the disclosures have it.

    Raises AuthorityRefused, RuleBroken, and VoteRefused naming the person: nobody votes who is not in attendance, not
    a member, or recused, and nobody present is left out.
    """
    meeting = _enter(actor, motion.meeting, "motion.voted", f"Motion {motion.number}")
    motion = Motion.objects.select_related("item").get(pk=motion.pk)
    if motion.decided_at:
        raise RuleBroken("votes", f"Votes: motion {motion.number} is {motion.get_result_display()} already.")
    item = item_at_hand(motion.item, meeting)
    present, recused = present_members(meeting), recused_from(item)
    roll = _roll(votes, list(meeting.attendances.all()), present, recused)
    if motion.method == Method.UNANIMOUS:
        _require_unanimous(roll, present)
    counted = tally(roll, rule=rule_of(meeting.body), present=present, quorate_start=bool(meeting.quorate_start))
    at = moment()
    for attendance, choice in roll.items():
        record(Vote, motion=motion, attendance=attendance, choice=choice, voted_at=at)
    motion.decided_at, motion.result, motion.sentence = at, counted.result, counted.sentence
    motion.votes_for, motion.votes_against, motion.abstentions = counted.for_, counted.against, counted.abstain
    motion.present, motion.needed = len(present), counted.needed
    motion.save()
    return motion


def _roll(
    votes: Mapping[int, str], attendances: list[Attendance], present: list[Attendance], recused: set[int]
) -> dict[Attendance, Choice]:
    """The complete roll call: what was said, the recused, and the absent."""
    known = {attendance.pk: attendance for attendance in attendances}
    for key, word in votes.items():
        person = known.get(key)
        if person is None or person.role != Role.MEMBER:
            raise VoteRefused(person or key, "only members of the body vote.")
        if word not in Choice:
            raise VoteRefused(person, f"“{word}” is no vote.")
        if word == Choice.RECUSED and key not in recused:
            raise VoteRefused(person, "an interest is disclosed before the vote.")
        if word not in (Choice.RECUSED, Choice.ABSENT) and key in recused:
            raise VoteRefused(person, "recused from this item.")
    roll = {known[key]: Choice(word) for key, word in votes.items()}
    for member in attendances:
        if member.role == Role.MEMBER and member not in roll:
            if member.pk in recused:
                roll[member] = Choice.RECUSED
            elif member not in present:
                roll[member] = Choice.ABSENT
    return roll


def _require_unanimous(roll: Mapping[Attendance, Choice], present: list[Attendance]) -> None:
    for member in present:
        if roll.get(member) not in (Choice.FOR, Choice.RECUSED, None):
            raise VoteRefused(member, "unanimous consent needs everybody's; call the roll instead.")


_BODIES = {Exerciser.BOARD: BodyKind.BOARD, Exerciser.COMMITTEE: BodyKind.COMMITTEE}
"""Which body's vote a collective decider speaks by. Shareholders act by a meeting or consent of their own."""
_COLLECTIVE = frozenset({*_BODIES, Exerciser.SHAREHOLDERS})

VERBS = {
    Determination.Outcome.APPROVED: "proposal.approved",
    Determination.Outcome.RETURNED: "proposal.returned",
    Determination.Outcome.REFUSED: "proposal.refused",
}


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
        ruling=ruling, title=title, text=text, rationale=rationale, body_name=meeting.body.name if motion else ""
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
        verb=VERBS[Determination.Outcome(outcome)],
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
        body_name=meeting.body.name if motion else "",
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

    Raises RuleBroken when it is missing, another item's, not carried, or of a body that does not decide this right.
    """
    if motion is not None:
        motion = Motion.objects.get(pk=motion.pk)
        if motion.item_id != item.pk:
            raise RuleBroken("motion", f"Motion: motion {motion.number} belongs to another item.")
        if motion.result != Result.CARRIED:
            now = motion.get_result_display() or "not voted on yet"
            raise RuleBroken("motion", f"Motion: motion {motion.number} is {now}; a decision stands on a carried one.")
    if _decides_alone(ruling):
        return motion
    right = ruling.right
    assert right is not None
    if meeting.body.kind not in {_BODIES[one] for one in map(Exerciser, right.exercised_by) if one in _BODIES}:
        raise RuleBroken("motion", f"Motion: {right.code} is decided by the {right.deciders}, not by {meeting.body}.")
    if motion is None:
        raise RuleBroken(
            "motion", f"Motion: {right.code} is decided by the {right.deciders}; name the motion that carried it."
        )
    return motion


def _decides_alone(ruling: Ruling) -> bool:
    """Whether one of the actor's offices exercises the right by itself, and not as one vote of a body."""
    assert ruling.right is not None
    named = set(ruling.right.exercised_by) - _COLLECTIVE
    return any(held.exercises & named for held in offices_of(ruling.person, ruling.practice))
