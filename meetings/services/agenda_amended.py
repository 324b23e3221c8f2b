"""The agenda of a meeting in session is amended by a motion that carried, which each change cites."""

from audit.acts import record, service
from audit.workflow import next_state
from decisions.services.rules import RuleBroken, said
from governance.authority import moment, right_in_force
from governance.models import DecisionRight, Person, Practice
from meetings.choices import STANDING, Change, MotionKind, Purpose, Topic
from meetings.models import AgendaChange, AgendaItem, Meeting, Motion
from meetings.rules.tally import Result
from meetings.rules.workflow import ITEM, ItemEvent, MeetingState
from meetings.services.base import enter_meeting, item_at_hand, require_state
from meetings.services.drafts import forget_drafts
from meetings.services.room import call_next, require_votes


@service
def amend_agenda(
    *,
    actor: Person,
    motion: Motion,
    change: str,
    item: AgendaItem | None = None,
    title: str = "",
    place: int | None = None,
    purpose: str = Purpose.DISCUSSION,
    right: str = "",
) -> AgendaChange:
    """Add an item, take one off, or move one to another place (from 1), as a carried motion to amend the agenda says.

    A standing topic is never taken off: it is minuted or deferred. Raises AuthorityRefused, IllegalTransition,
    RuleBroken.
    """
    about = title or (item.title if item else "")
    meeting, _ = enter_meeting(actor, motion.meeting, "agenda.amended", attempted=about)
    require_state(meeting, MeetingState.IN_SESSION)
    motion = _carried(motion, meeting)
    if change not in Change:
        raise RuleBroken("change", f"Change: “{change}” is none of {', '.join(Change)}.")
    before = None
    if change == Change.ADD:
        item = _new(meeting, title, purpose, right)
    else:
        item = _on_agenda(meeting, item)
        before = item.position
    if change == Change.DROP:
        _drop(meeting, item)
        place = None
    else:
        place = _settle(meeting, item, place)
    return record(
        AgendaChange,
        motion=motion,
        item=item,
        change=change,
        place_before=before,
        place_after=place,
        changed_at=moment(),
    )


def _carried(motion: Motion, meeting: Meeting) -> Motion:
    motion = meeting.motions.get(pk=motion.pk)
    if motion.kind != MotionKind.AGENDA:
        raise RuleBroken("motion", f"Motion: motion {motion.number} is no motion to amend the agenda.")
    if motion.result != Result.CARRIED:
        now = motion.get_result_display() or "not voted on yet"
        raise RuleBroken("motion", f"Motion: motion {motion.number} is {now}; the agenda changes by a carried one.")
    return motion


def _on_agenda(meeting: Meeting, item: AgendaItem | None) -> AgendaItem:
    if item is None or item.meeting_id != meeting.pk:
        raise RuleBroken("item", "Item: name the item of this agenda.")
    return item_at_hand(item, meeting)


def _new(meeting: Meeting, title: str, purpose: str, right: str) -> AgendaItem:
    said(title=title)
    if purpose not in Purpose:
        raise RuleBroken("purpose", f"Purpose: an item is for {', '.join(Purpose)}, not “{purpose}”.")
    return AgendaItem(
        meeting=meeting,
        topic=Topic.OTHER,
        title=title.strip(),
        purpose=purpose,
        right=_deciding(meeting.practice, purpose, right),
    )


def _deciding(practice: Practice, purpose: str, code: str) -> DecisionRight | None:
    found = right_in_force(practice, code) if code else None
    if found is None and (code or purpose == Purpose.DECISION):
        raise RuleBroken(
            "right", "Right: an item for decision names the right of the catalogue under which it is decided."
        )
    return found


def _drop(meeting: Meeting, item: AgendaItem) -> None:
    if item.topic in STANDING and item.proposal_id is None and item.corrective_action_id is None:
        raise RuleBroken("item", f"Item: “{item.title}” is a standing topic; it is minuted, or deferred with a reason.")
    require_votes(item)
    if item.motions.exists() or item.item_decisions.exists() or item.item_actions.exists():
        raise RuleBroken("item", f"Item: “{item.title}” has been taken up; close it with what was considered.")
    item.state = next_state(ITEM, item.state, ItemEvent.DROP)
    item.save()
    forget_drafts(item)
    if meeting.current_item_id == item.pk:
        call_next(meeting, item)


def _settle(meeting: Meeting, item: AgendaItem, place: int | None) -> int:
    """Put the item at a place; the others close up around it."""
    others = [one for one in meeting.items.order_by("position") if one.pk != item.pk]
    last = len(others) + 1
    place = last if place is None else place
    if not 1 <= place <= last:
        raise RuleBroken("place", f"Place: the agenda has places 1 to {last}, not {place}.")
    others.insert(place - 1, item)
    for position, one in enumerate(others, start=1):
        if one.pk is None or one.position != position:
            one.position = position
            one.save()
    return place
