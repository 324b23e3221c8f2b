"""A member votes by an own act, in the own seat, until the result is recorded."""

from audit.acts import record, service
from audit.context import circumstances
from decisions.services.rules import RuleBroken
from governance.authority import moment, take_part
from governance.models import Person
from meetings.choices import Role
from meetings.models import Ballot, Motion
from meetings.rules.tally import CAST
from meetings.rules.workflow import MeetingState
from meetings.selectors.ballots import ballots_on
from meetings.selectors.quorum import present_members, recused_from
from meetings.selectors.whereabouts import where
from meetings.services.base import OVERSIGHT, item_at_hand, lock_meeting, name_meeting, require_state
from meetings.services.motions import require_no_amendment, waiting_motion


@service
def cast_ballot(*, actor: Person, motion: Motion, choice: str, amended_by: int | None = None) -> Ballot:
    """Vote on a motion that waits, or vote anew: by a member in attendance, with a license in force.

    `choice` is for, against or abstain. `amended_by` is the key of the newest amendment that had carried when the actor
    read the motion. The newest ballot is what the result counts. Raises AuthorityRefused, RuleBroken.
    """
    meeting = lock_meeting(motion.meeting)
    take_part(
        actor=actor,
        practice=meeting.practice,
        verb="vote.cast",
        offices={meeting.body.seat},
        right=OVERSIGHT,
        licensed=True,
        about=meeting,
        attempted=f"Motion {motion.number}: {choice}",
    )
    name_meeting(meeting)
    if circumstances().flag == "back-entry":
        raise RuleBroken("choice", "Vote: an own act is done at the vote; afterwards chair or secretary records it.")
    require_state(meeting, MeetingState.IN_SESSION)
    motion = waiting_motion(motion)
    require_no_amendment(motion)
    recused = recused_from(item_at_hand(motion.item, meeting)) if motion.item else set()
    if choice not in CAST:
        raise RuleBroken("choice", f"Vote: “{choice}” is none of for, against and abstain.")
    seat = meeting.attendances.filter(person=actor, role=Role.MEMBER).first()
    if seat is None:
        raise RuleBroken("choice", "Vote: only members of the body who are asked to this meeting vote.")
    if seat.pk in recused:
        raise RuleBroken("choice", f"Vote: {seat.name} is recused from this item.")
    if seat not in present_members(meeting):
        seat.meeting = meeting  # its clock tells when somebody left
        raise RuleBroken(
            "choice", f"Vote: only a member in attendance votes; there are no proxies. {where(seat, moment())}"
        )
    newest = motion.amended_by
    if amended_by != (newest.pk if newest else None):
        raise RuleBroken(
            "choice", f"Vote: motion {motion.number} was amended meanwhile. Read it as it is now, then vote."
        )
    standing = ballots_on([motion]).get((motion.pk, seat.pk))
    if standing and standing.choice == choice:
        raise RuleBroken("choice", f"Vote: you voted “{choice}” on motion {motion.number} already.")
    return record(Ballot, motion=motion, amended_by=newest, attendance=seat, choice=choice, cast_at=moment())
