"""The answer to an invitation: by the person alone."""

from audit.acts import current, service
from decisions.services.rules import RuleBroken
from governance.authority import moment, take_part
from governance.models import Person
from meetings.choices import Coming
from meetings.models import Meeting, Reply
from meetings.rules.workflow import BEFORE_SESSION
from meetings.services.base import lock_meeting, require_state


@service
def reply(*, actor: Person, meeting: Meeting, answer: str) -> Reply:
    """Say whether one comes, for the time for which the meeting is called now; the last answer holds.

    It excuses nobody and counts for no quorum: chair and secretary read from it what to expect.
    Raises AuthorityRefused, RuleBroken.
    """
    meeting = lock_meeting(meeting)
    take_part(actor=actor, practice=meeting.practice, verb="invitation.answered", about=meeting, attempted=f"{answer}")
    require_state(meeting, *BEFORE_SESSION)
    if answer not in Coming:
        raise RuleBroken("answer", f"Answer: “{answer}” is none of {', '.join(Coming)}.")
    seat = meeting.attendances.filter(person=actor).first()
    if seat is None:
        raise RuleBroken("answer", "Answer: you are not asked to this meeting.")
    found = Reply.objects.filter(attendance=seat).first() or Reply(attendance=seat)
    if not found._state.adding and (found.answer, found.starts_at) == (answer, meeting.starts_at):
        raise RuleBroken("answer", f"Answer: you said {found.get_answer_display().lower()} already.")
    found.answer, found.starts_at, found.answered_at = answer, meeting.starts_at, moment()
    found.save()
    current().about(found)
    return found
