"""Motions under an item, on another motion and on the meeting itself; their votes; their withdrawal."""

from collections.abc import Mapping

from django.db.models import Max

from audit.acts import record, service
from decisions.services.rules import RuleBroken, said
from governance.authority import moment
from governance.models import Person
from meetings.choices import PROCEDURE, Method, MotionKind, Role
from meetings.models import AgendaItem, Attendance, Ballot, Meeting, Motion, Vote
from meetings.rules.tally import Choice, Result, VoteRefused, tally
from meetings.rules.workflow import MeetingState
from meetings.selectors.ballots import ballots_on
from meetings.selectors.quorum import present_members, recused_from, rule_of, votes_under
from meetings.selectors.whereabouts import where
from meetings.services.base import enter_meeting, item_at_hand, require_state
from meetings.words import clock


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
    meeting, _ = enter_meeting(actor, item.meeting, "motion.made", attempted=text)
    item = item_at_hand(item, meeting)
    return _put(meeting, item, text=text, mover=mover, seconder=seconder, method=method)


@service
def amend_motion(
    *,
    actor: Person,
    motion: Motion,
    text: str,
    as_amended: str,
    mover: Attendance,
    seconder: Attendance | None,
    method: str = Method.ROLL_CALL,
) -> Motion:
    """Record a motion to amend a motion that waits; it is voted on first.

    `as_amended` is how the motion reads if the amendment carries; its first text stays beside it.
    Raises AuthorityRefused, RuleBroken.
    """
    meeting, _ = enter_meeting(actor, motion.meeting, "motion.made", attempted=text)
    motion = waiting_motion(motion)
    if motion.kind != MotionKind.MAIN or motion.item is None:
        raise RuleBroken("text", f"Motion {motion.number} is not amended: withdraw it and move another.")
    item = item_at_hand(motion.item, meeting)
    require_no_amendment(motion)
    said(as_amended=as_amended)
    if as_amended.split() == motion.wording.split():
        raise RuleBroken("as_amended", f"As amended: motion {motion.number} reads so already.")
    return _put(
        meeting,
        item,
        text=text,
        mover=mover,
        seconder=seconder,
        method=method,
        kind=MotionKind.AMENDMENT,
        amends=motion,
        as_amended=as_amended.strip(),
    )


@service
def move_procedure(
    *,
    actor: Person,
    meeting: Meeting,
    kind: str,
    text: str,
    mover: Attendance,
    seconder: Attendance | None,
    method: str = Method.VOICE,
) -> Motion:
    """Record a motion to amend the agenda of the meeting, or to adjourn it. Raises AuthorityRefused, RuleBroken."""
    meeting, _ = enter_meeting(actor, meeting, "motion.made", attempted=text)
    require_state(meeting, MeetingState.IN_SESSION)
    if kind not in PROCEDURE:
        raise RuleBroken("kind", f"Kind: a motion on the meeting is one of {', '.join(PROCEDURE)}, not “{kind}”.")
    if pending := meeting.motions.filter(item__isnull=True, decided_at__isnull=True).first():
        raise RuleBroken("text", f"Motion {pending.number} is not voted on yet.")
    return _put(meeting, None, text=text, mover=mover, seconder=seconder, method=method, kind=MotionKind(kind))


def _put(
    meeting: Meeting,
    item: AgendaItem | None,
    *,
    text: str,
    mover: Attendance,
    seconder: Attendance | None,
    method: str,
    kind: MotionKind = MotionKind.MAIN,
    amends: Motion | None = None,
    as_amended: str = "",
) -> Motion:
    said(text=text)
    _require_method(method)
    present, recused = present_members(meeting), recused_from(item) if item else set()
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
        kind=kind,
        amends=amends,
        number=(highest or 0) + 1,
        text=text.strip(),
        as_amended=as_amended,
        method=method,
        mover=mover,
        seconder=seconder,
        moved_at=moment(),
    )


def _require_method(method: str) -> None:
    if method not in Method:
        raise RuleBroken("method", f"Method: “{method}” is none of {', '.join(Method)}.")


def _may_move(field: str, member: Attendance, present: list[Attendance], recused: set[int]) -> None:
    label = field.capitalize()
    if member.role != Role.MEMBER:
        raise RuleBroken(field, f"{label}: {member.name} is no member of the body; only members move and vote.")
    if member not in present:
        raise RuleBroken(field, f"{label}: {member.name} is not in attendance. {where(member, moment())}")
    if member.pk in recused:
        raise RuleBroken(field, f"{label}: {member.name} is recused from this item.")


def waiting_motion(motion: Motion) -> Motion:
    """The motion as it stands now, with its amendments. Raises RuleBroken unless it waits for its vote."""
    motion = Motion.objects.select_related("item", "mover").prefetch_related("amendments").get(pk=motion.pk)
    if motion.decided_at:
        raise RuleBroken("votes", f"Votes: motion {motion.number} is {motion.get_result_display()} already.")
    return motion


def require_no_amendment(motion: Motion) -> None:
    """Raise RuleBroken while an amendment of the motion waits."""
    if first := next((one for one in motion.amendments.all() if one.decided_at is None), None):
        raise RuleBroken("votes", f"Motion {first.number} amends motion {motion.number} and is voted on first.")


@service
def record_votes(*, actor: Person, motion: Motion, votes: Mapping[int, str], method: str | None = None) -> Motion:
    """Record the votes on a motion with its result, at once; `votes` maps attendances' keys to choices.

    Whoever is not named voted by an own act, or is absent or recused, as the attendance and the disclosures have it.
    `method` is how it was voted on, where that differs from how the motion was put. What the actor records for others
    stands with both names; who voted by an own act is recorded as voting so.

    Raises AuthorityRefused, RuleBroken, and VoteRefused naming the person: nobody votes who is not in attendance, not
    a member, or recused, nobody present is left out, and no own act is contradicted.
    """
    meeting, _ = enter_meeting(actor, motion.meeting, "motion.voted", attempted=f"Motion {motion.number}")
    require_state(meeting, MeetingState.IN_SESSION)
    motion = waiting_motion(motion)
    require_no_amendment(motion)
    motion.method = method or motion.method
    _require_method(motion.method)
    recused = recused_from(item_at_hand(motion.item, meeting)) if motion.item else set()
    present, at = present_members(meeting), moment()
    attendances = list(meeting.attendances.prefetch_related("presences"))
    for attendance in attendances:
        attendance.meeting = meeting  # its clock tells when somebody left
    ballots = {ballot.attendance_id: ballot for ballot in ballots_on([motion]).values()}
    votes = _heeding(votes, ballots, [one for one in present if one.pk not in recused], meeting)
    roll = _roll(votes, attendances, present, recused)
    _require_there(roll, present)
    if motion.method == Method.UNANIMOUS:
        _require_unanimous(roll, present)
    counted = tally(roll, rule=rule_of(meeting.body), present=present, quorate_start=bool(meeting.quorate_start))
    for attendance, choice in roll.items():
        ballot = ballots.get(attendance.pk)
        record(Vote, motion=motion, attendance=attendance, ballot=ballot, choice=choice, voted_at=at)
    motion.decided_at, motion.result, motion.sentence = at, counted.result, counted.sentence
    motion.votes_for, motion.votes_against, motion.abstentions = counted.for_, counted.against, counted.abstain
    motion.present, motion.needed = len(present), counted.needed
    motion.save()
    return motion


@service
def withdraw_motion(*, actor: Person, motion: Motion) -> Motion:
    """Record that the mover withdraws a motion before the vote; its text stays. Raises AuthorityRefused, RuleBroken."""
    meeting, _ = enter_meeting(actor, motion.meeting, "motion.withdrawn", attempted=f"Motion {motion.number}")
    require_state(meeting, MeetingState.IN_SESSION)
    motion = waiting_motion(motion)
    require_no_amendment(motion)
    if motion.mover not in present_members(meeting):
        raise RuleBroken(
            "votes", f"{motion.mover.name}, who moved it, is not in attendance. {where(motion.mover, moment())}"
        )
    motion.decided_at, motion.result = moment(), Result.WITHDRAWN
    motion.sentence = f"Withdrawn by {motion.mover.name} before the vote."
    motion.votes_for = motion.votes_against = motion.abstentions = 0
    motion.save()
    return motion


def _heeding(
    votes: Mapping[int, str], ballots: Mapping[int, Ballot], voting: list[Attendance], meeting: Meeting
) -> dict[int, str]:
    """The votes with those cast by own acts. Raises VoteRefused where one was to be recorded otherwise."""
    cast = {member: ballots[member.pk] for member in voting if member.pk in ballots}
    for member, ballot in cast.items():
        if votes.get(member.pk, ballot.choice) != ballot.choice:
            at = clock(meeting.practice.local(ballot.cast_at).isoformat())
            raise VoteRefused(
                member, f"voted “{ballot.choice}” by an own act at {at}; only another own act changes it."
            )
    return {**votes, **{member.pk: ballot.choice for member, ballot in cast.items()}}


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


def _require_there(roll: Mapping[Attendance, Choice], present: list[Attendance]) -> None:
    """A vote by somebody who is not there is a contradiction; the question says who, and since when."""
    for member, choice in roll.items():
        if choice not in (Choice.RECUSED, Choice.ABSENT) and member not in present:
            raise VoteRefused(
                member, f"only a member present at the vote may vote; there are no proxies. {where(member, moment())}"
            )


def _require_unanimous(roll: Mapping[Attendance, Choice], present: list[Attendance]) -> None:
    for member in present:
        if roll.get(member) not in (Choice.FOR, Choice.RECUSED, None):
            raise VoteRefused(member, "unanimous consent needs everybody's; call the roll instead.")
