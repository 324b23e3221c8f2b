"""What a member says to a notice that was short: a waiver, by the member alone, or a protest (Corp. Code 307(a)(3))."""

from audit.acts import record, service
from decisions.models.base import by
from decisions.services.rules import RuleBroken
from governance.authority import Ruling, moment, take_part
from governance.choices import BodyKind
from governance.models import Person
from meetings.choices import Role, Said
from meetings.models import Attendance, Ballot, Meeting, Minutes, NoticeAnswer, Vote
from meetings.rules.notice import Word
from meetings.rules.workflow import MeetingState, MinutesState
from meetings.selectors.notice import MemberNotice, notice_state
from meetings.services.base import OVERSIGHT, RECORDERS, lock_meeting, name_meeting
from meetings.words import clock, weekday


def waiver_of(meeting: Meeting) -> str:
    """What a member affirms who waives notice: of which meeting, and what it means."""
    at = meeting.practice.local(meeting.starts_at)
    when = f"{weekday(at.isoformat())}, {clock(at.isoformat())}"
    law = "" if meeting.body.kind == BodyKind.ADVISORY else " (Corp. Code 307(a)(3))"
    return (
        f"I waive notice of the {meeting.kind} of the {meeting.body} called for {when}, "
        f"and file this waiver with its minutes{law}."
    )


PROTEST = "I protest, before or at its commencement, that notice of this meeting was lacking."


@service
def waive_notice(*, actor: Person, meeting: Meeting, meaning: str) -> NoticeAnswer:
    """Waive notice of the meeting for the time for which it is called: by a member alone, before or after it.

    Until the minutes are signed. Raises AuthorityRefused, RuleBroken.
    """
    meeting = lock_meeting(meeting)
    ruling = _enter(actor, meeting, "notice.waived", {meeting.body.seat})
    seat, state = _short(meeting, meeting.attendances.filter(person=actor, role=Role.MEMBER).first())
    if state.word == Word.WAIVED:
        raise RuleBroken("meaning", "You waived notice of this meeting already.")
    if meaning != waiver_of(meeting):
        raise RuleBroken("meaning", "Meaning: affirm the sentence that says what your waiver means; it names the time.")
    return _say(ruling, seat, meeting, Said.WAIVES, meaning)


@service
def protest_notice(*, actor: Person, attendance: Attendance) -> NoticeAnswer:
    """Record that a member protests the lack of notice: the member, or for one in the room whoever records there.

    Before the meeting or at its commencement: who has voted in it attends it. Raises AuthorityRefused, RuleBroken.
    """
    meeting = lock_meeting(attendance.meeting)
    own = attendance.person_id == actor.pk
    ruling = _enter(actor, meeting, "notice.protested", {meeting.body.seat} if own else RECORDERS, attendance.name)
    if meeting.state == MeetingState.ADJOURNED:
        raise RuleBroken("notice", "Notice: a protest is made before the meeting or at its commencement.")
    seat, state = _short(meeting, meeting.attendances.filter(pk=attendance.pk, role=Role.MEMBER).first())
    if state.word == Word.WAIVED:
        raise RuleBroken("notice", f"Notice: {seat.name} waived it.")
    if state.word == Word.PROTESTED:
        raise RuleBroken("notice", f"Notice: the protest of {seat.name} is recorded already.")
    voted = Vote.objects.filter(attendance=seat).exclude(choice__in=["absent", "recused"])
    if voted.exists() or Ballot.objects.filter(attendance=seat).exists():
        raise RuleBroken(
            "notice", f"Notice: {seat.name} has voted in this meeting; a protest is made at its commencement."
        )
    if not own and not seat.presences.exists():
        raise RuleBroken("notice", f"Notice: {seat.name} is not there; who is away protests in person, from this page.")
    return _say(ruling, seat, meeting, Said.PROTESTS, PROTEST)


def _enter(actor: Person, meeting: Meeting, verb: str, offices: set[str] | frozenset[str], name: str = "") -> Ruling:
    ruling = take_part(
        actor=actor,
        practice=meeting.practice,
        verb=verb,
        offices=offices,
        right=OVERSIGHT,
        about=meeting,
        attempted=f"{meeting}{f': {name}' if name else ''}",
    )
    name_meeting(meeting)
    if meeting.state == MeetingState.CANCELED:
        raise RuleBroken("notice", "Notice: the meeting is canceled.")
    if Minutes.objects.filter(meeting=meeting, state=MinutesState.SIGNED).exists():
        raise RuleBroken("notice", "Notice: the minutes are signed; what is filed with them stays as it is.")
    return ruling


def _short(meeting: Meeting, seat: Attendance | None) -> tuple[Attendance, MemberNotice]:
    """The member's seat, and how it stands with the notice. Raises RuleBroken where it is not short for that member."""
    if seat is None:
        raise RuleBroken("notice", "Notice: only a member of the body, asked to this meeting, is owed notice.")
    seats = list(meeting.attendances.prefetch_related("presences"))
    state = notice_state(meeting, seats, moment())
    found = state.of(seat.person_id) if state else None
    if found is None or found.word in (Word.IN_TIME, Word.OPEN):
        raise RuleBroken("notice", f"Notice: {seat.name} has notice in time; there is nothing to waive or protest.")
    return seat, found


def _say(ruling: Ruling, seat: Attendance, meeting: Meeting, said: Said, meaning: str) -> NoticeAnswer:
    assert ruling.appointment
    return record(
        NoticeAnswer,
        **by(ruling.appointment),
        attendance=seat,
        said=said,
        starts_at=meeting.starts_at,
        meaning=meaning,
        printed_name=str(ruling.person),
        office_name=ruling.appointment.get_office_display(),
        answered_at=moment(),
    )
