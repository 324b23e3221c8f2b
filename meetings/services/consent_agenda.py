"""The consent agenda in the room: taken by one carried motion; any member takes an item off it."""

from audit.acts import service
from audit.workflow import next_state
from decisions.services.rules import RuleBroken
from governance.models import Person
from meetings.choices import Role
from meetings.models import AgendaItem, Attendance, Motion
from meetings.rules.consent_agenda import consent_text
from meetings.rules.tally import Result
from meetings.rules.workflow import ITEM, ItemEvent, ItemState, MeetingState
from meetings.services.base import enter_meeting, item_at_hand, require_state
from meetings.services.room import call_next


@service
def take_off_consent(*, actor: Person, item: AgendaItem, member: Attendance) -> AgendaItem:
    """Record that a member wants an item considered by itself; nobody has to agree.

    Raises AuthorityRefused, RuleBroken.
    """
    meeting, _ = enter_meeting(
        actor, item.meeting, "consent.taken_off", attempted=item.title, reason=f"At the request of {member.name}."
    )
    require_state(meeting, MeetingState.IN_SESSION)
    item = item_at_hand(item, meeting)
    if not item.consent:
        raise RuleBroken("member", f"Item {item.position}, “{item.title}”, is not on the consent agenda.")
    if member.meeting_id != meeting.pk or member.role != Role.MEMBER:
        raise RuleBroken("member", f"Member: {member.name} is no member of this meeting.")
    if not member.presences.filter(left_at__isnull=True).exists():
        raise RuleBroken("member", f"Member: {member.name} is not in the meeting.")
    item.consent = False
    item.save()
    return item


@service
def take_consent(*, actor: Person, motion: Motion) -> list[AgendaItem]:
    """Handle every item on the consent agenda by the motion that carried and names exactly these.

    Refused while a member is recused from one of them: it is taken off first. Raises AuthorityRefused, RuleBroken.
    """
    meeting, _ = enter_meeting(actor, motion.meeting, "consent.taken", attempted=motion.text)
    require_state(meeting, MeetingState.IN_SESSION)
    motion = meeting.motions.get(pk=motion.pk)
    if motion.result != Result.CARRIED:
        raise RuleBroken("motion", f"Motion {motion.number} did not carry, so it takes no item.")
    items = list(meeting.items.filter(consent=True, state=ItemState.OPEN).order_by("position"))
    if motion.wording != consent_text(items):
        raise RuleBroken(
            "motion", f"Motion {motion.number} names other items than stand on the consent agenda now; move it anew."
        )
    for item in items:
        if recused := item.recusals.select_related("attendance").first():
            raise RuleBroken(
                "motion",
                f"{recused.attendance.name} is recused from item {item.position}, “{item.title}”; take it off first.",
            )
        if item.motions.filter(decided_at__isnull=True).exists():
            raise RuleBroken("motion", f"A motion on item {item.position}, “{item.title}”, is not voted on yet.")
        item.state = next_state(ITEM, item.state, ItemEvent.HANDLE)
        item.account = f"Taken on the consent agenda by motion {motion.number}, without discussion."
        item.save()
    call_next(meeting, items[-1])
    return items
