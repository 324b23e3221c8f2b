"""Motions under an item, and their votes."""

from collections.abc import Mapping

from django.db.models import Max

from audit.acts import record, service
from decisions.services.rules import RuleBroken, said
from governance.authority import moment, take_part
from governance.models import Person
from meetings.choices import Method, Role
from meetings.models import AgendaItem, Attendance, Meeting, Motion, Vote
from meetings.rules.tally import Choice, VoteRefused, tally
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
